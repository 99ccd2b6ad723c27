"""Reviewing in a real browser against a real Vigie: the queue, a case, its pictures, deciding and undoing."""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Page,
    Request,
    StorageState,
    expect,
    sync_playwright,
)

from pictures import as_bytes, picture
from running import RunningVigie
from vigie.console import messages
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.foundation.identifiers import new_uuid

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
TESTS = Path(__file__).parents[1]
WORLD = Path(__file__).with_name("review_world.py")
INDEX_S_MAX = 10.0

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")


@dataclass
class World:
    """The running Vigie as these tests know it."""

    url: str
    token: str
    password: str
    platform: str
    sessions: dict[str, StorageState] = field(default_factory=dict)

    def ask(self, **content: Any) -> Any:
        """Ask about content as the platform does."""
        body = {"kind": "post", "author": {"id": new_uuid(), "handle": "heron"}, **content}
        answer = httpx.post(
            f"{self.url}/v1/content", json=body, headers={"Authorization": f"Bearer {self.token}"}, timeout=30
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def open_case(self, *, seed: int = 101, text: str = "The heron flies again.", **more: Any) -> str:
        """The number of a new case about a near copy of a banked picture."""
        return str(self.ask(id=f"post-{new_uuid()}", text=text, media=[near_copy(seed)], **more)["case"])

    def signed_in(self, browser: Browser, name: str, **options: Any) -> Page:
        """A page of somebody who signed in; with the form the first time, later with the same session."""
        page = browser.new_context(storage_state=self.sessions.get(name), **options).new_page()
        page.set_default_timeout(60_000)
        if name in self.sessions:
            page.goto(f"{self.url}/")
            return page
        page.goto(f"{self.url}/accounts/login/")
        page.fill("[name=login]", name)
        page.fill("[name=password]", self.password)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{self.url}/")
        self.sessions[name] = page.context.storage_state()
        return page


def near_copy(seed: int) -> dict[str, str]:
    """A small recompressed copy of a picture, as a medium of `POST /v1/content`."""
    data = as_bytes(picture(seed).resize((320, 240)), "JPEG", quality=60)
    return {"id": "m1", "content": base64.b64encode(data).decode()}


@pytest.fixture(scope="module")
def compiled_texts() -> None:
    """French as it is shipped: setting up compiles it."""
    assert CliRunner().invoke(messages.main, ["compile"]).exit_code == 0


@pytest.fixture(scope="module")
def world(compiled_texts: None, running_vigie: RunningVigie) -> World:
    """The running Vigie with people, a platform and a bank for these tests alone."""
    environment = {**running_vigie.environment, "PYTHONPATH": os.fspath(TESTS)}
    done = subprocess.run(
        [sys.executable, os.fspath(WORLD), os.fspath(running_vigie.data)],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    made = World(url=running_vigie.url, **json.loads(done.stdout))
    _wait_until_banked(made)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(autouse=True)
def errors(browser: Browser) -> Iterator[list[str]]:
    """Errors of scripts and of the content security policy fail the test in which they happen."""
    seen: list[str] = []
    opened: list[BrowserContext] = []
    before = browser.new_context

    def watched(**options: Any) -> BrowserContext:
        context = before(**options)
        context.on("weberror", lambda error: seen.append(str(error.error)))
        context.on(
            "console",
            lambda message: seen.append(message.text) if "Content Security Policy" in message.text else None,
        )
        opened.append(context)
        return context

    browser.new_context = watched  # type: ignore[method-assign]
    yield seen
    browser.new_context = before  # type: ignore[method-assign]
    for context in opened:
        context.close()
    assert seen == []


def test_a_case_is_found_judged_and_undone_by_keyboard_alone(world: World, browser: Browser) -> None:
    number = world.open_case()
    page = world.signed_in(browser, "review-anna")
    keys = page.keyboard

    page.wait_for_load_state("networkidle")
    keys.press("/")
    expect(page.locator("#search, [name=search]").first).to_be_focused()
    keys.type(number)
    keys.press("Enter")
    expect(page.locator("a.row-main")).to_have_text([number])
    # The page before the search may show this one row too: wait for what was asked for.
    page.wait_for_url(lambda url: number in url)
    keys.press("Escape")
    expect(page.locator("#search")).to_have_value(number)
    keys.press("j")
    expect(page.locator("a.row-main")).to_be_focused()
    keys.press("Enter")
    page.wait_for_url(f"**/cases/{number}")
    for key in ("3", "a", "x", "r"):
        keys.press(key)
    keys.type("The same picture, smaller.")
    page.uncheck("[name=go_on]")
    page.focus("#reason")
    keys.press("Control+Enter")

    expect(page.locator(".toast")).to_contain_text(f"{number}: removed.")
    expect(page.locator("#decided-title")).to_be_visible()
    keys.press("u")
    expect(page.locator(".toast")).to_contain_text(f"{number} is open again")
    expect(page.locator("#decision")).to_be_visible()


def test_handing_back_asks_before_it_forgets_a_reason(world: World, browser: Browser) -> None:
    number = world.open_case()
    page = world.signed_in(browser, "review-anna")
    page.goto(f"{world.url}/cases/{number}")
    page.fill("#reason", "Half a thought")
    page.locator("#reason").blur()
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", refuse)
    page.keyboard.press("h")
    expect(page.locator("#reason")).to_have_value("Half a thought")
    assert asked == ["The reason you wrote is not kept. Hand the case back?"]
    assert page.url.endswith(f"/cases/{number}")

    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("h")
    page.wait_for_url(f"{world.url}/")


def test_nothing_can_be_recognised_until_it_is_asked_for_and_colour_comes_last(
    world: World, browser: Browser
) -> None:
    number = world.open_case()
    page = world.signed_in(browser, "review-anna")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/clear" in request.url else None)

    page.goto(f"{world.url}/cases/{number}")
    page.wait_for_load_state("networkidle")
    upload = page.locator(".veil").first
    assert asked == []
    expect(upload).to_have_class("veil is-veiled")

    page.keyboard.press("s")
    expect(upload).to_have_class("veil")
    assert upload.locator("img").evaluate("image => getComputedStyle(image).filter") == "grayscale(1)"
    assert {request.method for request in asked} == {"POST"}
    page.keyboard.press("s")
    expect(upload).to_have_class("veil is-colour")
    page.keyboard.press("s")
    expect(upload).to_have_class("veil is-veiled")

    page.reload()
    assert page.locator(".history").inner_text().count("review of case") >= 2


def test_a_picture_of_any_shape_is_shown_whole(world: World, browser: Browser) -> None:
    tall = as_bytes(picture(500, width_px=200, height_px=700), "JPEG")
    media = [near_copy(101), {"id": "m2", "content": base64.b64encode(tall).decode()}]
    number = world.ask(id=f"post-{new_uuid()}", media=media)["case"]
    page = world.signed_in(browser, "review-anna")
    page.goto(f"{world.url}/cases/{number}")
    page.wait_for_load_state("networkidle")

    sizes = page.eval_on_selector_all(
        ".veil",
        """frames => frames.map((frame) => {
          const image = frame.querySelector("img");
          return [image.clientHeight <= frame.clientHeight, image.clientWidth <= frame.clientWidth,
                  getComputedStyle(image).objectFit, image.naturalHeight > 0];
        })""",
    )

    assert sizes == [[True, True, "contain", True]] * 3


def test_a_case_that_somebody_works_on_shows_who_and_cannot_be_decided(
    world: World, browser: Browser
) -> None:
    number = world.open_case()
    anna = world.signed_in(browser, "review-anna")
    anna.goto(f"{world.url}/cases/{number}")

    ben = world.signed_in(browser, "review-ben")
    ben.goto(f"{world.url}/cases/{number}")
    expect(ben.locator("#lock")).to_contain_text("review-anna is working on this case.")
    expect(ben.locator("#decision")).to_have_count(0)

    anna.keyboard.press("h")
    expect(anna.locator(".toast")).to_contain_text("is back in the queue")
    ben.reload()
    expect(ben.locator("#decision")).to_be_visible()


def test_a_decision_sent_many_times_at_once_is_taken_once(world: World, browser: Browser) -> None:
    number = world.open_case()
    page = world.signed_in(browser, "review-anna")
    page.goto(f"{world.url}/cases/{number}")

    statuses = page.evaluate(
        """async () => {
          const form = new FormData(document.getElementById("decision"));
          form.set("action", "hide"); form.set("exemption", "none"); form.set("reason", "pressed four times");
          const body = () => new URLSearchParams(form);
          const url = document.getElementById("decision").getAttribute("action");
          const answers = await Promise.all([1, 2, 3, 4].map(() => fetch(url, {method: "POST", body: body()})));
          return answers.map((one) => one.status);
        }"""
    )

    assert statuses == [200, 200, 200, 200]
    page.goto(f"{world.url}/cases/{number}")
    assert page.locator(".history li", has_text="Decided").count() == 1


def test_an_incomplete_decision_says_what_is_missing_and_loses_nothing(
    world: World, browser: Browser
) -> None:
    number = world.open_case()
    page = world.signed_in(browser, "review-anna")
    page.goto(f"{world.url}/cases/{number}")
    for key in ("3", "x", "r"):
        page.keyboard.press(key)
    page.keyboard.type("Copy of a poster.")

    page.keyboard.press("Control+Enter")

    alert = page.locator("#decision [role=alert]")
    expect(alert).to_contain_text("A removal needs a legal type.")
    expect(alert).to_be_focused()
    expect(page.locator("#reason")).to_have_value("Copy of a poster.")
    expect(page.locator("[name=action][value=remove]")).to_be_checked()


def test_an_exemption_asks_for_the_true_purpose(world: World, browser: Browser) -> None:
    number = world.open_case()
    page = world.signed_in(browser, "review-anna")
    page.goto(f"{world.url}/cases/{number}")
    purpose = page.locator("#true_purpose")

    expect(purpose).to_be_hidden()
    page.check("[name=exemption][value=journalism]")
    expect(purpose).to_be_visible()
    page.check("[name=exemption][value=none]")
    expect(purpose).to_be_hidden()


def test_the_console_speaks_french_to_somebody_who_reads_french(world: World, browser: Browser) -> None:
    number = world.open_case(language="fr")
    page = world.signed_in(browser, "review-fleur")

    expect(page.get_by_role("button", name="Prendre le dossier suivant")).to_be_visible()
    page.goto(f"{world.url}/cases/{number}")
    expect(page.get_by_role("heading", name="Décider")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


@pytest.mark.parametrize("width_px", [380, 1440])
def test_no_page_is_wider_than_the_screen(world: World, browser: Browser, width_px: int) -> None:
    number = world.open_case(links=["https://heron.example/" + "a" * 300], text="b" * 500)
    page = world.signed_in(browser, "review-ben", viewport={"width": width_px, "height": 800})

    for path in ("/", f"/cases/{number}", "/account/", "/accounts/2fa/", "/accounts/password/change/"):
        page.goto(world.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(world: World, browser: Browser, scheme: Any, axe: str) -> None:
    number = world.open_case()
    page = world.signed_in(browser, "review-ben", color_scheme=scheme, bypass_csp=True)

    for path in ("/", f"/cases/{number}", "/account/", "/accounts/2fa/", "/no-such-page"):
        page.goto(world.url + path)
        page.add_script_tag(content=axe)
        violations = page.evaluate("async () => (await axe.run()).violations")
        told = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in violations]
        assert told == [], path


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core from npm, which is not part of the project."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so axe-core cannot be had")
    folder = tmp_path_factory.mktemp("axe")
    fetched = subprocess.run(
        [npm, "pack", "axe-core@4", "--silent"], check=False, cwd=folder, capture_output=True, timeout=120
    )
    archives = list(folder.glob("*.tgz"))
    if fetched.returncode != 0 or not archives:
        pytest.skip("npm could not fetch axe-core")
    shutil.unpack_archive(archives[0], folder)
    return (folder / "package" / "axe.min.js").read_text()


def _wait_until_banked(world: World) -> None:
    """Every process sees a new entry within a second; a slow machine may take longer."""
    until_s = monotonic_s() + INDEX_S_MAX
    for seed in (101, 102):
        while world.ask(id=f"probe-{new_uuid()}", media=[near_copy(seed)])["verdict"] == "allow":
            assert monotonic_s() < until_s, "a banked picture was not found"
            sleep_s(0.1)
