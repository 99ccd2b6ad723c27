"""Banks and entries in a real browser against a real Vigie: adding, two persons, pausing, importing, exporting."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pictures import as_bytes, flat_picture, picture

PAGES = (
    "/banks/",
    "/banks/ops-heron",
    "/banks/ops-empty",
    "/banks/ops-heron?state=removed&q=nothing",
    "/banks/ops-heron/add",
    "/banks/ops-heron/add?by=url",
    "/banks/ops-heron/add?by=signal",
    "/banks/ops-heron/transfer",
    "/banks/ops-heron/settings",
    "/banks/ops-heron/{entry}",
)
HEADER = "entry,signal_type,signal_value,quality,kind,colour\n"


def file(name: str, data: bytes) -> Any:
    """A file as Playwright chooses it."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def make_bank(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/banks/")
    page.fill("[name=title]", name)
    page.get_by_role("button", name="Make the bank").click()
    page.wait_for_url(f"**/banks/{name}")


def test_files_are_added_each_with_its_own_answer(console: Any) -> None:
    page = console.page_of("ops-anna")
    make_bank(page, console.url, "ops-files")
    expect(page.get_by_role("heading", name="This bank is empty")).to_be_visible()
    page.get_by_role("link", name="Add pictures").click()
    page.set_input_files(
        "[name=pictures]",
        [
            file("good.png", as_bytes(picture(301))),
            file("flat.png", as_bytes(flat_picture())),
            file("broken.png", as_bytes(picture(302))[:500]),
            file("empty.png", b""),
        ],
    )
    page.fill("[name=source]", "unit B")
    page.get_by_role("button", name="Add to the bank").click()

    rows = page.locator("table tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(0).get_by_role("link")).to_be_visible()
    expect(rows.nth(1)).to_contain_text("too poor to be matched")
    expect(rows.nth(2)).to_contain_text("not added")
    expect(rows.nth(3)).to_contain_text("The medium has no bytes.")
    # What was typed is still there for the next try.
    expect(page.locator("[name=source]")).to_have_value("unit B")

    page.goto(f"{console.url}/banks/ops-files")
    expect(page.locator(".tile")).to_have_count(2)
    veiled = page.locator(".tile img").first
    assert veiled.evaluate("image => getComputedStyle(image).filter").startswith("grayscale(1)")


def test_a_signal_alone_is_an_entry_and_a_wrong_one_keeps_the_form(console: Any) -> None:
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/banks/ops-heron/add?by=signal")
    page.select_option("[name=type]", "md5")
    page.fill("[name=value]", "abc")
    page.fill("[name=source]", "hash list")
    page.get_by_role("button", name="Add to the bank").click()
    expect(page.locator("main")).to_contain_text("A md5 signal is 32 hexadecimal digits.")
    expect(page.locator("[name=value]")).to_have_value("abc")

    page.fill("[name=value]", "0123456789ABCDEF" * 2)
    page.get_by_role("button", name="Add to the bank").click()
    page.wait_for_url("**/ops-heron/E-*")
    expect(page.locator("code", has_text="0123456789abcdef" * 2)).to_be_visible()

    page.goto(f"{console.url}/banks/ops-heron?q={'0123456789abcdef' * 2}")
    expect(page.locator(".tile")).to_have_count(1)


def test_a_private_address_is_not_fetched_and_the_form_is_kept(console: Any) -> None:
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/banks/ops-heron/add?by=url")
    page.fill("[name=url]", "http://127.0.0.1:9/picture.png")
    page.fill("[name=source]", "somewhere")
    page.get_by_role("button", name="Add to the bank").click()
    expect(page.locator("table")).to_contain_text("not added")
    expect(page.locator("[name=url]")).to_have_value("http://127.0.0.1:9/picture.png")


def test_who_added_an_entry_cannot_confirm_it_where_it_may_remove(console: Any) -> None:
    own = f"{console.url}/banks/ops-heron/{console.entries[0]}"
    ben = console.page_of("ops-ben")
    ben.goto(own)
    expect(ben.locator("main")).to_contain_text(
        "You added this entry yourself, so a second person has to confirm it."
    )
    expect(ben.get_by_role("button", name="Confirm the entry")).to_have_count(0)

    cleo = console.page_of("ops-cleo")
    cleo.goto(own)
    cleo.get_by_role("button", name="Confirm the entry").click()
    expect(cleo.locator(".toast")).to_contain_text("You confirmed this entry.")
    expect(cleo.get_by_text("Confirmed by ops-cleo")).to_be_visible()

    ben.reload()
    ben.get_by_role("button", name="Withdraw the confirmation").click()
    expect(ben.get_by_text("Nobody has confirmed yet")).to_be_visible()


def test_a_post_without_the_right_is_refused_even_if_no_button_leads_there(console: Any) -> None:
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/banks/ops-heron/{console.entries[1]}")
    expect(page.get_by_role("button", name="Confirm the entry")).to_have_count(0)
    status = page.evaluate(
        """async (url) => {
          const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
          const body = new URLSearchParams({csrfmiddlewaretoken: token});
          return (await fetch(url, {method: "POST", body})).status;
        }""",
        f"{console.url}/banks/ops-heron/{console.entries[1]}/confirm",
    )
    assert status == 403


def test_a_clear_picture_needs_a_purpose_and_is_in_the_history(console: Any) -> None:
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/banks/ops-heron/{console.entries[1]}")
    veil, image = page.locator("#veil"), page.locator("#veil img")
    page.get_by_role("button", name="Show it clear").click()
    expect(veil).to_have_class("veil is-veiled")

    page.fill("#purpose", "comparing with an upload")
    page.get_by_role("button", name="Show it clear").click()
    expect(veil).to_have_class("veil")
    assert str(image.get_attribute("src")).startswith("blob:")
    page.get_by_role("button", name="Veil it again").click()
    expect(veil).to_have_class("veil is-veiled")

    page.reload()
    expect(page.locator("table", has_text="comparing with an upload")).to_be_visible()


def test_an_entry_is_paused_removed_and_put_back(console: Any) -> None:
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/banks/ops-heron/{console.entries[2]}")
    page.get_by_role("button", name="1 day").click()
    expect(page.locator(".badge", has_text="does not match")).to_be_visible()
    page.get_by_role("button", name="Let it match again").click()
    expect(page.locator(".badge", has_text="does not match")).to_have_count(0)

    page.fill("[name=until]", "2020-01-01T10:00")
    page.get_by_role("button", name="Pause until then").click()
    expect(page.locator(".toast")).to_contain_text("This instant is over.")

    page.locator("summary", has_text="Remove from the bank").click()
    page.fill("#reason", "It is a kite.")
    page.get_by_role("button", name="Remove the entry").click()
    expect(page.get_by_role("button", name="Put it back")).to_be_visible()
    expect(page.locator("table", has_text="It is a kite.")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(".toast")).to_contain_text("back in its bank")


def test_a_note_and_an_expiry_are_kept_in_the_zone_they_are_typed_in(console: Any) -> None:
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/banks/ops-heron/{console.entries[2]}")
    page.fill("[name=note]", "Seen twice.\nAnd again.")
    page.fill("[name=expires_at]", "2031-03-04T05:06")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("The entry was saved.")
    expect(page.locator("[name=note]")).to_have_value("Seen twice.\nAnd again.")
    expect(page.locator("[name=expires_at]")).to_have_value("2031-03-04T05:06")
    expect(page.locator("dd time[datetime='2031-03-04T05:06:00Z']")).to_be_visible()


def test_an_import_counts_every_row_and_adds_nothing_twice(console: Any) -> None:
    page = console.page_of("ops-anna")
    make_bank(page, console.url, "ops-import")
    text = HEADER + "".join(f"n{n},md5,{n:032x},,known,grey\n" for n in range(120))
    text += f"bad,md5,xyz,,known,grey\nlow,pdq,{'a5' * 32},12,known,grey\n"
    for added, there in (("120", "0"), ("0", "120")):
        page.goto(f"{console.url}/banks/ops-import/transfer")
        page.set_input_files("[name=file]", file("herons.csv", text.encode()))
        page.fill("[name=source]", "partner list")
        page.get_by_role("button", name="Import").click()
        expect(page.locator("#import-state .badge", has_text="done")).to_be_visible(timeout=60_000)
        figures = page.locator(".figures dd")
        assert figures.all_inner_texts() == ["122", added, there, "2"]
    expect(page.locator("main")).to_contain_text("colour")
    expect(page.locator("table").first).to_contain_text("the signal is not written as its type asks")
    expect(page.locator("table").nth(1)).to_contain_text("122")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download them").click()
    assert "122,signal_malformed," in download.value.path().read_text()


def test_a_file_that_cannot_be_read_says_why(console: Any) -> None:
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/banks/ops-heron/transfer")
    page.set_input_files("[name=file]", file("herons.csv", b"no header at all\n"))
    page.fill("[name=source]", "partner list")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "The first line has no column for signals.", timeout=30_000
    )


def test_a_bank_is_exported_in_both_forms(console: Any) -> None:
    page = console.page_of("ops-nils")
    page.goto(f"{console.url}/banks/ops-heron/transfer")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0].startswith("entry,signal_type,signal_value")
    assert any(line.startswith(f"{console.entries[0]},pdq,") for line in lines)
    with page.expect_download() as download:
        page.get_by_role("link", name="ThreatExchange local file").click()
    assert any(line.startswith("pdq ") for line in download.value.path().read_text().splitlines())


def test_a_bank_is_switched_off_and_on_again(console: Any) -> None:
    page = console.page_of("ops-anna")
    make_bank(page, console.url, "ops-switch")
    page.get_by_role("button", name="Switch matching off").click()
    expect(page.locator("main")).to_contain_text("Matching is off for this bank")
    page.get_by_role("button", name="Switch matching on").click()
    expect(page.locator("main")).not_to_contain_text("Matching is off for this bank")


def test_a_name_that_is_taken_keeps_what_was_typed(console: Any) -> None:
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/banks/")
    page.fill("[name=title]", "Again")
    page.fill("[name=name]", "ops-heron")
    page.get_by_role("button", name="Make the bank").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("Again")


def test_an_auditor_sees_everything_and_changes_nothing(console: Any) -> None:
    page = console.page_of("ops-audrey")
    for path in ("/banks/", "/banks/ops-heron", "/banks/ops-heron/settings", "/banks/ops-heron/transfer"):
        page.goto(console.url + path)
        assert (
            page.locator("main form[method=post]:not([action*=logout]) button[type=submit]").count() == 0
        ), path
    assert page.goto(f"{console.url}/banks/ops-heron/add").status == 403


@pytest.mark.parametrize("width_px", [380, 1440])
def test_no_page_is_wider_than_the_screen(console: Any, width_px: int) -> None:
    page = console.page_of("ops-ben", viewport={"width": width_px, "height": 800})
    for path in PAGES:
        page.goto(console.url + path.format(entry=console.entries[0]))
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(console: Any, scheme: str, axe_core: str) -> None:
    page = console.page_of("ops-ben", color_scheme=scheme, bypass_csp=True)
    for path in PAGES:
        page.goto(console.url + path.format(entry=console.entries[0]))
        page.add_script_tag(content=axe_core)
        violations = page.evaluate("async () => (await axe.run()).violations")
        assert [(one["id"], [n["html"][:120] for n in one["nodes"]]) for one in violations] == [], path


def test_the_banks_speak_french(console: Any) -> None:
    page = console.page_of("ops-fleur")
    page.goto(f"{console.url}/banks/ops-heron/{console.entries[0]}")
    expect(page.get_by_role("heading", name="Provenance")).to_be_visible()
    expect(page.get_by_role("heading", name="Mettre en pause")).to_be_visible()
