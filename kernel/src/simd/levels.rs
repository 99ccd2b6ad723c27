//! Loops that the compiler turns into vectors, built once for each set of instructions.
//! It refuses to be clever alone: every level gives the very results of the plain code.

/// Which vector instructions a loop may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    not(any(target_arch = "x86_64", test)),
    expect(dead_code, reason = "two of them are x86's")
)]
pub enum Level {
    /// Whatever the compiler may assume.
    Plain,
    /// x86 with 256-bit vectors.
    Avx2,
    /// x86 with 512-bit vectors of bytes and words.
    Avx512,
}

impl Level {
    /// The best of this machine.
    pub fn best() -> Self {
        #[cfg(any(test, feature = "fuzzing"))]
        if let Some(level) = TRIED.get() {
            return level;
        }
        Self::found()
    }

    fn found() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let has_avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512dq");
            let has_avx2 = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("lzcnt");
            if has_avx2 {
                return if has_avx512 { Self::Avx512 } else { Self::Avx2 };
            }
        }
        Self::Plain
    }

    /// Every level that this machine has, for tests of their equality.
    #[cfg(any(test, feature = "fuzzing"))]
    pub fn all() -> impl Iterator<Item = Self> {
        let levels = [Self::Plain, Self::Avx2, Self::Avx512];
        levels.into_iter().filter(|level| *level <= Self::found())
    }

    /// Does `work` as on a machine that has this level at most; it must stay on this thread.
    #[cfg(any(test, feature = "fuzzing"))]
    pub fn trying<T>(self, work: impl FnOnce() -> T) -> T {
        TRIED.set(Some(self));
        let done = work();
        TRIED.set(None);
        done
    }
}

#[cfg(any(test, feature = "fuzzing"))]
thread_local! {
    static TRIED: std::cell::Cell<Option<Level>> = const { std::cell::Cell::new(None) };
}

/// Work whose loops do not vectorize but gain from newer instructions on single words.
pub trait Work {
    /// What comes of it.
    type Outcome;
    /// Does it; has to be inlined, or it is built without those instructions.
    fn run(self) -> Self::Outcome;
}

/// Runs work built for a level.
pub fn run_at<W: Work>(level: Level, work: W) -> W::Outcome {
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
    fn newer<W: Work>(work: W) -> W::Outcome {
        work.run()
    }

    match level {
        // SAFETY: `Level::best` found these instructions before it gave these levels.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 | Level::Avx512 => unsafe { newer(work) },
        _ => work.run(),
    }
}

/// Builds one safe body for every level, and the function that calls the build for its first
/// argument. The compiler makes the vectors; no build may change what is computed, since Rust
/// neither reorders nor joins floating-point operations.
macro_rules! for_every_level {
    ($(#[$about:meta])* $name:ident ($($arg:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$about])*
        pub fn $name(level: $crate::simd::Level, $($arg: $type),*) {
            #[inline(always)]
            fn body($($arg: $type),*) $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            fn avx2($($arg: $type),*) { body($($arg),*) }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512dq")]
            fn avx512($($arg: $type),*) { body($($arg),*) }

            match level {
                $crate::simd::Level::Plain => body($($arg),*),
                // SAFETY: `Level::best` found these instructions before it gave these levels.
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Level::Avx2 => unsafe { avx2($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Level::Avx512 => unsafe { avx512($($arg),*) },
                #[cfg(not(target_arch = "x86_64"))]
                _ => body($($arg),*),
            }
        }
    };
}
pub(crate) use for_every_level;
