//! The only place with `unsafe`: vector instructions, chosen at run time, each beside a plain reference.
//! It refuses to differ: every set of instructions gives the same answer, to the bit.

#![allow(unsafe_code)]

pub mod buffer;
pub mod color;
pub mod filter;
pub mod hamming;
pub mod idct;
mod levels;
pub mod map;
mod paths;
pub mod tags;

pub(crate) use levels::for_every_level;
pub use levels::{Level, Work, run_at};
pub use paths::Path;

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// Tests compare what the machine has; which that was, each run says, even if nothing fails.
    #[test]
    fn what_this_machine_lacks_is_told() {
        let levels: Vec<Level> = Level::all().collect();
        let lacking: Vec<Level> = [Level::Avx2, Level::Avx512]
            .into_iter()
            .filter(|level| cfg!(target_arch = "x86_64") && !levels.contains(level))
            .collect();
        let paths = Path::available();
        let told = format!("instructions compared: {paths:?}, {levels:?}; not here: {lacking:?}\n");
        // Not by a macro: what those print is kept back where tests succeed.
        std::io::stderr().write_all(told.as_bytes()).unwrap();
        assert!(levels.contains(&Level::Plain) && paths.contains(&Path::Plain));
        assert!(levels.contains(&Level::best()) && paths.contains(&Path::best()));
    }
}
