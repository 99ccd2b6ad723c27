"""The first inputs of each target: pictures of every kind, bodies, journals, mails; none is fetched.

It judges nothing; from these a fuzzer makes its own.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from archive_world import pdq, seen
from hostile_mails import PLAIN, mails
from kernel_jpeg_writer import jpeg_of
from kernel_samples import encoded, photograph, photograph_paths, png_of_rows
from vigie.matching.archive.records import JournalHeader, SeenSignal, frame, write_header

_SIDES = ((1, 1), (3, 8), (17, 9), (40, 64), (65, 63))
_SEED_BYTES_MAX = 16_384


def pictures() -> Iterator[bytes]:
    """JPEG, PNG, WebP and GIF in all their variants, small."""
    for path in photograph_paths()[:3]:
        for size in _SIDES:
            picture = photograph(path).resize(size)
            yield from _jpegs(picture)
            yield from _pngs(picture)
            yield from _others(picture)
    yield from _rare_pngs()
    yield from _rare_jpegs()


def bodies() -> Iterator[bytes]:
    """Multipart bodies with the boundary `heron`, plain and not."""
    part = b'--heron\r\nContent-Disposition: form-data; name="%s"%s\r\n%s\r\n%s\r\n'
    plain = part % (b"content", b"", b"", b'{"id":"p"}')
    file = part % (b"m1", b'; filename="a.jpg"', b"Content-Type: image/jpeg\r\n", b"\xff\xd8\xff\r\n--hero")
    odd = part % (b"m%22", b"; filename*=utf-8''a", b"X: y\r\n folded\r\n", b"")
    for pieces in ((plain,), (plain, file), (file, file), (odd, plain), (plain, odd, file)):
        yield b"".join(pieces) + b"--heron--\r\n"
        yield b"before\r\n" + b"".join(pieces) + b"--heron--\r\nafter"


def indexes() -> Iterator[bytes]:
    """Decisions at random, and a crowd that is merged, written, read and asked."""
    chance = random.Random(20261130)
    for _ in range(40):
        yield chance.randbytes(chance.choice([30, 90, 200]))
    insert, merge, snapshot = bytes([0, 255, 0, 1, 2, 9, 20]), bytes([3, 1, 1]), bytes([4])
    look = bytes([5, 2, 9, 20, 3, 31, 0, 0, 200])
    yield bytes([64]) + insert + insert.replace(b"\0\xff\0", b"\0\xff\xff") + merge + look + snapshot + look


def snapshots() -> Iterator[bytes]:
    """Changes of bytes here and there."""
    chance = random.Random(20261130)
    for _ in range(40):
        changes = [chance.randrange(4_000).to_bytes(2, "little") + chance.randbytes(2) for _ in range(3)]
        yield bytes([31]) + b"".join(changes)


def journals() -> Iterator[bytes]:
    """Journals as a process writes them."""
    uploads = [seen(name, pdq(bytes(32)), SeenSignal("text_sha256", bytes(32), "")) for name in ("p", "q")]
    header = write_header(JournalHeader(3, 0, 1_700_000_000_000_000))
    yield header
    yield header + b"".join(map(frame, uploads))
    yield header + frame(uploads[0])[:-4]


def orders() -> Iterator[bytes]:
    """Mails, forms in JSON and XML, and letters."""
    yield PLAIN
    yield from (raw for _, raw in mails())
    yield b'{"form":"annex_i","reference":"X-1","urls":["https://forum.example/p/1"],"legal_types":["a"]}'
    yield b"<order><reference>X-1</reference><url>https://forum.example/p/1</url></order>"
    yield b"Reference number of the removal order: X-1\nURL: https://forum.example/p/1\n[x] (a)\n"


def write_seeds(target: str, folder: Path) -> None:
    """The seeds of a target as files; large ones would only be slow."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(SEEDS[target]()):
        if len(data) <= _SEED_BYTES_MAX:
            (folder / f"seed-{number:04d}").write_bytes(data)


def _jpegs(picture: Image.Image) -> Iterator[bytes]:
    exif = Image.Exif()
    exif[0x0112] = 6
    for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
        yield encoded(picture, "JPEG", quality=70, subsampling=subsampling)
        yield encoded(picture, "JPEG", quality=70, subsampling=subsampling, progressive=True)
    yield encoded(picture, "JPEG", quality=95, restart_marker_blocks=1, exif=exif)
    yield encoded(picture, "JPEG", quality=30, restart_marker_rows=1, optimize=True)
    yield encoded(picture.convert("L"), "JPEG")
    yield encoded(picture.convert("L"), "JPEG", progressive=True)
    yield encoded(picture.convert("CMYK"), "JPEG")
    yield encoded(picture, "JPEG", quality=95)[:-40]


def _pngs(picture: Image.Image) -> Iterator[bytes]:
    for mode in ("RGB", "RGBA", "L", "LA", "1"):
        yield encoded(picture.convert(mode), "PNG")
    yield encoded(picture.quantize(16), "PNG", transparency=3)
    yield encoded(picture, "PNG", save_all=True, append_images=[picture.rotate(90)])


def _others(picture: Image.Image) -> Iterator[bytes]:
    turned = [picture.rotate(90), picture.rotate(180)]
    yield encoded(picture, "WEBP", quality=60)
    yield encoded(picture, "WEBP", lossless=True)
    yield encoded(picture.convert("RGBA"), "WEBP", quality=60)
    yield encoded(picture, "WEBP", save_all=True, append_images=turned)
    yield encoded(picture, "GIF")
    yield encoded(picture.quantize(8), "GIF", interlace=1, transparency=2)
    yield encoded(picture, "GIF", save_all=True, append_images=turned)


def _rare_pngs() -> Iterator[bytes]:
    chance = np.random.default_rng(20261130)
    for color, depths in ((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))):
        samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
        for depth in depths:
            rows = chance.integers(0, 2**depth, (13, 11, samples))
            for is_interlaced in (False, True):
                yield png_of_rows(
                    size=(11, 13), color=color, depth=depth, rows=rows, is_interlaced=is_interlaced
                )


def _rare_jpegs() -> Iterator[bytes]:
    ycc = np.asarray(photograph(photograph_paths()[0]).resize((43, 29)).convert("YCbCr"))
    for luma in ((1, 2), (4, 1), (2, 4), (3, 1)):
        for is_interleaved in (False, True):
            yield jpeg_of(ycc, samplings=[luma, (1, 1), (1, 1)], step=9, is_interleaved=is_interleaved)


SEEDS: Mapping[str, Callable[[], Iterator[bytes]]] = {
    "pictures": pictures,
    "bodies": bodies,
    "indexes": indexes,
    "snapshots": snapshots,
    "multipart": bodies,
    "journals": journals,
    "orders": orders,
}
