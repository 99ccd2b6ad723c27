"""Preserved evidence in a browser: one person asks, another grants, the package is downloaded and checked."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from domain import make_domain
from evidence_world import PURPOSE, make_evidence_world
from running import RunningVigie, StartVigie
from vigie.evidence.package_check import check_file

PASSWORD = "quiet-harbour-47-lamp"
WAIT_MS = 60_000


def signed_in(browser: Browser, vigie: RunningVigie, name: str) -> Page:
    """A page of somebody who signed in."""
    page = browser.new_context().new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{vigie.url}/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{vigie.url}/*")
    return page


def fill(vigie: RunningVigie) -> str:
    """People, and content that was removed; the number of the preserved item."""
    with vigie.domain():
        domain = make_domain()
        domain.bank_confirmed(1)
        world = make_evidence_world(domain)
        for user in (world.anna, world.lea):
            user.set_password(PASSWORD)
            user.save()
        return world.removed().number


@pytest.mark.slow
def test_an_export_takes_two_persons_and_can_be_checked(
    vigie_starter: StartVigie,
    _chromium: Browser,  # noqa: PT019 - the browser itself is needed
    axe_core: str,
) -> None:
    vigie = vigie_starter()
    # The browser's loop runs in this thread, and Django refuses to work beside one.
    with ThreadPoolExecutor(1) as aside:
        item = aside.submit(fill, vigie).result()
    anna = signed_in(_chromium, vigie, "anna")
    anna.goto(f"{vigie.url}/evidence/")
    accessible(anna, axe_core)
    anna.get_by_role("link", name=item).click()
    accessible(anna, axe_core)
    anna.get_by_label("Export it").check()
    anna.get_by_label("Purpose").fill(PURPOSE)
    anna.get_by_label("Legal basis").fill("Article 6(1)(b)")
    anna.get_by_role("button", name="Ask", exact=True).click()
    expect(anna.get_by_text("You asked for it, so somebody else decides.")).to_be_visible()
    accessible(anna, axe_core)

    lea = signed_in(_chromium, vigie, "lea")
    lea.goto(f"{vigie.url}/evidence/")
    accessible(lea, axe_core)
    lea.get_by_role("link", name="ER-000001").first.click()
    accessible(lea, axe_core)
    lea.get_by_role("button", name="Grant").click()
    expect(lea.get_by_text("Granted.", exact=True)).to_be_visible()
    lea.context.close()

    anna.reload()
    accessible(anna, axe_core)
    passphrase = anna.get_by_label("Passphrase").input_value()
    with anna.expect_download() as download:
        anna.get_by_role("button", name="Download the package").click()
    data = Path(download.value.path()).read_bytes()
    assert check_file(io.BytesIO(data), passphrase=passphrase).is_whole
    anna.goto(f"{vigie.url}/evidence/{item}")
    expect(anna.get_by_text("Evidence was exported")).to_be_visible()
    anna.context.close()


def accessible(page: Page, axe_core: str) -> None:
    """Nothing that axe-core finds."""
    page.evaluate(axe_core)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
