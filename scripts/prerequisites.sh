#!/usr/bin/env bash
# Looks for what must be on the machine and prints the Python to use; says in one line each what is missing and
# how to get it. It installs nothing.
set -euo pipefail

missing=0
say() {
    echo "$1" >&2
    missing=1
}

python=""
for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "Python 3.11 or later is missing. Debian, Ubuntu: apt install python3 python3-venv. Else: python.org, or PYTHON=/its/path make ..."
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    say "Python's venv module is missing. Debian, Ubuntu: apt install python3-venv."
fi

rust_min=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' kernel/Cargo.toml)
if ! command -v cargo >/dev/null; then
    say "The Rust toolchain (cargo) is missing. Install it with rustup from rust-lang.org, version $rust_min or later."
else
    rust=$(cargo --version | cut -d' ' -f2)
    if [ "$(printf '%s\n%s\n' "$rust_min" "$rust" | sort -V | head -n1)" != "$rust_min" ]; then
        say "cargo is $rust; the kernel needs $rust_min or later. Update it: rustup update stable."
    fi
fi
command -v cc >/dev/null || say "A C linker (cc) is missing; Rust needs one. Debian, Ubuntu: apt install gcc libc6-dev."
command -v git >/dev/null || say "git is missing. Debian, Ubuntu: apt install git."

[ "$missing" = 0 ] || exit 1
echo "$python"
