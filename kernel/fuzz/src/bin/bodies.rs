#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_kernel::fuzzing;

fuzz_target!(|data: &[u8]| fuzzing::bodies(data));
