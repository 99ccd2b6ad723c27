"""Five hundred malformed pictures: each gets a clear refusal or quarantine, and nobody dies of it."""

import base64
import io
import random
import struct
import zlib
from collections import Counter
from collections.abc import Iterator

import httpx
import psutil
import pytest

from pictures import as_bytes, picture
from running import RunningVigie, StartVigie
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.platforms.service import add_platform

SEED = 20_261_122
MEMORY_BYTES_MAX = 1_200_000_000
KINDS = ("JPEG", "PNG", "WEBP", "GIF")


def malformed() -> Iterator[tuple[str, bytes]]:
    """(name, bytes): 500 of them, the same ones each time."""
    chance = random.Random(SEED)
    good = {kind: as_bytes(picture(7), kind) for kind in KINDS}
    for kind, data in good.items():
        for number in range(45):
            yield f"{kind} truncated {number}", data[: chance.randrange(1, len(data) - 1)]
        for number in range(60):
            broken = bytearray(data)
            for _ in range(chance.choice((1, 4, 64, 512))):
                broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
            yield f"{kind} bits flipped {number}", bytes(broken)
        for number in range(8):
            head = data[: chance.randrange(4, 64)]
            yield f"{kind} head and noise {number}", head + chance.randbytes(chance.randrange(0, 5_000))
    for number in range(30):
        yield f"noise {number}", chance.randbytes(chance.randrange(1, 4_000))
    yield from bombs()
    yield from wrong_types()


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that promise, or unpack to, something huge."""
    for width, height in ((65_535, 65_535), (100_000, 100_000), (2**31 - 1, 2), (0, 0), (1, 2**31 - 1)):
        yield f"PNG of {width}x{height}", png(width, height, zlib.compress(bytes(1_000)))
        jpeg = bytearray(as_bytes(picture(7), "JPEG"))
        at = jpeg.index(b"\xff\xc0") + 5
        jpeg[at : at + 4] = struct.pack(">HH", height & 0xFFFF, width & 0xFFFF)
        yield f"JPEG of {width}x{height}", bytes(jpeg)
        gif = bytearray(as_bytes(picture(7), "GIF"))
        gif[6:10] = struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)
        yield f"GIF of {width}x{height}", bytes(gif)
    yield "PNG zlib bomb", png(10_000, 10_000, zlib.compress(bytes(300_000_000), 9))


def wrong_types() -> Iterator[tuple[str, bytes]]:
    """Files that are something else."""
    yield "HTML", b"<html><script>alert(1)</script></html>"
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    yield "PDF", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
    yield "ZIP", b"PK\x03\x04" + bytes(60)
    yield "ELF", b"\x7fELF" + bytes(60)
    yield "BMP", as_image("BMP")
    yield "TIFF", as_image("TIFF")
    yield "one byte", b"\xff"
    yield "zero size", b""


def as_image(kind: str) -> bytes:
    """A picture of a kind that is not taken."""
    held = io.BytesIO()
    picture(7, width_px=64, height_px=64).save(held, kind)
    return held.getvalue()


def png(width: int, height: int, body: bytes) -> bytes:
    """A PNG with this header and this data."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.timeout(600)
def test_malformed_pictures_are_refused_or_quarantined_and_no_process_dies(
    vigie_starter: StartVigie,
) -> None:
    vigie: RunningVigie = vigie_starter()
    with vigie.domain():
        add_platform(name="hostile", title="Hostile", url="", actor=COMMAND_LINE, settings=current())
    token = vigie.token("content:write", platform="hostile")
    before = vigie.pids()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=vigie.url, headers=headers, timeout=60) as lane:
        outcomes, peak_bytes = ask_about_all(vigie, lane)
    assert vigie.pids() == before, "a process died"
    assert peak_bytes < MEMORY_BYTES_MAX, peak_bytes
    print(f"peak {peak_bytes / 1e6:.0f} MB, {dict(outcomes)}")


def ask_about_all(vigie: RunningVigie, lane: httpx.Client) -> tuple[Counter[str], int]:
    """What became of each file, and the most memory that an API process had, bytes."""
    outcomes: Counter[str] = Counter()
    peak_bytes = 0
    files = list(malformed())
    assert len(files) >= 500
    for number, (name, data) in enumerate(files):
        hashed = lane.post("/v1/hash", content=data, headers={"Content-Type": "application/octet-stream"})
        assert hashed.status_code in (200, 413, 422), (name, hashed.status_code, hashed.text)
        if hashed.status_code != 200:
            assert hashed.json()["code"].startswith("medium_"), (name, hashed.text)
        medium = {"id": "m", "content": base64.b64encode(data).decode()}
        asked = lane.post("/v1/content", json={"id": f"h{number}", "media": [medium]})
        if asked.status_code == 200:
            quarantined = asked.json()["quarantined"]
            assert bool(quarantined) == (hashed.status_code != 200), (name, asked.text, hashed.text)
            assert asked.json()["verdict"] == ("review" if quarantined else "allow"), (name, asked.text)
            outcomes[quarantined[0]["code"] if quarantined else "readable after all"] += 1
        else:
            assert asked.status_code in (413, 422), (name, asked.status_code, asked.text)
            outcomes[f"{asked.status_code} {asked.json()['code']}"] += 1
        for pid in vigie.pids()["api_workers"]:
            peak_bytes = max(peak_bytes, psutil.Process(pid).memory_info().rss)
    assert lane.post("/v1/hash", content=as_bytes(picture(7))).status_code == 200
    return outcomes, peak_bytes
