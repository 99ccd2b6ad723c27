"""The documentation page of the API in a real browser: it shows every operation, and nothing comes from elsewhere."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect, sync_playwright

from running import RunningVigie

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


def test_the_page_shows_every_operation_and_asks_nobody_else(
    running_vigie: RunningVigie, browser: Browser
) -> None:
    page = browser.new_page()
    page.set_default_timeout(30_000)
    asked: list[str] = []
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("request", lambda request: asked.append(request.url))
    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{running_vigie.url}/v1/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    document = page.request.get(f"{running_vigie.url}/v1/openapi.json").json()
    operations = sum(len(one) for one in document["paths"].values())
    expect(page.locator(".opblock")).to_have_count(operations)
    expect(page.get_by_text("/v1/content", exact=True)).to_be_visible()
    assert all(url.startswith((running_vigie.url, "data:")) for url in asked), asked
    assert said == []


def test_a_call_can_be_tried_from_the_page(running_vigie: RunningVigie, browser: Browser) -> None:
    page = browser.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{running_vigie.url}/v1/docs")
    operation = page.locator("#operations-whoami-list_problems")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").nth(1)).to_contain_text("200")
