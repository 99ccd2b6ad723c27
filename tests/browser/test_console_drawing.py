"""What is drawn of a match, in a real browser against a real Vigie: edited copies through the API, outlines on both
pictures, the one laid over the other, their difference, all by keyboard; and why a picture was missed.
"""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Locator, Page, Request, expect

from pictures import as_bytes, detailed_picture
from running import RunningVigie
from vigie.banks.models import Bank
from vigie.banks.service import Provenance, create_bank
from vigie.flows.banking import Banking, bank_file
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.foundation.identifiers import new_uuid
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.people.service import add_token
from vigie.platforms.service import add_platform

BANK = "drawn-heron"
FOUND_S_MAX = 60.0
EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True)
class World:
    """A bank at level verified with a picture as stored (`plain`), and one that its file turns (`turned`); a bank at
    level plain with an entry whose copies are `missed`.
    """

    vigie: RunningVigie
    token: str
    plain: str
    turned: str
    missed: str

    def open_case(self, data: bytes) -> str:
        """The number of a case about this picture; waits until every process knows the bank."""
        until_s = monotonic_s() + FOUND_S_MAX
        media = [{"id": "m1", "content": base64.b64encode(data).decode()}]
        while True:
            answer = httpx.post(
                f"{self.vigie.url}/v1/content",
                json={"id": f"post-{new_uuid()}", "author": {"id": new_uuid()}, "media": media},
                headers={"Authorization": f"Bearer {self.token}"},
                timeout=60,
            )
            assert answer.status_code == 200, answer.text
            if answer.json()["verdict"] != "allow":
                return str(answer.json()["case"])
            assert monotonic_s() < until_s, "an edited copy was not found"
            sleep_s(0.1)


@pytest.fixture(scope="module")
def world(running_vigie: RunningVigie) -> World:
    """Filled through the services, so that everything is in the ledger."""
    with running_vigie.domain():
        settings = current()
        create_bank(name=BANK, title="Drawn: Grey Heron", actor=COMMAND_LINE, level=Bank.Level.VERIFIED)
        add_platform(name="drawn", title="Drawn forum", url="", actor=COMMAND_LINE, settings=settings)
        create_bank(name="drawn-plain", title="Drawn: plain", actor=COMMAND_LINE)
        _, token = add_token(name="drawn", scopes=["content:write"], platform="drawn", actor=COMMAND_LINE)
        plain, turned, missed = (
            bank_file(data, Banking(bank, Provenance("unit A")), actor=COMMAND_LINE, settings=settings).entry
            for bank, data in (
                (BANK, as_bytes(detailed_picture(801))),
                (BANK, with_orientation(detailed_picture(802), 8)),
                ("drawn-plain", as_bytes(detailed_picture(803))),
            )
        )
    return World(running_vigie, token, plain.number, turned.number, missed.number)


def with_orientation(image: Image.Image, value: int) -> bytes:
    """A JPEG whose pixels are to be turned before anybody sees them, as of a telephone."""
    held, exif = io.BytesIO(), Image.Exif()
    exif[EXIF_ORIENTATION] = value
    image.save(held, "JPEG", quality=90, exif=exif)
    return held.getvalue()


def mirrored_and_cut(seed: int) -> Image.Image:
    """A tenth of it is gone below, and left is right."""
    return ImageOps.mirror(detailed_picture(seed)).crop((0, 0, 640, 432))


def captioned(seed: int) -> Image.Image:
    """With a bar of a fifth of its height below."""
    ground = Image.new("RGB", (640, 576), (250, 250, 250))
    ground.paste(detailed_picture(seed), (0, 0))
    return ground


def open_both(page: Page) -> None:
    """Both pictures of the first pair, by key."""
    page.keyboard.press("s")
    expect(page.locator(".veil .outlines")).to_have_count(2)


def brightness(stage: Locator) -> float:
    """The mean of what a stage shows, 0 to 255."""
    return float(np.asarray(Image.open(io.BytesIO(stage.screenshot())).convert("L")).mean())


def test_a_match_is_drawn_in_three_views_by_keyboard_alone(world: World, console: Any) -> None:
    number = world.open_case(as_bytes(mirrored_and_cut(801), "JPEG", quality=85))
    page = console.page_of("ops-anna")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/clear" in request.url else None)
    page.goto(f"{console.url}/cases/{number}")
    page.wait_for_load_state("networkidle")
    stage = page.locator(".stage")

    page.keyboard.press("v")
    expect(page.get_by_role("radio", name="Laid over")).to_be_checked()
    expect(page.get_by_text("Both pictures have to be shown first")).to_be_visible()
    expect(stage).to_be_hidden()
    assert asked == []

    page.get_by_role("button", name="Show both").focus()
    page.keyboard.press("Enter")
    expect(stage).to_be_visible()
    expect(stage.locator("img")).to_have_count(2)
    assert [(one.method, "purpose=" in (one.post_data or "")) for one in asked] == [("POST", True)] * 2
    assert stage.locator("img").first.evaluate("image => getComputedStyle(image).filter") == "grayscale(1)"

    slider = page.get_by_role("slider", name="Banked picture")
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator("output")).to_have_text("100 %")
    assert stage.locator("img").last.evaluate("image => getComputedStyle(image).opacity") == "1"
    page.keyboard.press("ArrowLeft")
    expect(page.locator("output")).to_have_text("95 %")
    page.keyboard.press("Escape")

    page.keyboard.press("v")
    expect(page.get_by_role("radio", name="Difference")).to_be_checked()
    expect(slider).to_be_hidden()
    aligned = brightness(stage)
    stage.locator("img").last.evaluate("image => { image.style.transform = 'none'; }")
    assert aligned * 3 < brightness(stage)

    page.keyboard.press("v")
    expect(page.get_by_role("radio", name="Side by side")).to_be_checked()
    expect(page.locator(".veil .outlines")).to_have_count(2)
    page.keyboard.press("s")
    page.keyboard.press("s")
    expect(page.locator(".outlines")).to_have_count(0)
    page.keyboard.press("v")
    expect(stage).to_be_hidden()

    page.reload()
    assert page.locator(".history").inner_text().count("review of case") >= 2


def test_pictures_that_their_files_turn_are_laid_as_they_are_seen(world: World, console: Any) -> None:
    number = world.open_case(with_orientation(mirrored_and_cut(802), 6))
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/cases/{number}")
    open_both(page)
    sizes = page.eval_on_selector_all(
        ".veil img", "images => images.map((one) => one.naturalHeight > one.naturalWidth)"
    )
    assert sizes == [True, True]
    page.get_by_role("radio", name="Difference").check()
    stage = page.locator(".stage")
    aligned = brightness(stage)
    stage.locator("img").last.evaluate("image => { image.style.transform = 'none'; }")
    assert aligned * 3 < brightness(stage)


def test_the_words_say_what_the_drawing_shows(world: World, console: Any) -> None:
    number = world.open_case(as_bytes(captioned(801), "JPEG", quality=85))
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/cases/{number}")
    reasons = page.locator(".match-reasons")
    expect(reasons).to_contain_text("% of the upload shows 100 % of the banked picture.")
    expect(reasons).to_contain_text("In the upload: 0 to 100 % of the width and 0 to 83 % of the height.")
    expect(reasons).to_contain_text("almost certainly the banked picture. It decides nothing alone.")


def test_leaving_the_page_alone_takes_the_drawing_away(world: World, console: Any) -> None:
    number = world.open_case(as_bytes(mirrored_and_cut(801), "JPEG", quality=85))
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/cases/{number}")
    open_both(page)
    page.keyboard.press("v")
    expect(page.locator(".stage")).to_be_visible()
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(page.locator(".stage")).to_be_hidden()
    expect(page.locator(".stage img")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_in_any_view_on_a_narrow_screen(
    world: World, console: Any, scheme: Any, axe_core: str
) -> None:
    number = world.open_case(as_bytes(mirrored_and_cut(801), "JPEG", quality=85))
    page = console.page_of(
        "ops-anna", color_scheme=scheme, bypass_csp=True, viewport={"width": 420, "height": 800}
    )
    check = _checker(page, axe_core)
    page.goto(f"{console.url}/cases/{number}")
    open_both(page)
    check()
    for _ in ("over", "difference"):
        page.keyboard.press("v")
        expect(page.locator(".stage")).to_be_visible()
        check()
    page.goto(f"{console.url}/banks/{BANK}/{world.plain}/missed")
    check()


def test_why_a_picture_was_missed_and_the_level_that_would_find_it(world: World, console: Any) -> None:
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/banks/drawn-plain/{world.missed}")
    page.get_by_role("link", name="Compare a picture").click()
    mirrored = as_bytes(ImageOps.mirror(detailed_picture(803)))
    page.set_input_files("[name=picture]", {"name": "m.png", "mimeType": "image/png", "buffer": mirrored})
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Level robust finds it")).to_be_visible()
    expect(page.get_by_text("bits differ: mirrored")).to_be_visible()
    page.get_by_role("button", name="Set Drawn: plain to level robust").click()
    expect(page.locator(".toast")).to_contain_text("Drawn: plain is at level robust now.")
    page.goto(f"{console.url}/banks/drawn-plain/settings")
    expect(page.locator("[name=level]")).to_have_value("robust")


def _checker(page: Page, axe_core: str) -> Callable[[], None]:
    def check() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= 420
        page.add_script_tag(content=axe_core)
        violations = page.evaluate("async () => (await axe.run()).violations")
        assert [(one["id"], [n["html"][:120] for n in one["nodes"]]) for one in violations] == []

    return check
