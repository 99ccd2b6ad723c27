//! Which hand-written vector code this processor can run.
//! It refuses to guess: what was not found is not offered.

use std::sync::OnceLock;

/// A set of vector instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// 512 bits with population counts of words and quadwords.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// 256 bits.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// 128 bits of ARM.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// What every processor has.
    Plain,
}

impl Path {
    /// The fastest that this processor has.
    pub fn best() -> Self {
        #[cfg(feature = "fuzzing")]
        if let Some(path) = TRIED.get() {
            return path;
        }
        static BEST: OnceLock<Path> = OnceLock::new();
        *BEST.get_or_init(|| Self::available()[0])
    }

    /// All that this processor has, fastest first.
    pub fn available() -> Vec<Self> {
        let mut paths = Vec::with_capacity(3);
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vpopcntdq")
                && is_x86_feature_detected!("avx512bitalg")
                && is_x86_feature_detected!("popcnt")
                && is_x86_feature_detected!("bmi1")
            {
                paths.push(Self::Avx512);
            }
            if is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("popcnt")
                && is_x86_feature_detected!("bmi1")
            {
                paths.push(Self::Avx2);
            }
        }
        #[cfg(target_arch = "aarch64")]
        paths.push(Self::Neon);
        paths.push(Self::Plain);
        paths
    }

    /// Does `work` as on a machine that has this one; it must stay on this thread.
    #[cfg(feature = "fuzzing")]
    pub fn trying<T>(self, work: impl FnOnce() -> T) -> T {
        TRIED.set(Some(self));
        let done = work();
        TRIED.set(None);
        done
    }
}

#[cfg(feature = "fuzzing")]
thread_local! {
    static TRIED: std::cell::Cell<Option<Path>> = const { std::cell::Cell::new(None) };
}
