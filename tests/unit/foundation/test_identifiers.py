"""Secrets that people paste on command lines."""

from vigie.foundation.identifiers import new_secret


def test_no_secret_is_taken_for_an_option() -> None:
    assert not any(new_secret().startswith("-") for _ in range(2_000))
