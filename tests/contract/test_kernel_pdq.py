"""The kernel's PDQ hashes are those of the reference table kept beside the checkout.

Source: PyPI pdqhash 0.2.8 over the example pictures of facebook/ThreatExchange.
"""

import csv
from pathlib import Path

import pytest
import vigie_kernel

from kernel_samples import dihedral, distance_bits, shared_pdq_folder, signals

_FOLDER = shared_pdq_folder()
_ROWS: list[dict[str, str]] = []
if _FOLDER is not None:
    with (_FOLDER / "reference.csv").open(newline="") as _table:
        _ROWS = list(csv.DictReader(_table))

needs_table = pytest.mark.skipif(not _ROWS, reason="../shared/data/pdq/reference.csv is not there")
each_row = pytest.mark.parametrize("row", _ROWS, ids=[row["file"] for row in _ROWS])


def _bytes_of(row: dict[str, str]) -> bytes:
    assert _FOLDER is not None
    return Path(_FOLDER, row["file"]).read_bytes()


@needs_table
@each_row
def test_the_hash_is_the_reference_hash(row: dict[str, str]) -> None:
    found = signals(_bytes_of(row))
    assert found.pdq.hex() == row["pdqhash_hex"]


@needs_table
@each_row
def test_size_and_quality_are_those_of_the_reference(row: dict[str, str]) -> None:
    found = signals(_bytes_of(row))
    assert (found.width_px, found.height_px) == (int(row["width"]), int(row["height"]))
    assert found.pdq_quality == int(row["pdqhash_quality"])


@needs_table
@each_row
def test_the_eight_dihedral_hashes_are_those_of_the_reference(row: dict[str, str]) -> None:
    found = dihedral(_bytes_of(row))
    assert [code.hex() for code in found.pdq] == [row[f"dihedral_{place}"] for place in range(8)]
    assert found.quality == int(row["pdqhash_quality"])


@needs_table
def test_a_turned_copy_is_near_one_of_the_eight_hashes_of_the_original() -> None:
    turned = [row for row in _ROWS if row["file"].startswith("jpeg/bridge-")]
    original = next(row for row in turned if "original" in row["file"])
    eight = dihedral(_bytes_of(original)).pdq
    for row in turned:
        found = signals(_bytes_of(row)).pdq
        assert min(distance_bits(found, one) for one in eight) <= 10


@needs_table
def test_each_kind_of_file_names_its_format() -> None:
    formats = {row["file"].split("/")[0]: signals(_bytes_of(row)).format for row in _ROWS}
    assert formats == {"jpeg": "jpeg", "png": "png"}


def test_a_hash_is_32_bytes_and_hides_from_logs() -> None:
    found = vigie_kernel.hash_picture(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
            "3a7e9b550000000a49444154789c6360000000020001e221bc33"
            "0000000049454e44ae426082"
        ),
        bytes_max=1000,
        pixels_max=1,
        time_ms_max=1000,
    )
    assert len(found.pdq) == 32
    assert found.pdq.hex() not in repr(found)
    assert repr(found) == "<PictureSignals png 1x1 quality 0>"
