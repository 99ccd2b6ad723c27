"""Whether a page is accessible, as axe-core judges it."""

from playwright.sync_api import Page


def assert_accessible(page: Page, axe_core: str) -> None:
    """Fail with what is wrong and where."""
    page.evaluate(axe_core)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
