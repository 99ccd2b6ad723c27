"""A removal order comes by mail, and a person executes it in a browser in under five clicks."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from axe import assert_accessible
from loopback import LoopbackServer, answer
from mail_server import mail_server, put
from order_world import fields, mail
from running import StartVigie
from vigie.foundation.clock import now

PASSWORD = "quiet-harbour-47-lamp"
WAIT_MS = 60_000


class Clicks:
    """Counts what a person presses."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def click(self, name: str) -> None:
        """Press the link or button with this name."""
        found = self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name))
        summary = self.page.locator("summary", has_text=name)
        found.or_(summary).first.click()
        self.count += 1


@pytest.mark.slow
def test_an_order_by_mail_is_executed_in_under_five_clicks_and_answered(
    vigie_starter: StartVigie,
    _chromium: Browser,  # noqa: PT019 - the browser itself is needed
    axe_core: str,
) -> None:
    platform = LoopbackServer(answer(200, b"<p>The heron flies.</p>", "Content-Type: text/html"))
    with mail_server() as mailbox:
        vigie = vigie_starter(
            VIGIE_ORDERS_IMAP_URL=mailbox, VIGIE_ALLOWED_FETCH_HOSTS="127.0.0.1", VIGIE_PROVIDER_NAME="Forum"
        )
        vigie.command("user", "add", "anna", "--role", "reviewer", "--password-stdin", input_text=PASSWORD)
        vigie.command("platform", "add", "forum", "--url", f"{platform.url}/hook")
        url, received_at = f"{platform.url}/p/1", now() - timedelta(minutes=7)
        put(mailbox, mail(fields(urls=[url])), received_at)

        page = _chromium.new_context().new_page()
        page.set_default_timeout(WAIT_MS)
        page.goto(f"{vigie.url}/accounts/login/")
        page.fill("[name=login]", "anna")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{vigie.url}/*")
        _reload_until(page, lambda: page.get_by_text("A removal order waits.").is_visible())

        hand = Clicks(page)
        hand.click("A removal order waits.")
        expect(page.get_by_role("heading", name="O-000001")).to_be_visible()
        assert_accessible(page, axe_core)
        hand.click("Execute")
        hand.click("Take it down")
        expect(page.get_by_text("Annex II follows when it obeyed.")).to_be_visible()
        _reload_until(page, lambda: page.get_by_text("Annex II", exact=True).first.is_visible())
        assert hand.count < 5
        expect(page.get_by_text("to be sent by a person")).to_be_visible()

        with page.expect_download() as download:
            page.get_by_role("link", name="PDF p").click()
        reader = pypdf.PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
        form = json.loads(reader.attachments["annex-ii.json"][0])
        assert form["authority_reference"] == "REF-1"
        assert form["addressee_reference"] == "O-000001"
        assert form["measure"] == "removed"
        assert form["received_at"][:19] == received_at.isoformat()[:19]
        assert form["measure_at"] > form["received_at"]
        assert "REF-1" in reader.pages[0].extract_text()
        assert any(b'"remove_content"' in one for one in platform.requests)
        page.goto(f"{vigie.url}/orders/")
        assert_accessible(page, axe_core)
        page.context.close()
    platform.close()


def _reload_until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again until it is so; the page itself need not change without a reload."""
    for _ in range(WAIT_MS // 500):
        page.reload()
        page.wait_for_load_state("domcontentloaded")
        if holds():
            return
        page.wait_for_timeout(500)
    raise AssertionError(page.inner_text("body"))
