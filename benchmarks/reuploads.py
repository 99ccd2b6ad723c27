"""The re-upload table: forty different photographs, banked, then posted again after twelve edits.

Everything goes through a running Vigie: photographs are banked and confirmed as people do it, and each edited file
is asked about at `POST /v1/content`. The same files are hashed with pdqhash, the peer, for comparison. It writes
benchmarks/results/reuploads.json and docs/reference/reuploads.md; exit status 1 if different photographs match.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pdqhash
import psutil
from benchmarks.forty_photographs import WANTED, candidates, missing
from benchmarks.reuploads_page import page
from PIL import Image
from rich.console import Console
from rich.progress import track

from vigie.cli.connection import use_database
from vigie.demo import edits
from vigie.demo.folder import fresh
from vigie.demo.photographs import Photograph
from vigie.demo.processes import Processes, free_port, wait_for
from vigie.foundation.clock import monotonic_s, now
from vigie.foundation.settings import Settings
from vigie.signals.media import MediumLimits, hash_medium

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "reuploads.json"
PAGE = ROOT / "docs" / "reference" / "reuploads.md"
ARCHIVES = ROOT / ".state" / "photographs"
SHARED = ROOT.parent / "shared" / "data" / "pdq"
SEED = 20261122
DISTANCE_BITS_MAX = 31
QUALITY_MIN = 50
BANK = "forty"
PLATFORM = "reuploads"
_LIVE_S_MAX = 30.0

Edit = Callable[[bytes, int], bytes]


def _seedless(edit: Callable[[bytes], bytes]) -> Edit:
    return lambda data, seed: edit(data)


# Every edit but the format change is saved as JPEG of quality 90, as phones and forums do.
EDITS: dict[str, Edit] = {
    "JPEG quality 30": _seedless(partial(edits.recompressed, quality=30)),
    "resize to 25 %": _seedless(partial(edits.resized, percent=25)),
    "resize to 200 %": _seedless(partial(edits.resized, percent=200)),
    "grey": _seedless(edits.greyed),
    "blur 1 px": _seedless(partial(edits.blurred, radius_px=1)),
    "brightness +20 %": _seedless(partial(edits.brightened, percent=20)),
    "brightness -20 %": _seedless(partial(edits.brightened, percent=-20)),
    "crop 3 %": _seedless(partial(edits.cropped, percent=3)),
    "caption bar 8 %": _seedless(partial(edits.captioned, percent=8)),
    "watermark": _seedless(partial(edits.watermarked, opacity_percent=35)),
    "WebP quality 80": _seedless(partial(edits.as_webp, quality=80)),
    "noise sigma 15": lambda data, seed: edits.noisy(data, sigma=15, seed=seed),
}


@dataclass(frozen=True)
class Hashed:
    """A PDQ hash as a number, and its quality."""

    bits: int
    quality: int

    def to(self, other: "Hashed") -> int:
        """Distance in bits."""
        return (self.bits ^ other.bits).bit_count()


@dataclass(frozen=True)
class Upload:
    """One edited file and what became of it. Distances are to the photograph it comes from."""

    photograph: int
    edit: str
    verdict: str
    found: bool
    others: int
    hashed: Hashed
    peer: Hashed
    took_ms: float


@dataclass(frozen=True)
class Row:
    """One edit: how many were found and how far they were, with Vigie and with the peer."""

    edit: str
    uploads: int
    found: int
    recall: float
    removed: int
    distance_bits_median: float
    peer_recall: float
    peer_distance_bits_median: float


def main(arguments: list[str]) -> int:
    """Measure, write, print; returns the exit status."""
    options = _parser().parse_args(arguments)
    console = Console(width=None if Console().is_terminal else 120)
    photographs, left_out = _choose(options.archives, options.shared)
    absent = missing(archives=options.archives, shared=options.shared)
    if absent:
        console.print("Not there: " + ", ".join(absent))
    console.print(f"{len(photographs)} photographs, {len(EDITS)} edits")
    for name in [one for one in os.environ if one.startswith("VIGIE_")]:
        del os.environ[name]
    began_s = monotonic_s()
    with (
        tempfile.TemporaryDirectory(prefix="vigie-reuploads-") as folder,
        _vigie(Path(folder)) as (url, settings),
    ):
        token, numbers = _bank(photographs, settings)
        originals = [_hashed(one.data, settings) for one in photographs]
        peers = [_peer_hashed(one.data) for one in photographs]
        with httpx.Client(base_url=url, timeout=120, trust_env=False) as http:
            http.headers["Authorization"] = f"Bearer {token}"
            _wait_until_live(http, photographs, numbers)
            uploads = list(_upload_all(photographs, numbers, http=http, settings=settings, console=console))
    result = _result(photographs, left_out, absent, originals, peers, uploads, took_s=monotonic_s() - began_s)
    if options.write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        PAGE.write_text(page(result))
    console.print(page(result), markup=False, highlight=False)
    return 1 if result["false_matches"]["uploads"] or result["false_matches"]["pairs"] else 0


def _choose(archives: Path, shared: Path) -> tuple[list[Photograph], list[str]]:
    """The first forty whose hash is good enough to be banked, and the names of those that are not."""
    limits = MediumLimits.from_settings(Settings())
    chosen: list[Photograph] = []
    left_out: list[str] = []
    for one in candidates(archives=archives, shared=shared):
        if hash_medium(one.data, limits=limits).pdq_quality < QUALITY_MIN:
            left_out.append(one.name)
        elif len(chosen) < WANTED:
            chosen.append(one)
    return chosen, left_out


@contextmanager
def _vigie(data: Path) -> Iterator[tuple[str, Settings]]:
    processes = Processes(fresh(data / "vigie"))
    try:
        said = processes.start_vigie(port=free_port(8080), settings={})
        yield str(said["url"]), use_database(data / "vigie")
    finally:
        processes.stop()


def _bank(photographs: Sequence[Photograph], settings: Settings) -> tuple[str, list[str]]:
    """One person adds, another confirms; returns the platform's token and the entries' numbers."""
    from vigie.banks.confirmation import confirm_entry
    from vigie.banks.service import Provenance, create_bank
    from vigie.flows.banking import Banking, bank_file
    from vigie.foundation.identifiers import new_secret
    from vigie.ledger.actors import COMMAND_LINE, person
    from vigie.people.rights import Right, Role
    from vigie.people.service import add_token, add_user
    from vigie.platforms.service import add_platform

    adds, confirms = (
        person(
            add_user(username=name, password=new_secret(), role=Role.SENIOR_REVIEWER, actor=COMMAND_LINE).pk
        )
        for name in ("adds", "confirms")
    )
    create_bank(name=BANK, title="Forty photographs", actor=adds, may_remove=True)
    numbers = []
    for one in photographs:
        banking = Banking(BANK, Provenance(one.origin), legal_type="c", note=one.name)
        banked = bank_file(one.data, banking, actor=adds, settings=settings)
        assert banked.pdq_banked, one.name
        numbers.append(confirm_entry(banked.entry.number, actor=confirms).number)
    add_platform(name=PLATFORM, title="Re-uploads", url="", actor=adds, settings=settings)
    scopes = [Right.CONTENT_WRITE.value, Right.MATCH_READ.value]
    _, token = add_token(name=PLATFORM, scopes=scopes, actor=adds, platform=PLATFORM)
    return token, numbers


def _wait_until_live(http: httpx.Client, photographs: Sequence[Photograph], numbers: Sequence[str]) -> None:
    limits = MediumLimits.from_settings(Settings())
    value = hash_medium(photographs[-1].data, limits=limits).sha256.hex()

    def live() -> bool:
        answer = http.post("/v1/match", json={"signals": [{"type": "sha256", "value": value}]})
        return answer.is_success and any(one["entry"] == numbers[-1] for one in answer.json()["matches"])

    assert wait_for(live, seconds_max=_LIVE_S_MAX) is not None, "the last banked photograph is not matched"


def _upload_all(
    photographs: Sequence[Photograph],
    numbers: Sequence[str],
    *,
    http: httpx.Client,
    settings: Settings,
    console: Console,
) -> Iterator[Upload]:
    wanted = list(itertools.product(enumerate(photographs), EDITS.items()))
    for (number, photograph), (name, edit) in track(wanted, "Posting again", console=console, transient=True):
        data = edit(photograph.data, SEED + number)
        began_s = monotonic_s()
        answer = http.post(
            "/v1/content",
            files={
                "content": (
                    None,
                    json.dumps({"id": f"{number}-{name}", "media": [{"id": "m1"}]}),
                    "application/json",
                ),
                "m1": ("m1", data, "application/octet-stream"),
            },
        )
        took_ms = (monotonic_s() - began_s) * 1000
        assert answer.is_success, answer.text
        entries = {one["entry"] for one in answer.json()["reasons"] if one.get("entry")}
        yield Upload(
            photograph=number,
            edit=name,
            verdict=answer.json()["verdict"],
            found=numbers[number] in entries,
            others=len(entries - {numbers[number]}),
            hashed=_hashed(data, settings),
            peer=_peer_hashed(data),
            took_ms=took_ms,
        )


def _hashed(data: bytes, settings: Settings) -> Hashed:
    signals = hash_medium(data, limits=MediumLimits.from_settings(settings))
    return Hashed(int.from_bytes(signals.pdq), signals.pdq_quality)


def _peer_hashed(data: bytes) -> Hashed:
    with Image.open(BytesIO(data)) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    vector, quality = pdqhash.compute(pixels)
    return Hashed(int("".join(str(int(bit)) for bit in vector), 2), int(quality))


def _is_near(left: Hashed, right: Hashed) -> bool:
    return min(left.quality, right.quality) >= QUALITY_MIN and left.to(right) <= DISTANCE_BITS_MAX


def _result(
    photographs: Sequence[Photograph],
    left_out: Sequence[str],
    absent: Sequence[str],
    originals: Sequence[Hashed],
    peers: Sequence[Hashed],
    uploads: Sequence[Upload],
    *,
    took_s: float,
) -> dict[str, Any]:
    rows = [_row(name, [one for one in uploads if one.edit == name], originals, peers) for name in EDITS]
    pairs = [left.to(right) for left, right in itertools.combinations(originals, 2)]
    strangers = [
        one.hashed.to(other)
        for one in uploads
        for number, other in enumerate(originals)
        if number != one.photograph
    ]
    peer_found = sum(_is_near(one.peer, peers[one.photograph]) for one in uploads)
    return {
        "rows": [asdict(one) for one in rows],
        "total": {
            "uploads": len(uploads),
            "found": sum(one.found for one in uploads),
            "recall": round(sum(one.found for one in uploads) / len(uploads), 4),
            "removed": sum(one.found and one.verdict == "remove" for one in uploads),
            "peer_recall": round(peer_found / len(uploads), 4),
        },
        "false_matches": {
            "uploads": sum(one.others for one in uploads),
            "uploads_compared": len(strangers),
            "pairs": sum(distance <= DISTANCE_BITS_MAX for distance in pairs),
            "pairs_compared": len(pairs),
            "nearest_pair_bits": min(pairs),
            "nearest_upload_bits": min(strangers),
            "peer_uploads": sum(
                _is_near(one.peer, other)
                for one in uploads
                for number, other in enumerate(peers)
                if number != one.photograph
            ),
            "peer_pairs": sum(_is_near(left, right) for left, right in itertools.combinations(peers, 2)),
        },
        "took_ms_median": round(statistics.median(one.took_ms for one in uploads), 1),
        "photographs": [{"name": one.name, "origin": one.origin} for one in photographs],
        "left_out_for_quality": list(left_out),
        "absent": list(absent),
        "seed": SEED,
        "wanted": WANTED,
        "distance_bits_max": DISTANCE_BITS_MAX,
        "quality_min": QUALITY_MIN,
        "made": {
            "at": now().isoformat(timespec="seconds"),
            "took_s": round(took_s, 1),
            "commit": _git("rev-parse", "HEAD"),
            "dirty": bool(_git("status", "--porcelain", "--", "src", "kernel", "benchmarks/*.py")),
            "machine": _machine(),
            "versions": {
                "Python": ".".join(str(part) for part in sys.version_info[:3]),
                **{name: version(name) for name in ("vigie", "vigie_kernel", "pdqhash", "pillow", "numpy")},
            },
        },
    }


def _row(name: str, uploads: Sequence[Upload], originals: Sequence[Hashed], peers: Sequence[Hashed]) -> Row:
    found = sum(one.found for one in uploads)
    peer_found = sum(_is_near(one.peer, peers[one.photograph]) for one in uploads)
    return Row(
        edit=name,
        uploads=len(uploads),
        found=found,
        recall=round(found / len(uploads), 4),
        removed=sum(one.found and one.verdict == "remove" for one in uploads),
        distance_bits_median=statistics.median(one.hashed.to(originals[one.photograph]) for one in uploads),
        peer_recall=round(peer_found / len(uploads), 4),
        peer_distance_bits_median=statistics.median(one.peer.to(peers[one.photograph]) for one in uploads),
    )


def _machine() -> dict[str, Any]:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
    }


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=False, capture_output=True, text=True)
    return done.stdout.strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="The re-upload table.")
    parser.add_argument("--archives", type=Path, default=ARCHIVES, help="folder of downloaded archives")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of the shared PDQ pictures")
    parser.add_argument(
        "--no-write", dest="write", action="store_false", help="print only; change neither result nor page"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
