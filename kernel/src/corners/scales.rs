//! A plane at several sizes, smoothed, and where each is strongest curved both ways.
//! It refuses to look near its edges, where a corner's surroundings would reach out of the picture.

/// Pixels from the edge that no corner is nearer to.
pub const EDGE_PX: usize = 16;
/// A smoothed value is a sum over as many pixels each way.
const SMOOTH_PX: usize = 5;
/// Curvature is taken over as many pixels each way.
const STEP_PX: usize = 2;
/// Less curved places are noise of a flat picture.
const CURVED_MIN: f32 = 1_500.0;
/// Whole, two thirds, a half, a third, a quarter, a sixth.
pub const SCALES: usize = 6;
const SHRUNK: [f32; SCALES] = [1.0, 1.5, 2.0, 3.0, 4.0, 6.0];

/// The plane at one size.
pub struct Scale {
    /// Which of all sizes, the finest first.
    pub number: u8,
    /// Pixels of a row.
    pub width: usize,
    height: usize,
    /// Sums of luma over five by five pixels, row by row; zero within two pixels of the edge.
    pub smooth: Vec<i16>,
    weight: usize,
}

/// How many pixels of the plane are one of this size.
pub fn shrunk(number: u8) -> f32 {
    SHRUNK[usize::from(number) % SCALES]
}

struct Grey {
    width: usize,
    height: usize,
    values: Vec<u8>,
}

/// All sizes that are large enough.
#[inline(always)]
pub fn of(values: &[u8], width: usize, height: usize) -> Vec<Scale> {
    let whole = Grey { width, height, values: values.to_vec() };
    let thirds = two_thirds(&whole);
    let mut greys = vec![whole, thirds];
    for at in 0..SCALES - 2 {
        let next = halved(&greys[at]);
        greys.push(next);
    }
    greys
        .iter()
        .enumerate()
        .filter(|(_, one)| one.width > 2 * EDGE_PX + 2 && one.height > 2 * EDGE_PX + 2)
        .map(|(number, one)| Scale::of(one, number as u8))
        .collect()
}

#[inline(always)]
fn halved(grey: &Grey) -> Grey {
    let (width, height) = (grey.width / 2, grey.height / 2);
    let mut values = Vec::with_capacity(width * height);
    for y in 0..height {
        let upper = &grey.values[2 * y * grey.width..][..2 * width];
        let lower = &grey.values[(2 * y + 1) * grey.width..][..2 * width];
        values.extend(upper.chunks_exact(2).zip(lower.chunks_exact(2)).map(|(up, low)| {
            let sum = u16::from(up[0]) + u16::from(up[1]) + u16::from(low[0]) + u16::from(low[1]);
            ((sum + 2) >> 2) as u8
        }));
    }
    Grey { width, height, values }
}

/// Of three pixels two, in both directions.
#[inline(always)]
fn two_thirds(grey: &Grey) -> Grey {
    let (width, height) = (grey.width / 3 * 2, grey.height / 3 * 2);
    let mut values = Vec::with_capacity(width * height);
    let mut mixed = vec![0_u16; grey.width];
    for y in 0..height {
        let first = &grey.values[(y / 2 * 3 + y % 2) * grey.width..][..grey.width];
        let second = &grey.values[(y / 2 * 3 + y % 2 + 1) * grey.width..][..grey.width];
        let (more, less) = if y % 2 == 0 { (2, 1) } else { (1, 2) };
        for (sum, (up, low)) in mixed.iter_mut().zip(first.iter().zip(second)) {
            *sum = more * u16::from(*up) + less * u16::from(*low);
        }
        for three in mixed.chunks_exact(3) {
            values.push(((2 * three[0] + three[1]) / 9) as u8);
            values.push(((three[1] + 2 * three[2]) / 9) as u8);
        }
    }
    Grey { width, height, values }
}

impl Scale {
    #[inline(always)]
    fn of(grey: &Grey, number: u8) -> Self {
        let (width, height) = (grey.width, grey.height);
        let mut smooth = vec![0_i16; width * height];
        let mut columns = vec![0_u16; width];
        let reach = SMOOTH_PX / 2;
        for y in reach..height - reach {
            let row = |at: usize| &grey.values[(y + at - reach) * width..][..width];
            let rows = [row(0), row(1), row(2), row(3), row(4)];
            let outer = rows[0].iter().zip(rows[1]).zip(rows[3].iter().zip(rows[4]));
            for (sum, (((a, b), (d, e)), c)) in columns.iter_mut().zip(outer.zip(rows[2])) {
                let [a, b, c, d, e] = [a, b, c, d, e].map(|value| u16::from(*value));
                *sum = a.wrapping_add(b).wrapping_add(c).wrapping_add(d).wrapping_add(e);
            }
            let line = &mut smooth[y * width + reach..][..width - 2 * reach];
            for (value, five) in line.iter_mut().zip(columns.windows(SMOOTH_PX)) {
                *value = five.iter().fold(0, |sum: u16, one| sum.wrapping_add(*one)) as i16;
            }
        }
        Self { number, width, height, smooth, weight: width + height }
    }

    /// Where a place of this size lies in the plane, in its pixels.
    pub fn in_plane(&self, place: usize) -> (u16, u16) {
        let shrunk = shrunk(self.number);
        let of = |at: usize| ((at as f32 + 0.5) * shrunk) as u16;
        (of(place % self.width), of(place / self.width))
    }

    /// Its share of all corners.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// The places of at most `most` corners, the strongest curved first.
    #[inline(always)]
    pub fn strongest(&self, most: usize) -> Vec<usize> {
        let (width, height) = (self.width, self.height);
        let across = width - 2 * EDGE_PX + 2;
        let (first_y, last_y) = (EDGE_PX - 1, height - EDGE_PX);
        let mut curved = vec![0_f32; across * (last_y - first_y + 1)];
        for (y, line) in (first_y..=last_y).zip(curved.chunks_exact_mut(across)) {
            self.curvatures(y * width + EDGE_PX - 1, line);
        }
        let mut found: Vec<(f32, usize)> = Vec::new();
        for y in 1..last_y - first_y {
            let [above, here, below] =
                [y - 1, y, y + 1].map(|row| &curved[row * across..][..across]);
            for x in 1..across - 1 {
                let value = here[x];
                if value < CURVED_MIN || value <= here[x - 1] || value < here[x + 1] {
                    continue;
                }
                let is_highest = above[x - 1..=x + 1].iter().all(|one| value > *one)
                    && below[x - 1..=x + 1].iter().all(|one| value >= *one);
                if is_highest {
                    found.push((value, (first_y + y) * width + EDGE_PX - 1 + x));
                }
            }
        }
        let by_strength = |one: &(f32, usize), other: &(f32, usize)| {
            other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
        };
        if found.len() > most {
            found.select_nth_unstable_by(most, by_strength);
            found.truncate(most);
        }
        found.sort_unstable_by(by_strength);
        found.into_iter().map(|(_, place)| place).collect()
    }

    /// How strongly curved both ways each place of a line is that begins at `start`.
    #[inline(always)]
    fn curvatures(&self, start: usize, line: &mut [f32]) {
        let count = line.len();
        let row = |at: usize| &self.smooth[at..][..count];
        let down = STEP_PX * self.width;
        let (here, left, right) = (row(start), row(start - STEP_PX), row(start + STEP_PX));
        let (up, low) = (row(start - down), row(start + down));
        let (up_left, up_right) = (row(start - down - STEP_PX), row(start - down + STEP_PX));
        let (low_left, low_right) = (row(start + down - STEP_PX), row(start + down + STEP_PX));
        for x in 0..count {
            let twice = 2.0 * f32::from(here[x]);
            let across = f32::from(left[x]) + f32::from(right[x]) - twice;
            let along = f32::from(up[x]) + f32::from(low[x]) - twice;
            let slant = f32::from(up_left[x]) + f32::from(low_right[x])
                - f32::from(up_right[x])
                - f32::from(low_left[x]);
            line[x] = across * along - slant * slant * 0.0625;
        }
    }
}
