"""The pages for people without an account, in a real browser against a real Vigie: a notice, a statement, a complaint.

Everything is done by keyboard; axe looks at each page in light and dark.
"""

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from running import RunningVigie

WHY = "The poster on this page calls on readers to join the column."
REMOVE = {"action": "remove", "reason": "It is so.", "legal_type": "c", "exemption": "none"}


def called(console: Any, name: str, method: str, path: str, body: Any = None) -> Any:
    """What the API answers the reviewer or the platform."""
    headers = {"Authorization": f"Bearer {console.tokens[name]}"}
    answered = httpx.request(method, console.url + path, headers=headers, json=body, timeout=30)
    assert answered.is_success, answered.text
    return answered.json()


def without_barriers(page: Page, axe: str) -> None:
    """axe finds nothing, in light and in dark."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        # Loaded anew: colours that are still changing are no colours to measure.
        page.reload()
        page.add_script_tag(content=axe)
        violations = page.evaluate("async () => (await axe.run()).violations")
        told = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in violations]
        assert told == [], (page.url, scheme)


def typed(page: Page, label: str, text: str) -> None:
    """Type into the field of this label, as somebody does who has only a keyboard."""
    page.get_by_label(label).focus()
    page.keyboard.type(text)


def test_a_notice_a_statement_and_a_complaint_go_their_way(console: Any, axe_core: str) -> None:
    page = console.browser.new_context(bypass_csp=True).new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{console.url}/report")
    expect(page.get_by_role("heading", name="Report illegal content")).to_be_visible()
    without_barriers(page, axe_core)
    # The only platform needs no choice; when other tests have connected theirs, there is one.
    if page.locator("#platform").count():
        page.get_by_label("On which platform is it?").select_option("ops-forum")
    typed(page, "Exact address of the content", "https://forum.example/p/public-1")
    typed(page, "Why is it illegal?", WHY)
    page.get_by_label("I report in good faith").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your notice N-")).to_be_visible()
    notice_page = page.url
    without_barriers(page, axe_core)

    number = page.locator("h1 .mono").inner_text()
    case = called(console, "reviewer", "GET", f"/v1/notices/{number}")["case"]
    decided = called(console, "reviewer", "POST", f"/v1/cases/{case}/decisions", REMOVE)
    page.goto(notice_page)
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("main")).to_contain_text("because it is illegal")

    statement = called(console, "platform", "GET", f"/v1/statements/{decided['statement']}")
    page.goto(console.url + urlsplit(statement["link"]).path)
    expect(page.locator("main")).to_contain_text("reported to us in a notice")
    without_barriers(page, axe_core)
    typed(page, "Why do you think that the decision is wrong?", "It is a quotation against the column.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your complaint CP-")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", name="Votre réclamation CP-")).to_be_visible()

    staff = console.page_of("ops-cleo", bypass_csp=True)
    staff.goto(f"{console.url}/complaints/")
    staff.locator("tbody tr", has_text=case).get_by_role("link", name="CP-").click()
    staff.get_by_role("button", name="Take it").click()
    without_barriers(staff, axe_core)
    staff.get_by_role("radio", name="Reversed").check()
    staff.get_by_label("Reasons, for the complainant").fill("It quotes the poster in order to answer it.")
    staff.get_by_role("button", name="Decide and answer").click()
    expect(staff.locator("main")).to_contain_text("What the removal had reached")
    without_barriers(staff, axe_core)
    page.reload()
    expect(page.locator("main")).to_contain_text("It quotes the poster in order to answer it.")


def test_a_call_is_entered_by_keyboard_and_its_private_address_opens(console: Any, axe_core: str) -> None:
    page = console.page_of("ops-anna", bypass_csp=True)
    page.goto(f"{console.url}/notices/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Enter a referral")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    without_barriers(page, axe_core)
    page.get_by_role("button", name="Enter the referral").press("Enter")
    expect(page.get_by_label("Exact address of the content")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("How it came").select_option("telephone")
    # The only platform needs no choice; when other tests have connected theirs, there is one.
    page.get_by_label("On which platform is it?").select_option("ops-forum")
    typed(page, "Exact address of the content", "https://forum.example/p/called-1")
    typed(page, "Why is it illegal", WHY)
    page.get_by_role("button", name="Enter the referral").press("Enter")
    expect(page.locator("#entered")).to_contain_text("The referral is entered.")
    link = page.locator("#link").inner_text()
    page.locator("#entered").get_by_role("link", name="N-").click()
    expect(page.locator("main")).to_contain_text("the telephone (a referral: counts as own initiative)")
    outside = console.browser.new_context().new_page()
    outside.goto(console.url + urlsplit(link).path)
    expect(outside.get_by_role("heading", name="Your notice N-")).to_be_visible()


@pytest.mark.parametrize(("code", "name"), [("de-AT", "Deutsch"), ("ar-EG", "العربية")])
def test_the_form_is_there_in_the_browsers_language_without_barriers(
    console: Any, axe_core: str, code: str, name: str
) -> None:
    page = console.browser.new_context(bypass_csp=True, locale=code).new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{console.url}/report")
    expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    without_barriers(page, axe_core)
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(
    "path",
    ["/statements/", "/statements/database", "/complaints/", "/notices/", "/notices/flaggers", "/threats/"],
)
def test_axe_finds_no_barrier_on_the_pages_for_staff(console: Any, path: str, axe_core: str) -> None:
    page = console.page_of("ops-ada", bypass_csp=True)
    page.goto(console.url + path)
    without_barriers(page, axe_core)


@pytest.mark.usefixtures("_operations")
def test_the_public_pages_need_no_script_and_no_account(running_vigie: RunningVigie) -> None:
    reply = httpx.get(f"{running_vigie.url}/report")
    assert reply.status_code == 200
    assert "<script" not in reply.text
    assert "sessionid" not in reply.headers.get("set-cookie", "")
    assert reply.headers["Referrer-Policy"] == "same-origin"
    for path in ("/complaint/" + "a" * 43, "/notice/" + "a" * 43):
        assert httpx.get(running_vigie.url + path).status_code == 404
