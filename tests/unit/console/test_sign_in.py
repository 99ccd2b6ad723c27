"""Signing in: what failed attempts from one address mean for others."""

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from vigie.people.models import User

FAILURES_A_MINUTE = 10

FIRST_ACCOUNT = "vigie user add NAME --role administrator --generate"


@pytest.fixture(autouse=True)
def _no_earlier_failures() -> None:
    cache.clear()


def _kept_out(address: str, *, name: str) -> bool:
    """Fail to sign in; says whether the attempt was not even looked at."""
    answer = Client(headers={"host": "localhost", "x-forwarded-for": f"198.51.100.9, {address}"}).post(
        "/accounts/login/", {"login": name, "password": "not the one"}
    )
    assert answer.status_code == 200
    return "Too many failed login attempts" in answer.content.decode()


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_trusted_proxy_one_address_cannot_keep_others_out(database: str) -> None:
    answers = [_kept_out("203.0.113.7", name=f"nobody-{number}") for number in range(FAILURES_A_MINUTE + 1)]
    assert answers == [False] * FAILURES_A_MINUTE + [True]
    assert not _kept_out("203.0.113.8", name="somebody")


def test_an_address_that_no_trusted_proxy_told_is_not_believed(database: str) -> None:
    answers = [
        _kept_out(f"203.0.113.{number}", name=f"nobody-{number}") for number in range(FAILURES_A_MINUTE + 1)
    ]
    assert answers[-1]


def test_the_first_visitor_learns_how_to_make_the_first_account(database: str) -> None:
    shown = Client(headers={"host": "localhost"}).get("/accounts/login/").content.decode()
    assert FIRST_ACCOUNT in shown
    assert "there is no account" in shown


@pytest.mark.parametrize("is_active", [True, False])
def test_where_somebody_has_an_account_a_stranger_learns_nothing(database: str, is_active: bool) -> None:
    User.objects.create(username="anna", role="reviewer", is_active=is_active)
    shown = Client(headers={"host": "localhost"}).get("/accounts/login/").content.decode()
    assert "vigie user add" not in shown
    assert "no account" not in shown.replace("No account, or a lost password?", "")
