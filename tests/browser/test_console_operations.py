"""Deliveries, alarms, platforms, ledger, policy and people in a real browser against a real Vigie."""

import json
from itertools import pairwise
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from loopback import LoopbackServer, answer
from operations_world import PASSWORD, ROLES
from vigie.ledger.chain import GENESIS
from vigie.people.rights import Right, Role, rights_of_role
from vigie.platforms.messages import EnforcementMessage
from vigie.platforms.signatures import SignatureAccepted, verify
from vigie.policy import PolicyInvalid, parse_policy
from vigie.policy.defaults import default_policy_text

PAGES = {
    "/banks/": "banks:read",
    "/statements/": "cases:read",
    "/notices/": "cases:read",
    "/notices/?state=told": "cases:read",
    "/notices/new": "notices:write",
    "/notices/flaggers": "people:write",
    "/threats/": "cases:read",
    "/statements/database": "cases:read",
    "/misuse/": "cases:read",
    "/misuse/?stage=suspended": "cases:read",
    "/complaints/": "cases:read",
    "/complaints/?state=set_aside": "cases:read",
    "/complaints/?state=decided": "cases:read",
    "/banks/ops-heron/lookbacks": "banks:read",
    "/archive/": "banks:read",
    "/deliveries/": "platforms:read",
    "/deliveries/?state=pending": "platforms:read",
    "/deliveries/?state=delivered": "platforms:read",
    "/alarms/": "platforms:read",
    "/alarms/?show=over": "platforms:read",
    "/platforms/": "platforms:read",
    "/platforms/ops-forum": "platforms:read",
    "/reports/": "ledger:read",
    "/reports/profile": "ledger:read",
    "/ledger/": "ledger:read",
    "/ledger/?event=evidence.&from=1": "ledger:read",
    "/ledger/checkpoints": "ledger:read",
    "/ledger/verification": "ledger:read",
    "/policy/": "policy:read",
    "/policy/facts": "policy:read",
    "/policy/history": "policy:read",
    "/policy/edit": "policy:write",
    "/people/": "people:write",
    "/people/tokens": "people:write",
    "/people/rights": "people:write",
}


@pytest.mark.parametrize("name", sorted(ROLES))
def test_a_page_opens_for_those_who_have_its_right_and_for_nobody_else(console: Any, name: str) -> None:
    page = console.page_of(name)
    rights = rights_of_role(ROLES[name])
    opened = {path: page.request.get(console.url + path).status for path in PAGES}
    assert opened == {path: 200 if Right(right) in rights else 403 for path, right in PAGES.items()}


def test_nobody_who_is_not_signed_in_sees_anything(console: Any) -> None:
    for path in PAGES:
        reply = httpx.get(console.url + path, follow_redirects=False)
        assert (reply.status_code, reply.headers["location"].split("?")[0]) == (302, "/accounts/login/"), path


def test_a_dead_letter_is_sent_again(console: Any) -> None:
    auditor = console.page_of("ops-audrey")
    auditor.goto(f"{console.url}/deliveries/?state=dead&platform=ops-forum")
    row = auditor.locator("tbody tr", has_text="post-1")
    expect(row).to_contain_text("remove the content")
    expect(row).to_contain_text("The platform answered with status 503.")
    expect(row.get_by_role("button")).to_have_count(0)

    page = console.page_of("ops-ben")
    page.goto(f"{console.url}/deliveries/?state=dead&platform=ops-forum")
    page.locator("tbody tr", has_text="post-1").get_by_role("button").click()
    expect(page.locator(".toast")).to_contain_text("on its way again")
    page.goto(f"{console.url}/deliveries/?state=pending&platform=ops-forum")
    expect(page.locator("tbody tr", has_text="post-1")).to_be_visible()


def test_an_alarm_that_somebody_saw_leaves_the_list(console: Any) -> None:
    page = console.page_of("ops-anna")
    page.goto(f"{console.url}/alarms/")
    row = page.locator("tbody tr", has_text="hxxps://forum[.]example/p/2")
    expect(row).to_contain_text("Its address answers with status 200.")
    row.get_by_role("button", name="I have seen it").click()
    expect(page.get_by_role("heading", name="No alarm")).to_be_visible()
    page.goto(f"{console.url}/alarms/?show=seen")
    expect(page.locator("tbody tr")).to_contain_text("Seen by ops-anna")


def test_a_secret_is_shown_once(console: Any) -> None:
    page = console.page_of("ops-ada")
    page.goto(f"{console.url}/platforms/")
    page.fill("[name=title]", "Ops board")
    page.fill("[name=url]", "https://board.example/hook")
    page.get_by_role("button", name="Connect").click()
    secret = page.locator("#secret").inner_text()
    assert len(secret) > 30
    page.goto(f"{console.url}/platforms/ops-board")
    assert secret not in page.content()

    page.locator("summary", has_text="Renew the secret").click()
    page.get_by_role("button", name="Make a new secret").click()
    assert page.locator("#secret").inner_text() != secret

    page.goto(f"{console.url}/platforms/ops-board")
    page.fill("[name=gone_statuses]", "404, twelve")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Statuses are numbers of three digits")
    expect(page.locator("[name=gone_statuses]")).to_have_value("404, twelve")
    page.fill("[name=gone_statuses]", "404, 302")
    page.uncheck("[name=active]")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[name=gone_statuses]")).to_have_value("302, 404")
    expect(page.locator("main")).to_contain_text("Switched off")


def test_a_test_message_to_a_private_address_is_not_sent(console: Any) -> None:
    server = LoopbackServer(answer(200))
    try:
        page = console.page_of("ops-ada")
        page.goto(f"{console.url}/platforms/")
        page.fill("[name=title]", "Ops private")
        page.fill("[name=url]", f"{server.url}/hook")
        page.get_by_role("button", name="Connect").click()
        page.get_by_role("button", name="Send a test message").click()
        expect(page.locator(".notice-danger")).to_contain_text("VIGIE_ALLOWED_FETCH_HOSTS")
        assert server.requests == []
    finally:
        server.close()


@pytest.mark.slow
def test_a_test_message_reaches_its_platform_signed(console: Any, vigie_starter: Any) -> None:
    server = LoopbackServer(answer(204))
    vigie = vigie_starter(VIGIE_ALLOWED_FETCH_HOSTS="127.0.0.1")
    vigie.command(
        "user", "add", "ada", "--role", "administrator", "--password-stdin", input_text=PASSWORD + "\n"
    )
    try:
        page = console.browser.new_context().new_page()
        page.goto(f"{vigie.url}/accounts/login/?next=/platforms/")
        page.fill("[name=login]", "ada")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{vigie.url}/platforms/")
        page.fill("[name=title]", "Forum")
        page.fill("[name=url]", f"{server.url}/hook")
        page.get_by_role("button", name="Connect").click()
        secret = page.locator("#secret").inner_text()
        page.get_by_role("button", name="Send a test message").click()
        expect(page.locator(".notice-ok")).to_contain_text("status 204")
    finally:
        server.close()
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    headers = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head.decode().split("\r\n")[1:])
    }
    message = EnforcementMessage.from_body(body)
    outcome = verify(
        secret,
        timestamp_header=headers["vigie-timestamp"],
        signature_header=headers["vigie-signature"],
        body=body,
        at=message.at,
    )
    assert outcome == SignatureAccepted()
    assert (message.test, message.case, message.author_id) == (True, None, None)


def test_the_ledger_is_filtered_verified_signed_and_downloaded(console: Any) -> None:
    page = console.page_of("ops-cleo")
    page.goto(f"{console.url}/ledger/")
    page.fill("[name=subject]", console.entries[0])
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tbody tr").last).to_contain_text("An entry was added")
    expect(page.locator("tbody tr").last).to_contain_text("ops-ben")
    page.locator("tbody summary").last.click()
    expect(page.locator("tbody dd", has_text="banks.entry_added.v1")).to_be_visible()

    page.goto(f"{console.url}/ledger/checkpoints")
    page.get_by_role("button", name="Sign a checkpoint").click()
    expect(page.locator("tbody tr").first).to_be_visible()

    page.goto(f"{console.url}/ledger/")
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_role("heading", name="The ledger is whole")).to_be_visible(timeout=60_000)

    page.goto(f"{console.url}/ledger/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    rows = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["previous_hash"] == GENESIS.hex()
    assert all(later["previous_hash"] == row["hash"] for row, later in pairwise(rows))


def test_an_auditor_verifies_and_does_not_sign(console: Any) -> None:
    page = console.page_of("ops-audrey")
    page.goto(f"{console.url}/ledger/checkpoints")
    expect(page.get_by_role("button", name="Sign a checkpoint")).to_have_count(0)
    page.goto(f"{console.url}/ledger/verification")
    expect(page.get_by_role("button", name="Verify now")).to_be_visible()


def test_an_error_in_a_policy_is_shown_as_it_is_told_and_changes_nothing(console: Any) -> None:
    text = default_policy_text().replace("match.distance_bits == 0", "match.distance_bit == 0")
    with pytest.raises(PolicyInvalid) as problem:
        parse_policy(text, source_name="policy.yaml")
    page = console.page_of("ops-ada")
    page.goto(f"{console.url}/policy/history")
    activations = page.locator("tbody tr").count()
    page.goto(f"{console.url}/policy/edit")
    page.fill("[name=text]", text)
    page.get_by_role("button", name="Check and activate").click()
    assert page.locator("#problems").inner_text().rstrip() == problem.value.render().rstrip()
    assert "^" in problem.value.render()
    expect(page.locator("[name=text]")).to_have_value(text)
    page.goto(f"{console.url}/policy/history")
    expect(page.locator("tbody tr")).to_have_count(activations)


def test_a_policy_is_checked_activated_and_taken_back(console: Any) -> None:
    text = default_policy_text().replace("name: default", "name: stricter")
    page = console.page_of("ops-ada")
    page.goto(f"{console.url}/policy/edit")
    page.fill("[name=text]", text)
    page.get_by_role("button", name="Only check").click()
    expect(page.locator(".notice-ok")).to_contain_text("It is not active yet.")
    page.get_by_role("button", name="Check and activate").click()
    expect(page.locator(".toast")).to_contain_text("of the policy is active.")
    expect(page.locator("h2").first).to_contain_text("stricter@")

    page.goto(f"{console.url}/policy/versions/1")
    page.locator("summary", has_text="Make it active again").click()
    page.get_by_role("button", name="Activate").click()
    expect(page.locator(".toast")).to_contain_text("Version 1 of the policy is active.")
    page.goto(f"{console.url}/policy/history")
    expect(page.locator("tbody tr").first).to_contain_text("ops-ada")


def test_somebody_gets_access_another_role_and_loses_it(console: Any) -> None:
    page = console.page_of("ops-ada")
    page.goto(f"{console.url}/people/")
    page.fill("[name=username]", "ops-nora")
    page.get_by_label("First password").fill("short")
    page.get_by_role("button", name="Give access").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=username]")).to_have_value("ops-nora")
    expect(page.get_by_label("First password")).to_have_value("")

    page.get_by_label("First password").fill(PASSWORD)
    page.get_by_role("button", name="Give access").click()
    expect(page.locator(".toast")).to_contain_text("ops-nora can sign in now.")
    nora = console.page_of("ops-nora")

    row = page.locator("tbody tr", has_text="ops-nora")
    row.locator("summary").click()
    row.locator("select").select_option("auditor")
    row.get_by_role("button", name="Change the role").click()
    expect(page.locator("tbody tr", has_text="ops-nora")).to_contain_text("Auditor")
    assert nora.goto(f"{console.url}/ledger/").status == 200

    row.locator("summary").click()
    row.get_by_label("New password").fill(f"{PASSWORD} and another")
    row.get_by_role("button", name="Set the password").click()
    expect(page.locator(".toast")).to_contain_text("is signed out everywhere")
    nora.goto(f"{console.url}/ledger/")
    assert "/accounts/login/" in nora.url

    row.locator("summary").click()
    row.get_by_role("button", name="Take the access away").click()
    expect(page.locator("tbody tr", has_text="ops-nora")).to_contain_text("no access")


def test_nobody_changes_their_own_access(console: Any) -> None:
    page = console.page_of("ops-ada")
    page.goto(f"{console.url}/people/")
    own = page.locator("tbody tr", has=page.locator(".badge", has_text="you"))
    expect(own.locator("form")).to_have_count(0)


def test_a_token_is_shown_once_works_and_stops_when_revoked(console: Any) -> None:
    page = console.page_of("ops-ada")
    page.goto(f"{console.url}/people/tokens")
    page.fill("[name=name]", "ops service")
    page.check("[value='banks:read']")
    page.get_by_role("button", name="Make the token").click()
    text = page.locator("#token").inner_text()
    headers = {"Authorization": f"Bearer {text}"}
    assert httpx.get(f"{console.url}/v1/banks", headers=headers).status_code == 200

    page.goto(f"{console.url}/people/tokens")
    assert text not in page.content()
    row = page.locator("tbody tr", has_text="ops service")
    row.locator("summary").click()
    row.get_by_role("button", name="Revoke the token").click()
    expect(page.locator("tbody tr", has_text="ops service")).to_contain_text("revoked")
    assert httpx.get(f"{console.url}/v1/banks", headers=headers).status_code == 401


def test_the_table_of_rights_is_the_one_in_force(console: Any) -> None:
    page = console.page_of("ops-ada")
    page.goto(f"{console.url}/people/rights")
    for row, right in zip(page.locator("tbody tr").all(), Right, strict=True):
        expect(row.locator("th")).to_contain_text(right.value)
        cells = row.locator("td .only-heard").all_inner_texts()
        assert [cell == "yes" for cell in cells[:-1]] == [right in rights_of_role(role) for role in Role]


@pytest.mark.parametrize("width_px", [380, 1440])
def test_no_page_is_wider_than_the_screen(console: Any, width_px: int) -> None:
    page = console.page_of("ops-ada", viewport={"width": width_px, "height": 800})
    for path in PAGES:
        page.goto(console.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(console: Any, scheme: str, axe_core: str) -> None:
    page = console.page_of("ops-ada", color_scheme=scheme, bypass_csp=True)
    for path in PAGES:
        page.goto(console.url + path)
        page.add_script_tag(content=axe_core)
        violations = page.evaluate("async () => (await axe.run()).violations")
        assert [(one["id"], [n["html"][:120] for n in one["nodes"]]) for one in violations] == [], path


def test_the_operations_speak_french(console: Any) -> None:
    page = console.page_of("ops-fleur")
    for path, heading in (("/ledger/", "Registre"), ("/policy/", "Politique"), ("/people/", "Personnes")):
        page.goto(console.url + path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
