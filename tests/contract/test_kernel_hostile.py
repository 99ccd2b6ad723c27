"""Hostile bytes get an answer: signals or a refusal with a code, in time and within memory.

Every case runs in one child process under limits, so that a crash, a hang or a flood would show.
"""

import io
import json
import random
import struct
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypedDict

import pytest
from PIL import Image
from vigie_kernel import MediumRefused, hash_picture, hash_variants, render_picture

from kernel_samples import encoded, jpeg_segments, photograph, photograph_paths, png_chunk

CODES = {
    "empty",
    "too_many_bytes",
    "too_many_pixels",
    "unknown_format",
    "malformed",
    "unsupported",
    "timed_out",
}
PIXELS_MAX = 100_000_000
BYTES_MAX = 20 * 1024 * 1024

_CHILD = """
import json, resource, sys, time
from pathlib import Path
import vigie_kernel

folder, time_ms_max = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
limits = dict(bytes_max=20 << 20, pixels_max=100_000_000, time_ms_max=time_ms_max)
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
for path in sorted(folder.iterdir()):
    data = path.read_bytes()
    before, start = peak(), time.monotonic()
    try:
        answer = "hashed" if len(vigie_kernel.hash_picture(data, **limits).pdq) == 32 else "no hash"
    except vigie_kernel.MediumRefused as refusal:
        answer = refusal.code
    took_s = time.monotonic() - start
    try:
        vigie_kernel.pdq_picture(data, fidelity="fast", **limits)
    except vigie_kernel.MediumRefused:
        pass  # it need not look at colour, so it may also take what "full" refuses
    growth = peak() - before
    try:
        vigie_kernel.render_picture(data, side_px_max=64, style="veiled", **limits)
        rendered = "hashed"
    except vigie_kernel.MediumRefused as refusal:
        rendered = refusal.code
    print(json.dumps(dict(
        name=path.name, answer=answer, rendered=rendered, took_s=took_s, growth_bytes=growth
    )), flush=True)
"""


class Outcome(TypedDict):
    """What the child saw for one file."""

    name: str
    answer: str
    rendered: str
    took_s: float
    growth_bytes: int


def _outcomes(folder: Path, *, time_ms_max: int) -> list[Outcome]:
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(folder), str(time_ms_max)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    outcomes: list[Outcome] = [json.loads(line) for line in child.stdout.splitlines()]
    after = outcomes[-1]["name"] if outcomes else "the start"
    assert child.returncode == 0, f"the process died after {after}: {child.stderr[-2000:]}"
    return outcomes


def _whole_pictures() -> dict[str, bytes]:
    picture = photograph(photograph_paths()[0]).resize((160, 120))
    animation = [picture.rotate(90), picture.rotate(180)]
    exif = Image.Exif()
    exif[0x0112] = 6
    return {
        "baseline.jpg": encoded(picture, "JPEG", quality=70, exif=exif),
        "progressive.jpg": encoded(picture, "JPEG", quality=70, progressive=True),
        "restarts.jpg": encoded(picture, "JPEG", quality=70, restart_marker_blocks=3),
        "inks.jpg": encoded(picture.convert("CMYK"), "JPEG", quality=70),
        "colour.png": encoded(picture, "PNG", exif=exif),
        "palette.png": encoded(picture.quantize(16), "PNG"),
        "lossy.webp": encoded(picture, "WEBP", quality=60, exif=exif),
        "lossless.webp": encoded(picture, "WEBP", lossless=True),
        "animation.webp": encoded(picture, "WEBP", save_all=True, append_images=animation),
        "still.gif": encoded(picture, "GIF"),
        "animation.gif": encoded(picture, "GIF", save_all=True, append_images=animation),
    }


Change = Callable[[bytes, random.Random], bytes]


def _cut_off(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _bits_flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 2, 8, 64])):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _header_flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 3])):
        changed[rng.randrange(min(200, len(changed)))] = rng.choice(
            [0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)]
        )
    return bytes(changed)


def _piece_missing(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.choice([1, 4, 100, 1000]) :]


def _piece_twice(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.choice([1, 4, 100, 1000])]
    return data[:start] + piece * rng.choice([2, 9]) + data[start + len(piece) :]


def _noise_inside(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + rng.randbytes(rng.choice([1, 16, 500])) + data[start:]


def _other_start(data: bytes, rng: random.Random) -> bytes:
    starts = [
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\xff\xff\0\0WEBPVP8 ",
        b"GIF89a",
        b"BM",
        b"%PDF",
    ]
    return rng.choice(starts) + data[rng.randrange(16) :]


def _lengths_lie(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    size = rng.choice([2, 4])
    start = rng.randrange(max(1, len(changed) - size))
    changed[start : start + size] = rng.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"])[:size]
    return bytes(changed)


CHANGES: list[Change] = [
    _cut_off,
    _bits_flipped,
    _header_flipped,
    _piece_missing,
    _piece_twice,
    _noise_inside,
    _other_start,
    _lengths_lie,
]


def _damaged(rng: random.Random, *, rounds: int) -> Iterator[tuple[str, bytes]]:
    for name, data in _whole_pictures().items():
        for change in CHANGES:
            for number in range(rounds):
                kind = change.__name__.strip("_")
                yield f"{kind}-{number}-{name}", change(data, rng)


@pytest.mark.slow
def test_damaged_pictures_are_answered_in_time_and_within_memory(tmp_path: Path) -> None:
    names = set()
    for name, data in _damaged(random.Random(20261122), rounds=9):
        (tmp_path / name).write_bytes(data)
        names.add(name)
    outcomes = _outcomes(tmp_path, time_ms_max=4000)
    assert {outcome["name"] for outcome in outcomes} == names
    assert len(names) > 700
    for outcome in outcomes:
        assert outcome["answer"] in CODES | {"hashed"}, outcome
        assert outcome["rendered"] in CODES | {"hashed"}, outcome
        assert outcome["took_s"] < 5, outcome
    # A changed header may announce a large picture, which is allowed up to its limits.
    assert sum(outcome["growth_bytes"] for outcome in outcomes) < 900 << 20
    answers = Counter(outcome["answer"] for outcome in outcomes)
    assert min(answers["hashed"], answers["malformed"], answers["unknown_format"]) > 20, answers


def test_a_file_cut_off_anywhere_is_never_hashed_as_if_it_were_whole() -> None:
    for name, data in _whole_pictures().items():
        if name.startswith("animation"):
            continue  # the first frame may be complete long before the file ends
        for length in range(0, len(data) // 2, max(1, len(data) // 40)):
            with pytest.raises(MediumRefused) as refused:
                hash_picture(data[:length], bytes_max=BYTES_MAX, pixels_max=PIXELS_MAX, time_ms_max=4000)
            assert refused.value.code in {"empty", "malformed", "unknown_format"}


def _png(width: int, height: int, color: int, depth: int, packed: bytes, *more: bytes) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))
    rest = b"".join(more) + png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + rest


def _zeros_deflated(count: int) -> bytes:
    deflate = zlib.compressobj(1)
    block = bytes(1 << 20)
    parts = [deflate.compress(block) for _ in range(count >> 20)]
    return b"".join([*parts, deflate.compress(bytes(count & 0xFFFFF)), deflate.flush()])


def _jpeg_with_size(data: bytes, width: int, height: int) -> bytes:
    start = next(start for marker, start, _ in jpeg_segments(data) if marker in (0xC0, 0xC2))
    return data[: start + 5] + height.to_bytes(2) + width.to_bytes(2) + data[start + 9 :]


def _scan_bomb(side_px: int) -> bytes:
    flat = encoded(Image.new("L", (side_px, side_px), 90), "JPEG", progressive=True)
    segments = list(jpeg_segments(flat))
    scans = [(start, end) for marker, start, end in segments if marker == 0xDA]
    start, end = scans[-1]
    again = flat[start:end] * ((15 << 20) // (end - start))
    return flat[:end] + again + flat[end:]


def _gif(width: int, height: int, body: bytes) -> bytes:
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return b"GIF89a" + screen + b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + body


def _webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _vp8l_header(width: int, height: int) -> bytes:
    return b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)


def _bombs() -> dict[str, tuple[bytes, set[str]]]:
    small = Image.new("RGB", (32, 32), (10, 200, 90))
    jpeg = encoded(small, "JPEG")
    webp_canvas = b"\0\0\0\0" + b"\xff\xff\xff" * 2
    never_ending = b"".join(b"\xff" + bytes(255) for _ in range(2000)) + b"\0;"
    return {
        "no-bytes": (b"", {"empty"}),
        "text": (b"hello, world", {"unknown_format"}),
        "only-jpeg-start": (b"\xff\xd8\xff", {"malformed"}),
        "only-png-start": (b"\x89PNG\r\n\x1a\n", {"malformed"}),
        "only-webp-start": (b"RIFF\0\0\0\0WEBP", {"malformed"}),
        "only-gif-start": (b"GIF89a", {"malformed"}),
        "long-file": (jpeg + bytes(BYTES_MAX), {"too_many_bytes"}),
        "jpeg-65535": (_jpeg_with_size(jpeg, 65535, 65535), {"too_many_pixels"}),
        "jpeg-long-line": (_jpeg_with_size(jpeg, 65535, 1500), {"timed_out", "hashed"}),
        "jpeg-zero": (_jpeg_with_size(jpeg, 0, 10), {"malformed"}),
        "jpeg-progressive-99-mpx": (
            _jpeg_with_size(encoded(small, "JPEG", progressive=True), 9990, 9990),
            {"timed_out", "hashed"},
        ),
        "jpeg-scans": (_scan_bomb(3000), {"timed_out"}),
        "jpeg-markers": (b"\xff\xd8" + b"\xff\xfe\0\2" * (4 << 20), {"malformed", "timed_out"}),
        "jpeg-fill-bytes": (b"\xff\xd8" + b"\xff" * (15 << 20), {"malformed", "timed_out"}),
        "png-65535": (_png(65535, 65535, 6, 16, b""), {"too_many_pixels"}),
        "png-2-31": (_png(2**31 - 1, 2**31 - 1, 2, 8, b""), {"too_many_pixels"}),
        "png-one-long-line": (_png(99_000_000, 1, 6, 16, zlib.compress(b"")), {"too_many_pixels"}),
        "png-long-lines": (_png(1_000_000, 99, 6, 16, _zeros_deflated(60 << 20)), {"malformed", "timed_out"}),
        "png-zero": (_png(0, 5, 2, 8, zlib.compress(b"\0")), {"malformed"}),
        "png-90-mpx-of-zeros": (_png(30000, 3000, 6, 16, _zeros_deflated(3000 * 240_001)), {"timed_out", "hashed"}),
        "png-more-data-than-rows": (_png(8, 8, 0, 8, _zeros_deflated(200 << 20)), {"timed_out", "hashed"}),
        "png-text-bomb": (
            _png(1, 1, 0, 8, zlib.compress(b"\0\0"), png_chunk(b"zTXt", b"a\0\0" + _zeros_deflated(100 << 20))),
            {"hashed"},
        ),
        "png-profile-bomb": (
            _png(1, 1, 0, 8, zlib.compress(b"\0\0"), png_chunk(b"iCCP", b"a\0\0" + _zeros_deflated(100 << 20))),
            {"hashed"},
        ),
        "gif-65535": (_gif(65535, 65535, b"\2\2\x44\1\0;"), {"too_many_pixels"}),
        "gif-zero": (_gif(0, 0, b"\2\2\x44\1\0;"), {"malformed"}),
        "gif-no-codes": (_gif(9999, 9999, b"\x08\0;"), {"malformed"}),
        "gif-nonsense": (_gif(9999, 9999, b"\x08" + never_ending), {"malformed", "timed_out", "hashed"}),
        "gif-wrong-code-size": (_gif(99, 99, b"\x0f" + never_ending), {"malformed"}),
        "webp-huge-canvas": (_webp((b"VP8X", webp_canvas), (b"VP8L", _vp8l_header(9, 9))), {"too_many_pixels"}),
        "webp-16384": (_webp((b"VP8L", _vp8l_header(16384, 16384) + bytes(99))), {"too_many_pixels"}),
        "webp-99-mpx-of-nothing": (
            _webp((b"VP8L", _vp8l_header(9900, 9900) + bytes(9999))),
            {"malformed", "timed_out", "hashed"},
        ),
        "webp-lossy-99-mpx": (
            _webp((b"VP8 ", b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", 9900, 9900) + bytes(9999))),
            {"malformed", "timed_out"},
        ),
        "webp-zero": (_webp((b"VP8 ", b"\x10\0\0\x9d\x01\x2a\0\0\0\0" + bytes(99))), {"malformed"}),
        "webp-frame-outside": (
            _webp((b"VP8X", b"\2\0\0\0" + b"\x09\0\0" * 2), (b"ANMF", b"\xff" * 6 + b"\x08\0\0" * 2 + bytes(4)
                + b"VP8L" + struct.pack("<I", 40) + _vp8l_header(9, 9) + bytes(35))),
            {"malformed"},
        ),
    }  # fmt: skip


@pytest.mark.slow
def test_bombs_are_refused_in_time_and_within_memory(tmp_path: Path) -> None:
    bombs = _bombs()
    for name, (data, _) in bombs.items():
        (tmp_path / name).write_bytes(data)
    outcomes = _outcomes(tmp_path, time_ms_max=1500)
    assert len(outcomes) == len(bombs)
    for outcome in outcomes:
        expected = bombs[outcome["name"]][1]
        assert outcome["answer"] in expected, outcome
        assert outcome["took_s"] < 6, outcome
        assert outcome["growth_bytes"] < 700 << 20, outcome


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_a_large_picture_takes_little_memory(kind: str, tmp_path: Path) -> None:
    tile = photograph(photograph_paths()[-1]).resize((400, 400))
    large = Image.new("RGB", (6000, 5000))
    for y in range(0, 5000, 400):
        for x in range(0, 6000, 400):
            large.paste(tile, (x, y))
    options = {"JPEG": {"quality": 40}, "PNG": {"compress_level": 1}, "GIF": {}}[kind]
    held = io.BytesIO()
    (large.quantize(64) if kind == "GIF" else large).save(held, kind, **options)
    (tmp_path / "large").write_bytes(held.getvalue())
    (outcome,) = _outcomes(tmp_path, time_ms_max=60_000)
    assert outcome["answer"] == "hashed"
    # 30 Mpx are 90 MB as RGB: they are never in memory whole. (An interlaced file whose hash is in
    # doubt keeps its luma, four bytes a pixel.)
    assert outcome["growth_bytes"] < (150 << 20 if kind == "GIF" else 30 << 20)


def test_limits_are_checked_before_anything_is_decoded() -> None:
    data = encoded(Image.new("RGB", (100, 80)), "PNG")
    for bytes_max, pixels_max, code in (
        (len(data) - 1, 8000, "too_many_bytes"),
        (len(data), 7999, "too_many_pixels"),
    ):
        with pytest.raises(MediumRefused) as refused:
            hash_picture(data, bytes_max=bytes_max, pixels_max=pixels_max, time_ms_max=1000)
        assert refused.value.code == code
    assert hash_picture(data, bytes_max=len(data), pixels_max=8000, time_ms_max=1000).width_px == 100


@pytest.mark.parametrize("limit", ["bytes_max", "pixels_max", "time_ms_max"])
@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_under_one_is_a_mistake_of_the_caller(limit: str, value: int) -> None:
    limits = {"bytes_max": 1, "pixels_max": 1, "time_ms_max": 1} | {limit: value}
    with pytest.raises(ValueError, match=limit):
        hash_picture(b"x", fidelity="full", **limits)
    with pytest.raises(ValueError, match=limit):
        hash_variants(b"x", wanted="asked", **limits)
    with pytest.raises(ValueError, match=limit):
        render_picture(b"x", side_px_max=10, style="clear", **limits)
