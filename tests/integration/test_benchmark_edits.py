"""The harness of edited copies: every edit is repeatable and does what it says, and a small run measures."""

import importlib
import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from pictures import picture

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def harness() -> dict[str, ModuleType]:
    """The modules of the harness, which lies outside of the package."""
    sys.path.insert(0, str(ROOT))
    try:
        names = ("added", "catalogue", "light", "near_misses", "scores", "shape", "page")
        return {name: importlib.import_module(f"benchmarks.edits.{name}") for name in names}
    finally:
        sys.path.remove(str(ROOT))


def image(seed: int = 3) -> Image.Image:
    return picture(seed, width_px=320, height_px=240)


def around(harness: dict[str, ModuleType], seed: int = 7) -> object:
    return harness["catalogue"].Around(seed, [image(seed + step) for step in range(1, 5)])


def test_every_edit_is_repeatable_changes_the_file_and_leaves_the_picture_alone(
    harness: dict[str, ModuleType],
) -> None:
    original, before = image(), image().tobytes()
    for edit in harness["catalogue"].EDITS:
        first = edit.applied(original, around(harness))
        assert first == edit.applied(original, around(harness)), edit.name
        assert original.tobytes() == before, edit.name
        with Image.open(BytesIO(first)) as opened:
            edited = np.asarray(opened.convert("RGB"))
        assert edited.shape != (240, 320, 3) or not np.array_equal(edited, np.asarray(original)), edit.name


def test_there_are_forty_edits_and_more_with_two_and_three_together(harness: dict[str, ModuleType]) -> None:
    catalogue = harness["catalogue"]
    assert len(catalogue.NAMES) == len(set(catalogue.NAMES)) >= 40
    groups = [one.group for one in catalogue.EDITS]
    assert groups.count(catalogue.TWO) >= 5
    assert groups.count(catalogue.THREE) >= 4


def test_shapes_are_what_the_names_say(harness: dict[str, ModuleType]) -> None:
    shape, added, light = harness["shape"], harness["added"], harness["light"]
    assert shape.cropped(image(), percent=10).size == (288, 216)
    assert shape.cropped_at_side(image(), percent=10, side="top").size == (320, 216)
    assert shape.cropped_at_corner(image(), percent=20, corner=3).size == (256, 192)
    assert added.captioned_below(image(), percent=10).size == (320, 264)
    assert added.letterboxed(image(), percent=10).size == (320, 288)
    assert added.framed(image(), percent=10).size == (368, 288)
    assert added.collaged(image(), others=[image(4)] * 3, place=2).size == (640, 480)
    assert light.resized(image(), percent=25).size == (80, 60)
    pixels = np.asarray(image())
    assert np.array_equal(np.asarray(shape.mirrored(image())), pixels[:, ::-1])
    assert np.array_equal(np.asarray(added.captioned_below(image(), percent=10))[:240], pixels)
    covered = np.asarray(added.bar_laid_over(image(), percent=20))
    assert np.array_equal(covered[:192], pixels[:192])
    assert not np.array_equal(covered[192:], pixels[192:])
    collage = np.asarray(added.collaged(image(), others=[image(4)] * 3, place=3))
    assert np.array_equal(collage[240:, 320:], pixels)


def test_near_misses_are_the_same_for_a_seed_and_differ_among_themselves(
    harness: dict[str, ModuleType],
) -> None:
    once, again = (harness["near_misses"].families(count=2, seed=5) for _ in range(2))
    for name, drawn in once.items():
        assert [one.tobytes() for one in drawn] == [one.tobytes() for one in again[name]]
        assert drawn[0].tobytes() != drawn[1].tobytes()


def test_scores_count_what_was_found_and_what_was_mistaken(harness: dict[str, ModuleType]) -> None:
    scores, names = harness["scores"], harness["catalogue"].NAMES
    asked = [scores.Asked(name, source) for name in names for source in (0, 1)]
    asked.append(scores.Asked("", 2))
    hits = {(number, one.source) for number, one in enumerate(asked)} - {(1, 1)}
    mistaken = {(0, 1), (len(asked) - 1, 3)}
    scheme = scores.Scheme("x", True, frozenset(range(len(asked))), frozenset(hits | mistaken), 1.0, 40)
    table = scores.rows([scheme], asked)
    assert [one["recall"]["x"] for one in table][:2] == [0.5, 1.0]
    false = scores.false_matches(scheme, asked, banked=4, families=[0, 0, 1, 1])
    assert (false["false"], false["near_miss_false"], false["near_miss_pairs"]) == (1, 1, 1)
    assert false["pairs"] == len(asked) * 3 - 1


def test_a_small_run_measures_every_level_on_pictures_of_a_folder(tmp_path: Path) -> None:
    for seed in range(5):
        image(seed).save(tmp_path / f"{seed}.png")
    command = [sys.executable, "-m", "benchmarks.edits", "--quick", "--no-peers", "--no-write"]
    done = subprocess.run(
        [*command, "--folder", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "| mirror | 0.00 | 1.00 | 1.00 | 1.00 |" in done.stdout


def test_the_page_is_the_result(harness: dict[str, ModuleType]) -> None:
    result, second = (
        json.loads((ROOT / "benchmarks" / "results" / name).read_text())
        for name in ("edits.json", "edits-second.json")
    )
    assert (ROOT / "docs" / "reference" / "edits.md").read_text() == harness["page"].page(result, second)


def test_no_two_different_pictures_match_at_any_level_but_by_plain_hashes_of_near_misses() -> None:
    result = json.loads((ROOT / "benchmarks" / "results" / "edits.json").read_text())
    levels = [one for one in result["false_matches"] if one["scheme"].startswith("Vigie")]
    assert [one["false"] for one in levels] == [0, 0, 0, 0]
    assert len({one["near_miss_false"] for one in levels}) == 1
