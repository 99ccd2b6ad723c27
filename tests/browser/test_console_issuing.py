"""An analyst drafts an order and a legal officer approves and issues it, in a browser; every page is accessible."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, Page, expect

from axe import assert_accessible
from issuing_world import CONTENT, FORUM, PROFILE, URL
from running import RunningVigie, StartVigie
from vigie.exposure.service import record_decision
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.issuing import drafting, holds, providers, replies
from vigie.ledger.actors import COMMAND_LINE
from vigie.people.models import User
from vigie.people.service import add_user

PASSWORD = "quiet-harbour-47-lamp"
WAIT_MS = 60_000
T = TypeVar("T")


@pytest.mark.slow
def test_an_order_is_drafted_held_approved_and_issued(
    vigie_starter: StartVigie,
    _chromium: Browser,  # noqa: PT019 - the browser itself is needed
    axe_core: str,
) -> None:
    vigie = vigie_starter()
    hold = _beside(lambda: _prepare(vigie))
    ana = _signed_in(_chromium, vigie, "ana")
    ana.goto(f"{vigie.url}/issuing/?show=draft")
    ana.get_by_role("link", name="RO-000001").click()
    assert_accessible(ana, axe_core)
    ana.locator("summary", has_text="Compare with holds").click()
    ana.get_by_role("button", name="Compare with holds").click()
    expect(ana.get_by_text("Hold: ask Unit 4: 4@unit.example.")).to_be_visible()
    assert_accessible(ana, axe_core)
    for path in (
        *("holds", "providers", "providers/forum", "figures", "new", "RO-000001/change"),
        *("replies", "replies/RE-000001"),
    ):
        ana.goto(f"{vigie.url}/issuing/{path}")
        assert_accessible(ana, axe_core)
    _beside(lambda: _release(vigie, hold))
    ana.goto(f"{vigie.url}/issuing/RO-000001")
    ana.locator("summary", has_text="Compare with holds").click()
    ana.get_by_role("button", name="Compare with holds").click()
    expect(ana.get_by_text("Clear.")).to_be_visible()

    lea = _signed_in(_chromium, vigie, "lea")
    for path in ("issuing/providers/forum", "orders/exposure"):
        lea.goto(f"{vigie.url}/{path}")
        for one in lea.locator("summary").all():
            one.click()
        assert_accessible(lea, axe_core)
    lea.goto(f"{vigie.url}/issuing/RO-000001")
    for step in ("Approve", "Issue and send"):
        lea.locator("summary", has_text=step).click()
        lea.get_by_role("button", name=step, exact=True).click()
    expect(lea.get_by_text("On its way").first).to_be_visible()
    expect(lea.get_by_text("to be handed over").first).to_be_visible()
    assert_accessible(lea, axe_core)


def _prepare(vigie: RunningVigie) -> str:
    """People, a provider that was informed, a draft, and a hold that covers it; returns the hold's number."""
    with vigie.domain():
        for name, role in (("ana", "analyst"), ("lea", "legal_officer")):
            add_user(username=name, password=PASSWORD, role=role, actor=COMMAND_LINE)
        at, ana = now(), _user("ana")
        providers.add_provider("forum", FORUM, actor=COMMAND_LINE, settings=current())
        providers.note_informed(
            "forum", informed_at=at - timedelta(days=2), proof="By letter.", user=ana, at=at
        )
        values = {**PROFILE["fields"], **CONTENT, "provider": "forum"}
        raw = b"From: orders@forum.example\nSubject: Your letter\n\nWhich post do you mean?\n"
        replies.take_in(raw, received_at=at, at=at, settings=current())
        record_decision(
            authority="Example Office",
            member_state="FR",
            reference="2020/5",
            received_at=at - timedelta(days=100),
            proof="Registered letter.",
            user=_user("lea"),
            at=at,
        )
        drafting.begin_draft(values, case="", user=ana, at=at, settings=current())
        return holds.enter_hold(
            kind="url",
            pattern=URL,
            unit="Unit 4",
            contact="4@unit.example",
            until=at + timedelta(days=9),
            reason="An investigation.",
            user=ana,
            at=at,
        ).number


def _release(vigie: RunningVigie, hold: str) -> None:
    with vigie.domain():
        holds.release_hold(hold, user=_user("ana"), at=now())


def _beside(work: Callable[[], T]) -> T:
    """Do it in another thread: the browser's own is no place for the database."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _signed_in(browser: Browser, vigie: RunningVigie, name: str) -> Page:
    page = browser.new_context().new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{vigie.url}/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{vigie.url}/*")
    return page
