"""`python -m benchmarks.edits.second`: the edits written a second time, with OpenCV, on other pictures.

It tunes nothing and takes no picture of the first harness: it says whether what that one measured holds elsewhere.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from benchmarks.edits.closely import Entries
from benchmarks.edits.looks import SETTINGS, Look, distance_bits, look
from benchmarks.edits.pictures import Picture, as_jpeg, of_folder
from numpy.typing import NDArray
from PIL import Image

from vigie.signals.aligning import Alignable, align
from vigie.signals.likelihood import score_of

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "benchmarks" / "results" / "edits-second.json"
SEED = 4_711
# Scenes whose licence lets a pair be shown, by the first part of a file's name.
PUBLISHED = frozenset({"bigbuckbunny"})
PUBLISHED_MAX = 4
Pixels = NDArray[np.uint8]
Change = Callable[[Pixels, "np.random.Generator", Sequence[Pixels]], Pixels]


def _cut(left: float, top: float, right: float, bottom: float) -> Change:
    def change(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
        height, width = one.shape[:2]
        return one[
            int(height * top) : height - int(height * bottom), int(width * left) : width - int(width * right)
        ]

    return change


def _centred(share: float) -> Change:
    return _cut(share / 2, share / 2, share / 2, share / 2)


def _uneven(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
    left, top, right, bottom = random.uniform(0.01, 0.12, 4)
    return _cut(left, top, right, bottom)(one, random, others)


def _bar(above: float, below: float, colour: int, *, words: str = "") -> Change:
    def change(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
        height, width = one.shape[:2]
        up, down = int(height * above), int(height * below)
        made = cv2.copyMakeBorder(one, up, down, 0, 0, cv2.BORDER_CONSTANT, value=(colour,) * 3)
        y = up // 2 if up else height + down // 2
        size = max(up, down) / 60
        cv2.putText(made, words, (width // 12, y), cv2.FONT_HERSHEY_DUPLEX, size, (255 - colour,) * 3, 2)
        return np.asarray(made, np.uint8)

    return change


def _framed(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
    side = int(0.1 * min(one.shape[:2]))
    made = cv2.copyMakeBorder(one, side, side, side, side, cv2.BORDER_CONSTANT, value=(40, 60, 150))
    return np.asarray(made, np.uint8)


def _in_picture(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
    height, width = one.shape[:2]
    ground: Pixels = cv2.resize(others[0], (width, height)).astype(np.uint8)
    small = cv2.resize(one, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    y, x = (int(random.uniform(0, 0.3) * side) for side in (height, width))
    ground[y : y + small.shape[0], x : x + small.shape[1]] = small[: height - y, : width - x]
    return ground


def _covered(share: float) -> Change:
    def change(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
        made = one.copy()
        height, width = one.shape[:2]
        made[int(height * (1 - share)) :] = (35, 30, 90)
        place = (width // 20, height - int(height * share / 3))
        cv2.putText(
            made, "WATCH THIS NOW", place, cv2.FONT_HERSHEY_TRIPLEX, height * share / 60, (250,) * 3, 2
        )
        return made

    return change


def _sticker(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
    made = one.copy()
    height, width = one.shape[:2]
    centre = (int(width * random.uniform(0.2, 0.8)), int(height * random.uniform(0.2, 0.8)))
    cv2.circle(made, centre, int((0.08 * height * width / np.pi) ** 0.5), (60, 60, 240), -1)
    return made


def _turned(degrees: float) -> Change:
    def change(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
        height, width = one.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return np.asarray(cv2.warpAffine(one, turn, (width, height), borderValue=(255,) * 3), np.uint8)

    return change


def _collage(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
    height, width = one.shape[:2]
    parts = [cv2.resize(other, (width, height)) for other in others[:3]]
    parts.insert(int(random.integers(4)), one)
    return np.asarray(np.vstack([np.hstack(parts[:2]), np.hstack(parts[2:])]), np.uint8)


def _screen(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
    height, width = one.shape[:2]
    lines = 1 + 0.08 * np.sin(np.arange(height) * 2 * np.pi / 3.3)[:, None, None]
    lit = np.clip(one * lines * (0.9, 1.0, 1.05), 0, 255).astype(np.uint8)
    here = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inside = here * 0.86 + np.array([width, height], np.float32) * 0.07
    there = (inside + random.uniform(-0.025, 0.025, (4, 2)) * (width, height)).astype(np.float32)
    seen = cv2.warpPerspective(
        lit, cv2.getPerspectiveTransform(here, there), (width, height), borderValue=(25, 20, 20)
    )
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), 1.0), np.uint8)


def _quality(quality: int) -> Change:
    def change(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
        _, data = cv2.imencode(".jpg", one, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)

    return change


def _mirror(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
    return np.ascontiguousarray(one[:, ::-1])


def _quarter(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
    return np.ascontiguousarray(np.rot90(one))


def _then(*changes: Change) -> Change:
    def change(one: Pixels, random: np.random.Generator, others: Sequence[Pixels]) -> Pixels:
        for each in changes:
            one = np.ascontiguousarray(each(one, random, others))
        return one

    return change


_CAPTION = _bar(0, 0.08, 250, words="see before it is gone")

# What each edit must reach at level robust and at level verified; None asks for no more than to be told.
EDITS: dict[str, tuple[Change, float | None, float | None]] = {
    "JPEG quality 30": (_quality(30), 0.89, 0.89),
    "mirror": (_mirror, 0.97, 0.97),
    "turn by 90 degrees": (_quarter, 0.97, 0.97),
    "crop 3 %": (_centred(0.03), 0.97, 0.98),
    "crop 6 %": (_centred(0.06), 0.95, 0.97),
    "crop 10 %": (_centred(0.10), 0.90, 0.95),
    "crop 20 %": (_centred(0.20), 0.75, 0.85),
    "crop 10 % at a corner": (_cut(0.1, 0.1, 0, 0), 0.80, 0.85),
    "crop 20 % below": (_cut(0, 0, 0, 0.2), 0.65, 0.75),
    "crop uneven, 1 to 12 % a side": (_uneven, None, None),
    "caption 8 % below": (_CAPTION, 0.95, 0.97),
    "caption 15 % above": (_bar(0.15, 0, 20, words="share this"), 0.95, 0.97),
    "letterbox": (_bar(0.12, 0.12, 0), 0.95, 0.97),
    "frame": (_framed, 0.85, 0.90),
    "picture in picture 70 %": (_in_picture, 0.85, 0.90),
    "bar laid over 10 %": (_covered(0.10), 0.80, 0.95),
    "bar laid over 20 %": (_covered(0.20), 0.55, 0.85),
    "sticker over 8 %": (_sticker, None, None),
    "turn by 3 degrees": (_turned(3), 0.60, 0.95),
    "turn by 12 degrees": (_turned(-12), None, None),
    "collage of four": (_collage, None, None),
    "photo of a screen": (_screen, None, None),
    "two: mirror + caption": (_then(_mirror, _CAPTION), 0.75, 0.85),
    "two: crop 10 % + quality 30": (_then(_centred(0.10), _quality(30)), 0.75, 0.85),
    "two: turn by 3 degrees + frame": (_then(_turned(3), _framed), 0.75, 0.85),
    "two: crop 6 % + bar laid over 10 %": (_then(_centred(0.06), _covered(0.10)), 0.75, 0.85),
    "three: mirror + crop 6 % + letterbox": (
        _then(_mirror, _centred(0.06), _bar(0.12, 0.12, 0)), None, 0.70,
    ),
    "three: crop 10 % + caption + quality 30": (
        _then(_centred(0.10), _CAPTION, _quality(30)), None, 0.70,
    ),
    "three: turn by 3 degrees + caption + mirror": (
        _then(_turned(3), _CAPTION, _mirror), None, 0.70,
    ),
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Measure, write, print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.edits.second")
    parser.add_argument("--folder", type=Path, required=True, help="pictures that the first harness has not")
    parser.add_argument(
        "--name", default="", help="what to call these pictures in the result; else the folder"
    )
    parser.add_argument("--count", type=int, default=40, help="how many pictures at most")
    parser.add_argument("--failures", type=Path, help="folder for pairs of pictures that matched wrongly")
    parser.add_argument("--bursts", type=Path, help="pictures of the same scenes at other moments")
    parser.add_argument(
        "--publish", type=Path, help="folder for pairs of these that were verified, where a licence allows it"
    )
    options = parser.parse_args(arguments)
    pictures = of_folder(options.folder, count_max=options.count)
    result = measured(pictures, options.failures)
    if options.bursts is not None:
        result["bursts"] = of_bursts(
            of_folder(options.bursts, count_max=200), options.failures, options.publish
        )
    results = json.loads(RESULT.read_text()) if RESULT.is_file() else {}
    results[options.name or options.folder.name] = result
    RESULT.write_text(json.dumps(results, indent=1) + "\n")
    print(json.dumps(result, indent=1))
    return 0


def measured(pictures: Sequence[Picture], failures: Path | None) -> dict[str, object]:
    """Recall of every edit at both levels, and false matches among these pictures."""
    entries = Entries([one.data for one in pictures])
    pixels = [np.ascontiguousarray(np.asarray(one.pixels)[:, :, ::-1]) for one in pictures]
    rows, pairs, false = [], 0, []
    code_pairs, nearest_bits = 0, 256
    for name, (change, robust_min, verified_min) in EDITS.items():
        found: dict[str, list[bool]] = {"robust": [], "verified": []}
        for number, one in enumerate(pixels):
            others = [pixels[(number + step) % len(pixels)] for step in (1, 2, 3)]
            edited = change(one, np.random.default_rng(SEED + number), others)
            data = as_jpeg(Image.fromarray(edited[:, :, ::-1]))
            seen = look(data, "asked")
            by_hash = entries.by_hash(seen)
            places = by_hash or entries.by_features(Alignable(seen.plane))
            found["robust"].append(number in by_hash)
            found["verified"].append(number in places)
            shown = {(number + step) % len(pixels) for step in _SHOWN.get(name, range(1))}
            compared, bits = entries.others_by_hash(seen, frozenset(shown))
            code_pairs, nearest_bits = code_pairs + compared, min(nearest_bits, bits)
            pairs += len(pixels) - len(shown)
            for place in places - shown:
                false.append({"edit": name, "upload": pictures[number].name, "entry": pictures[place].name})
                if failures is not None:
                    _keep(failures, f"{len(false):03d}", data, pictures[place].data)
        recall = {level: round(statistics.mean(one), 4) for level, one in found.items()}
        least = {"robust": robust_min, "verified": verified_min}
        rows.append({"edit": name, "recall": recall, "asked_for": least})
    return {
        "seed": SEED,
        "pictures": [one.name for one in pictures],
        "rows": rows,
        "pairs": pairs,
        "code_pairs": code_pairs,
        "nearest_other_bits": nearest_bits,
        "false": false,
    }


def of_bursts(pictures: Sequence[Picture], failures: Path | None, publish: Path | None) -> dict[str, object]:
    """Pairs of different moments of a scene, whose names begin alike: what each level matches.

    `shown` are the first pairs whose licence lets them be published, each once, with their scores.
    """
    entries = Entries([one.data for one in pictures])
    scenes = [one.name.partition("-")[0] for one in pictures]
    shown: list[dict[str, object]] = []
    pairs, matched = 0, {"plain": 0, "robust": 0, "by features": 0, "verified": 0}
    for number, one in enumerate(pictures):
        seen = look(one.data, "asked")
        upload = Alignable(seen.plane)
        others = {at for at, scene in enumerate(scenes) if scene == scenes[number] and at != number}
        pairs += len(others)
        by_hash = entries.by_hash(seen) & others
        matched["plain"] += sum(_is_plain(seen, entries.looks[at]) for at in others)
        matched["robust"] += len(by_hash)
        matched["by features"] += len((entries.by_features(upload) & others) - by_hash)
        for at in sorted(others):
            alignment = align(upload, entries.features[at])
            bits = distance_bits(seen, entries.looks[at])
            if alignment is None:
                continue
            score = int(100 * score_of(alignment, distance_bits=bits))
            if score >= SETTINGS.verified_score_percent_min:
                matched["verified"] += 1
                if failures is not None:
                    _keep(failures, f"burst-{number:03d}-{at:03d}", one.data, pictures[at].data)
                if scenes[number] in PUBLISHED and number < at and len(shown) < PUBLISHED_MAX:
                    name = f"near-miss-{len(shown) + 1}"
                    shown.append({"name": name, "of": scenes[number], "score_percent": score})
                    if publish is not None:
                        _keep(publish, name, one.data, pictures[at].data)
    return {
        "pictures": len(pictures),
        "scenes": len(set(scenes)),
        "pairs": pairs,
        "matched": matched,
        "shown": shown,
    }


def _is_plain(upload: Look, entry: Look) -> bool:
    pair = Look(upload.whole, upload.variants[:0], (), upload.plane)
    return distance_bits(pair, entry) is not None


_SHOWN = {"collage of four": range(4), "picture in picture 70 %": range(2)}


def _keep(folder: Path, name: str, upload: bytes, entry: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pair = [Image.open(BytesIO(one)).convert("RGB").resize((320, 240)) for one in (upload, entry)]
    canvas = Image.new("RGB", (640, 240))
    for at, one in enumerate(pair):
        canvas.paste(one, (320 * at, 0))
    canvas.save(folder / f"{name}.jpg", quality=80)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
