"""Reports that come by post, telephone or mail: decided like notices, and counted as own initiative."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.test import Client

from api_calls import service, with_own_token, with_token
from command_line import done
from domain import Domain, make_domain
from transparency_emulator import TOKEN, TransparencyEmulator
from vigie.cases.decisions import DecisionDraft
from vigie.flows.decision import decide
from vigie.flows.notice import notify
from vigie.foundation.clock import now
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.secretbox import unlock_text
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.misuse.models import MisuseRecord
from vigie.notices import service as notices
from vigie.notices.flaggers import add_flagger
from vigie.notices.models import Notice, Threat
from vigie.notices.service import NoticeDraft
from vigie.people.models import User
from vigie.platforms.service import find_platform
from vigie.redress.models import Statement
from vigie.redress.transparency.service import submit_due
from vigie.reports import service as reports
from vigie.reports.periods import year

pytestmark = pytest.mark.usefixtures("database")
URL = "https://forum.example/p/8731"
NEW = "/notices/new"
KEEP = DecisionDraft("keep", "harmless", exemption="none")
REMOVE = DecisionDraft("remove", "it is so", legal_type="c", exemption="none")
WORDS = "The poster calls on readers to join the column."
DRAFT = NoticeDraft(
    text=WORDS,
    url=URL,
    category="terrorism",
    language="en",
    good_faith=True,
    came_by=Notice.CameBy.POST,
    email="somebody@heron.example",
)


# What somebody types who takes a call.
CALL = {
    "came_by": "telephone",
    "platform": "forum",
    "url": URL,
    "content": "post-8731",
    "category": "terrorism",
    "text": WORDS,
    "name": "Somebody",
    "email": "somebody@heron.example",
    "language": "fr",
}


@pytest.fixture
def database_of_eu() -> Iterator[TransparencyEmulator]:
    emulator = TransparencyEmulator()
    yield emulator
    emulator.close()


@pytest.fixture
def domain(database: str, database_of_eu: TransparencyEmulator, monkeypatch: pytest.MonkeyPatch) -> Domain:
    """A database with the Transparency Database switched on."""
    monkeypatch.setenv("VIGIE_TRANSPARENCY_URL", database_of_eu.url + "/")
    monkeypatch.setenv("VIGIE_TRANSPARENCY_TOKEN", TOKEN)
    current.cache_clear()
    return make_domain()


def send(came_by: Notice.CameBy, **changes: str) -> Notice:
    """Somebody reports, in this way."""
    return notify(
        replace(DRAFT, came_by=came_by, **changes),  # type: ignore[arg-type]  # texts alone are changed
        platform=find_platform("forum"),
        content_id="",
        from_address="",
        actor=COMMAND_LINE,
        settings=current(),
    )


def removed(notice: Notice, domain: Domain) -> Statement:
    """A person removes what was reported; the statement of that."""
    assert notice.case is not None
    decide(notice.case.number, REMOVE, user=domain.anna)
    return Statement.objects.get(case=notice.case)


def sources(emulator: TransparencyEmulator) -> list[str]:
    """What the Transparency Database was told of where it came from."""
    submit_due(door=OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"})), settings=current(), at=now())
    return [one["source_type"] for one in emulator.kept.values()]


def totals() -> dict[str, str]:
    """Notices received, measures by the law of which found by machine: parts 4 and 5 of the report of this year."""
    tables = {one.name.split("-")[1]: one for one in reports.compute("dsa", year(now().year)).tables}
    found = []
    for part in ("4", "5"):
        table = tables[part]
        kind = next(place for place, one in enumerate(table.header) if one.startswith("Category of"))
        first = table.column('Description of the sub-category "Other"') + 1
        total = next(row for row in table.rows if row[kind] == "TOTAL")
        found += [total[first], total[first + 1]]
    return {"notices": found[0], "own": found[2], "by_machine": found[3]}


def signed_in(user: User) -> Client:
    """The console, as this person has it."""
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def kept(notice: Notice) -> dict[str, object]:
    """What is stored of a notice, read as those may who decide."""
    contact = unlock_text(notice.locked_contact, settings=current()) if notice.locked_contact else ""
    return {
        "came_by": notice.came_by,
        "content": notice.content.external_id,
        "url": notice.url,
        "category": notice.category,
        "language": notice.language,
        "threat": notice.threat_to_life,
        "text": notices.notice_text(notice, settings=current()),
        "contact": contact,
        "cause": notice.case.cause if notice.case else None,
    }


def test_what_comes_by_post_is_own_initiative_in_statement_report_and_database(
    domain: Domain, database_of_eu: TransparencyEmulator
) -> None:
    notice = send(Notice.CameBy.POST)
    statement = removed(notice, domain)
    assert statement.cause == "referral"
    assert "on our own initiative" in statement.text
    assert "reported to us in a notice" not in statement.text
    assert "No automated means were used to find it." in statement.text
    assert sources(database_of_eu) == ["SOURCE_TYPE_OTHER_NOTIFICATION"]
    assert totals() == {"notices": "0", "own": "1", "by_machine": "0"}
    received = LedgerEntry.objects.get(event="notices.notice_received.v1")
    assert received.facts["came_by"] == "post"
    # Whoever wrote the letter is answered all the same.
    notice.refresh_from_db()
    assert (notice.state, notice.outcome) == ("told", "acted_law")


def test_what_comes_by_form_stays_a_notice(domain: Domain, database_of_eu: TransparencyEmulator) -> None:
    assert removed(send(Notice.CameBy.FORM), domain).cause == "notice"
    assert sources(database_of_eu) == ["SOURCE_ARTICLE_16"]
    assert totals() == {"notices": "1", "own": "0", "by_machine": "0"}


@pytest.mark.parametrize("first", [Notice.CameBy.FORM, Notice.CameBy.EMAIL])
def test_where_both_came_the_decision_is_taken_because_of_the_notice(
    first: Notice.CameBy, domain: Domain
) -> None:
    second = Notice.CameBy.EMAIL if first == Notice.CameBy.FORM else Notice.CameBy.FORM
    one = send(first)
    other = send(second, email="other@heron.example")
    assert one.case == other.case
    assert removed(other, domain).cause == "notice"
    assert totals() == {"notices": "1", "own": "0", "by_machine": "0"}


def test_a_referral_is_no_misuse_of_notices(domain: Domain) -> None:
    notice = send(Notice.CameBy.TELEPHONE)
    assert notice.case is not None
    decide(notice.case.number, KEEP, user=domain.anna)
    assert notices.find_unfounded(notice.number, user=domain.anna).unfounded
    assert not MisuseRecord.objects.exists()


def test_how_it_came_is_said_by_command_line_api_and_console(domain: Domain) -> None:
    done("notice", "add", URL, "--platform", "forum", "--text", WORDS, "--came-by", "telephone")
    assert done("notice", "show", "N-000001")["came_by"] == "telephone"
    anna = with_own_token(domain.anna)
    assert anna.get("/notices/N-000001").json()["came_by"] == "telephone"
    page = signed_in(domain.anna).get("/notices/N-000001").content.decode()
    assert "the telephone (a referral: counts as own initiative)" in page


def test_a_service_says_how_it_came_and_a_trusted_flagger_sends_notices_alone(domain: Domain) -> None:
    sent = {"platform": "forum", "url": URL, "text": WORDS, "good_faith": True}
    caller = service("notices:write", platform="forum")
    assert caller.post("/notices", sent).json()["came_by"] == "api"
    assert caller.post("/notices", {**sent, "referred_by": "email"}).json()["came_by"] == "email"
    assert caller.post("/notices", {**sent, "referred_by": "form"}).status_code == 422
    _, token = add_flagger(
        name="heron-watch",
        title="Heron Watch",
        designated_by="A Coordinator",
        expertise=("terrorism",),
        actor=COMMAND_LINE,
    )
    flagger = with_token(token)
    assert flagger.post("/notices", {**sent, "referred_by": "post"}).status_code == 422
    assert flagger.post("/notices", sent).json()["came_by"] == "flagger"


def test_console_api_and_command_line_keep_the_same_of_a_call(domain: Domain) -> None:
    page = signed_in(domain.anna).post(NEW, CALL)
    assert page.status_code == 200
    sent = {key: value for key, value in CALL.items() if key != "came_by"}
    anna = with_own_token(domain.anna)
    assert anna.post("/notices", {**sent, "referred_by": "telephone", "good_faith": True}).status_code == 201
    options = [
        part
        for key in ("platform", "content", "text", "name", "email", "language")
        for part in (f"--{key}", CALL[key])
    ]
    done("notice", "add", URL, *options, "--came-by", "telephone", "--by", "anna")
    typed, *others = [kept(one) for one in Notice.objects.order_by("pk")]
    assert typed["cause"] == "referral"
    assert typed["content"] == "post-8731"
    assert "somebody@heron.example" in str(typed["contact"])
    assert others == [typed, typed]
    received = LedgerEntry.objects.filter(event="notices.notice_received.v1")
    assert {one.actor for one in received} == {f"person:{domain.anna.pk}"}


def test_the_private_address_of_what_is_entered_is_shown_once_and_opens(domain: Domain) -> None:
    browser = signed_in(domain.anna)
    page = browser.post(NEW, CALL).content.decode()
    notice = Notice.objects.get()
    link = notices.notice_address(notice, settings=current())
    assert link in page
    assert link not in browser.get(f"/notices/{notice.number}").content.decode()
    assert "Votre signalement" in Client(SERVER_NAME="127.0.0.1").get(urlsplit(link).path).content.decode()


def test_a_call_about_a_threat_to_life_raises_the_threat(domain: Domain) -> None:
    signed_in(domain.anna).post(NEW, {**CALL, "threat_to_life": "on"})
    assert Threat.objects.get().notice == Notice.objects.get()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"came_by": "form"}, "form is not one of the available choices"),
        ({"came_by": ""}, "This field is required."),
        ({"platform": "elsewhere"}, "elsewhere is not one of the available choices"),
        ({"url": "forum.example/p/8731"}, "Give the exact address of the content."),
        ({"text": "too short"}, "at least 10 characters"),
        ({"text": " " * 9 + "so" + " " * 9}, "at least 10 characters"),
        ({"email": "nobody"}, "This is no e-mail address."),
        ({"content": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_no_referral_is_refused_and_nothing_typed_is_lost(
    domain: Domain, wrong: dict[str, str], said: str
) -> None:
    answer = signed_in(domain.anna).post(NEW, {**CALL, **wrong})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'value="Somebody"' in page
    assert not Notice.objects.exists()


def test_who_may_not_send_notices_may_not_enter_referrals(domain: Domain) -> None:
    browser = signed_in(User.objects.create(username="audrey", role="auditor"))
    assert browser.post(NEW, CALL).status_code == 403
    assert NEW not in browser.get("/notices/").content.decode()
    assert NEW in signed_in(domain.anna).get("/notices/").content.decode()
    assert not Notice.objects.exists()


def test_the_form_speaks_french(domain: Domain) -> None:
    domain.anna.language = "fr"
    domain.anna.save(update_fields=["language"])
    page = signed_in(domain.anna).get(NEW).content.decode()
    assert "Saisir une communication" in page
    assert "le téléphone" in page
