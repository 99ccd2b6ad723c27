"""A key file is made once, whoever is first, and is never half there."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vigie.foundation.keys import KeyUnusable, key_from_file


def test_threads_that_make_a_key_at_once_end_with_the_same_one(tmp_path: Path) -> None:
    for number in range(50):
        path = tmp_path / f"{number}.key"
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _, path=path: key_from_file(path), range(8)))
        assert len(keys) == 1
        assert keys == {path.read_bytes()}
    assert not list(tmp_path.glob("*.new"))


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    key_from_file(tmp_path / "a.key")
    assert (tmp_path / "a.key").stat().st_mode & 0o777 == 0o600


def test_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_bytes(b"short")
    with pytest.raises(KeyUnusable, match=r"a\.key has 5 bytes"):
        key_from_file(tmp_path / "a.key")
