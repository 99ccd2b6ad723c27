"""A key that is lost or another one is noticed before anything is sealed, signed or sent with a new one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from domain import Domain, make_domain
from pictures import as_bytes, picture
from vigie.flows.keyring import check_keys
from vigie.foundation.keys import KeyUnusable
from vigie.foundation.settings import current
from vigie.ledger.actors import SYSTEM
from vigie.ledger.checkpoints import sign_checkpoint

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def domain(database: str) -> Domain:
    """A database in which every key was used."""
    made = make_domain()
    made.bank_confirmed(1)
    made.ask("p1", as_bytes(picture(1)))
    sign_checkpoint(current(), actor=SYSTEM)
    return made


def delete(path: Path) -> None:
    """Lose the key."""
    path.unlink()


def replace(path: Path) -> None:
    """Put another key in its place."""
    path.write_bytes(bytes(32))


def shorten(path: Path) -> None:
    """Damage the key."""
    path.write_bytes(b"ten bytes!")


def test_the_keys_that_everything_was_written_with_are_fine(domain: Domain) -> None:
    check_keys(current())


def test_an_empty_database_needs_no_key(database: str) -> None:
    with transaction.atomic():
        check_keys(current())
    assert not (current().keys_folder / "evidence.key").exists()


@pytest.mark.parametrize("harm", [delete, replace, shorten])
@pytest.mark.parametrize("name", ["evidence.key", "ledger.key", "secrets.key"])
def test_a_lost_changed_or_damaged_key_is_named(
    domain: Domain, name: str, harm: Callable[[Path], None]
) -> None:
    path = current().keys_folder / name
    harm(path)
    with pytest.raises(KeyUnusable) as caught:
        check_keys(current())
    assert name in caught.value.sentence
    assert "backup" in caught.value.hint
    assert harm is not delete or not path.exists(), "a key was made anew"


def test_a_lost_key_of_authors_is_named(domain: Domain) -> None:
    delete(current().keys_folder / "author.key")
    with pytest.raises(KeyUnusable, match=r"author\.key"):
        check_keys(current())
