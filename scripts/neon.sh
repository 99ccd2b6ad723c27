#!/usr/bin/env bash
# Builds the kernel for 64-bit ARM and runs its tests there, emulated: the same hashes and matches with NEON as
# elsewhere. It measures no speed, which an emulator does not have, and installs nothing with apt by itself.
set -euo pipefail
cd "$(dirname "$0")/.."

target=aarch64-unknown-linux-gnu
missing=()
command -v aarch64-linux-gnu-gcc >/dev/null || missing+=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
command -v qemu-aarch64-static >/dev/null || missing+=(qemu-user-static)
if [ ${#missing[@]} -gt 0 ]; then
    echo "Missing: ${missing[*]}. Debian, Ubuntu: apt install ${missing[*]}." >&2
    exit 1
fi
if ! [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
    rustup target add "$target" || {
        echo "Rust's standard library for $target is missing; rustup brings it: rustup target add $target." >&2
        exit 1
    }
fi

# No test calls Python, so nothing of it is linked, as in the wheel: no Python for ARM is needed.
export PYO3_NO_PYTHON=1
export CARGO_TARGET_DIR=kernel/target/neon
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64-static -L /usr/aarch64-linux-gnu"
kernel=(--locked --manifest-path kernel/Cargo.toml --target "$target" --lib --features extension-module)
cargo clippy --quiet "${kernel[@]}" -- -D warnings
cargo test --quiet "${kernel[@]}" "$@"
