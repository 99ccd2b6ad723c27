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
