//! Which entries have corners in common with a picture that lie alike in both.
//! It refuses to change: entries that come or go make a new one.

use super::pattern::WAYS;
use super::scales::shrunk;
use super::{Banked, CornerWords, Spot, WORD_MASK, WORDS};

/// Entries that share most words are looked at more closely, so many.
const CLOSELY: usize = 12;
/// And so many pairs of corners of each.
const PAIRS_MAX: usize = 300;
/// Differences of angles are first counted in as many sectors.
const SECTORS: usize = 16;
/// Codes of a pair differ by at most so many of eighty bits.
const BITS_APART_MAX: u32 = 18;
/// Pairs agree on a place when they put it this near, in pixels of the plane, or within this share of how far
/// they reach.
const NEAR_PX: f32 = 12.0;
const NEAR_SHARE: f32 = 0.2;
/// On a turn, when they differ by as many of 64.
const TURN_APART_MAX: u8 = 4;
/// On a size, when one is at most so many times the other.
const SIZE_APART_MAX: f32 = 1.6;

/// The words of many entries, each with the corners that have it.
pub struct WordIndex {
    entries: usize,
    /// A word's row is that of its upper bits.
    row_shift: u32,
    rows: Vec<u32>,
    cells: Vec<Cell>,
    corners: Vec<Owned>,
}

/// A corner of an entry.
#[derive(Clone, Copy)]
struct Owned {
    corner: Banked,
    entry: u32,
}

#[derive(Clone, Copy)]
struct Cell {
    word: u32,
    corner: u32,
}

/// A corner of the picture, and one of an entry that has a word of it.
#[derive(Clone, Copy)]
struct Pair {
    asked: u16,
    sector: u8,
    corner: u32,
}

/// An entry that shares so many corners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// Its place among those that the index was made of.
    pub entry: u32,
    /// Corners of the picture that lie alike in both.
    pub votes: u32,
}

impl WordIndex {
    /// Of the corners of each entry.
    pub fn of(entries: &[Vec<Banked>]) -> Self {
        let corners = || entries.iter().flatten();
        let count = corners().count() * WORDS;
        let row_bits = count.max(2).ilog2().min(WORD_MASK.count_ones());
        let row_shift = WORD_MASK.count_ones() - row_bits;
        let mut rows = vec![0_u32; (1 << row_bits) + 1];
        for word in corners().flat_map(|corner| corner.words) {
            rows[(word >> row_shift) as usize + 1] += 1;
        }
        let mut sum = 0;
        for row in &mut rows {
            sum += *row;
            *row = sum;
        }
        let mut next = rows.clone();
        let mut cells = vec![Cell { word: 0, corner: 0 }; count];
        for (number, corner) in corners().enumerate() {
            for word in corner.words {
                let place = &mut next[(word >> row_shift) as usize];
                cells[*place as usize] = Cell { word, corner: number as u32 };
                *place += 1;
            }
        }
        let owned = entries.iter().zip(0..).flat_map(|(one, entry)| {
            one.iter().map(move |corner| Owned { corner: *corner, entry })
        });
        Self { entries: entries.len(), row_shift, rows, cells, corners: owned.collect() }
    }

    /// Bytes that it holds.
    pub fn bytes_held(&self) -> usize {
        size_of_val(&*self.rows) + size_of_val(&*self.cells) + size_of_val(&*self.corners)
    }

    /// The entries with `votes_min` corners or more, most first, then by place. A word that more than
    /// `owners_max` corners have tells nothing.
    pub fn shared(&self, asked: &[CornerWords], votes_min: u32, owners_max: usize) -> Vec<Shared> {
        let (pairs, votes) = self.pairs(asked, owners_max);
        let mut most: Vec<(u16, u32, u8)> = votes
            .chunks_exact(SECTORS)
            .zip(0..)
            .filter_map(|(sectors, entry)| {
                let sum = |at: usize| sectors[at] + sectors[(at + 1) % SECTORS];
                let best = (0..SECTORS).max_by_key(|at| sum(*at)).unwrap_or(0);
                (u32::from(sum(best)) >= votes_min).then_some((sum(best), entry, best as u8))
            })
            .collect();
        most.sort_unstable_by_key(|(votes, entry, _)| (std::cmp::Reverse(*votes), *entry));
        most.truncate(CLOSELY);
        let mut place_of = vec![u8::MAX; self.entries];
        for (place, (_, entry, _)) in (0..).zip(&most) {
            place_of[*entry as usize] = place;
        }
        let mut own: Vec<Vec<Pair>> = vec![Vec::new(); most.len()];
        for pair in &pairs {
            let place = usize::from(place_of[self.corners[pair.corner as usize].entry as usize]);
            let Some(of_entry) = own.get_mut(place) else { continue };
            let sector = most[place].2;
            let turns_alike = pair.sector == sector || pair.sector == (sector + 1) % SECTORS as u8;
            let is_known = |known: &Pair| known.asked == pair.asked && known.corner == pair.corner;
            if turns_alike
                && of_entry.len() < PAIRS_MAX
                && !of_entry.iter().rev().take(WORDS).any(is_known)
            {
                of_entry.push(*pair);
            }
        }
        let mut found: Vec<Shared> = most
            .iter()
            .zip(&own)
            .map(|((_, entry, _), own)| Shared { entry: *entry, votes: self.agreeing(asked, own) })
            .collect();
        found.retain(|one| one.votes >= votes_min);
        found.sort_unstable_by_key(|one| (std::cmp::Reverse(one.votes), one.entry));
        found
    }

    /// Pairs of corners that look alike, and for each entry how many corners, by difference of angle.
    fn pairs(&self, asked: &[CornerWords], owners_max: usize) -> (Vec<Pair>, Vec<u16>) {
        let mut votes = vec![0_u16; self.entries * SECTORS];
        let mut voted = vec![u16::MAX; self.entries * SECTORS];
        let mut pairs = Vec::new();
        for (corner, number) in asked.iter().zip(0_u16..) {
            for word in corner.words.iter().flatten() {
                let row = (word >> self.row_shift) as usize;
                let cells = &self.cells[self.rows[row] as usize..self.rows[row + 1] as usize];
                let same = || cells.iter().filter(|cell| cell.word == *word);
                if same().count() > owners_max {
                    continue;
                }
                for cell in same() {
                    let known = &self.corners[cell.corner as usize];
                    let words = corner.words.iter().zip(known.corner.words);
                    let bits: u32 = words.map(|(one, other)| (one[0] ^ other).count_ones()).sum();
                    if bits > BITS_APART_MAX {
                        continue;
                    }
                    let turned = usize::from(turn(corner.spot, known.corner.spot));
                    let sector = turned * SECTORS / usize::from(WAYS);
                    pairs.push(Pair { asked: number, sector: sector as u8, corner: cell.corner });
                    let at = known.entry as usize * SECTORS + sector;
                    if voted[at] != number {
                        voted[at] = number;
                        votes[at] += 1;
                    }
                }
            }
        }
        (pairs, votes)
    }

    /// How many corners of the picture agree with one pair on how the entry lies in it.
    fn agreeing(&self, asked: &[CornerWords], pairs: &[Pair]) -> u32 {
        let lies: Vec<(u16, Lie)> = pairs
            .iter()
            .map(|pair| {
                let here = asked[usize::from(pair.asked)].spot;
                (pair.asked, Lie::of(self.corners[pair.corner as usize].corner.spot, here))
            })
            .collect();
        let count = |wanted: &Lie| {
            let (mut agree, mut last) = (0, u16::MAX);
            for (corner, lie) in &lies {
                if *corner != last && wanted.agrees(lie) {
                    last = *corner;
                    agree += 1;
                }
            }
            agree
        };
        lies.iter().map(|(_, lie)| count(lie)).max().unwrap_or(0)
    }
}

/// How an entry lies in a picture, by one corner of both.
struct Lie {
    turn: u8,
    size: f32,
    /// Where the corner is in the entry, from where it is in the picture.
    there: (f32, f32),
    here: (f32, f32),
    sine: f32,
    cosine: f32,
}

impl Lie {
    fn of(entry: Spot, picture: Spot) -> Self {
        let turn = turn(picture, entry);
        let (sine, cosine) = (f32::from(turn) * std::f32::consts::TAU / f32::from(WAYS)).sin_cos();
        let place = |spot: Spot| (f32::from(spot.x), f32::from(spot.y));
        let size = shrunk(picture.scale) / shrunk(entry.scale);
        Self { turn, size, there: place(entry), here: place(picture), sine, cosine }
    }

    /// Whether the other corner lies where this one says, turned and as large as it.
    fn agrees(&self, other: &Self) -> bool {
        let apart = self.turn.abs_diff(other.turn);
        if apart.min(WAYS - apart) > TURN_APART_MAX {
            return false;
        }
        let larger = (self.size / other.size).max(other.size / self.size);
        if larger > SIZE_APART_MAX {
            return false;
        }
        let (x, y) = (other.there.0 - self.there.0, other.there.1 - self.there.1);
        let across = (self.cosine * x - self.sine * y) * self.size;
        let down = (self.sine * x + self.cosine * y) * self.size;
        let (off_x, off_y) =
            (other.here.0 - self.here.0 - across, other.here.1 - self.here.1 - down);
        let near = NEAR_PX + NEAR_SHARE * (across.abs() + down.abs());
        off_x * off_x + off_y * off_y <= near * near
    }
}

/// By how much the picture's corner is turned against the entry's, 0..64.
fn turn(picture: Spot, entry: Spot) -> u8 {
    (picture.angle + WAYS - entry.angle) % WAYS
}
