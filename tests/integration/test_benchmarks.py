"""The benchmarks run end to end, so small that their numbers mean nothing: what is tried is the harness.

The peers are not installed here; `make bench` installs them.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from running import RunningVigie
from vigie.foundation.identifiers import new_uuid

ROOT = Path(__file__).resolve().parents[2]
SUITES = ("hashing", "search", "search_large", "scan", "match", "content")


@pytest.fixture(scope="module")
def measured(
    running_vigie: RunningVigie, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, Any], str, Path]]:
    """Every record, the page and the folder of charts of a quick run on a Vigie that runs already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        for name in [one for one in os.environ if one.startswith("VIGIE_")]:
            patch.delenv(name)
        for name, value in running_vigie.environment.items():
            if name.startswith("VIGIE_"):
                patch.setenv(name, value)
        yield _measured(running_vigie, tmp_path_factory.mktemp("bench"))


def _measured(running: RunningVigie, folder: Path) -> tuple[dict[str, Any], str, Path]:
    from benchmarks import __main__ as bench
    from benchmarks.world import World, furnished

    @contextmanager
    def world(banked: Any, settings: Mapping[str, str]) -> Iterator[World]:
        yield furnished(running.url, running.data, banked, name=f"bench-{new_uuid()[:8]}")

    page = folder / "docs" / "reference" / "performance.md"
    arguments = ["--quick", "--no-peers", "--results", str(folder), "--page", str(page), *SUITES]
    assert bench.main(arguments, world=world) == 0
    records = {name: json.loads((folder / f"{name}.json").read_text()) for name in SUITES}
    return records, page.read_text(), folder / "docs" / "images"


def test_every_suite_writes_its_rounds_with_machine_and_versions(
    measured: tuple[dict[str, Any], str, Path],
) -> None:
    for name, record in measured[0].items():
        assert record["suite"] == name
        assert record["made"]["machine"]["cores"] >= 1
        assert record["made"]["versions"]["vigie_kernel"]
        for one in record["comparisons"]:
            assert all(len(rounds) == record["made"]["rounds"] for rounds in one["rounds"].values())
            assert all(rate > 0 for rounds in one["rounds"].values() for rate in rounds)
            assert set(one["ratio"]) == set(one["rounds"]) - {one["ours"]}


def test_what_was_not_measured_is_not_met_and_stands_on_the_page(
    measured: tuple[dict[str, Any], str, Path],
) -> None:
    records, page, _ = measured
    without_peer = [bar for record in records.values() for bar in record["bars"] if bar["measured"] is None]
    assert without_peer
    assert not any(bar["met"] for bar in without_peer)
    for record in records.values():
        for bar in record["bars"]:
            rows = [line for line in page.splitlines() if line.startswith(f"| {bar['name']} |")]
            (row,) = [line for line in rows if f"| {bar['sense']} " in line]
            assert ("**not met**" in row) is not bar["met"]


def test_every_chart_of_the_page_is_there(measured: tuple[dict[str, Any], str, Path]) -> None:
    _, page, images = measured
    named = re.findall(r"\]\(\.\./images/([^)]+\.svg)\)", page)
    assert len(named) == len(set(named)) > 2
    assert all((images / name).read_text().startswith("<svg") for name in named)


def test_a_suite_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        from benchmarks import __main__ as bench

        with pytest.raises(SystemExit) as ended:
            bench.main(["cooking"])
    assert ended.value.code == 2
    assert "hashing" in capsys.readouterr().err


def test_the_page_is_what_was_measured() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        from benchmarks import performance_page, records

        page = performance_page.page_text(records.read(performance_page.ORDER))
    assert (ROOT / "docs" / "reference" / "performance.md").read_text(encoding="utf-8") == page
