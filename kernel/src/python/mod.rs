//! The face towards Python: checks shapes, releases the GIL, turns refusals into exceptions.
//! It refuses to compute anything itself.

pub mod corners;
pub mod index;
pub mod multipart;
pub mod pictures;
pub mod scanning;
mod shapes;
pub mod variants;
