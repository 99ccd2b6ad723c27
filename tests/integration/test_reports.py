"""Transparency reports over real orders, decisions and complaints: computed, filled in, published, recomputed."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from api_calls import person, service, signed_in, with_own_token
from command_line import done, run
from domain import Domain, make_domain
from order_world import NIGHT, OrderWorld, make_order_world
from redress_world import deliver_everything, open_case
from vigie.cases.decisions import DecisionDraft
from vigie.flows.complaint import Outcome, complain_about, decide_complaint
from vigie.flows.decision import decide
from vigie.foundation.blobs import open_blobs
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.checkpoints import sign_checkpoint
from vigie.ledger.models import LedgerEntry
from vigie.ledger.service import head_seq
from vigie.people.models import User
from vigie.redress import complaints
from vigie.redress.models import Complaint, Statement
from vigie.reports import service as reports
from vigie.reports.periods import Period, year
from vigie.reports.report import KINDS, Kind, all_files
from vigie.reports.templates import PARTS

pytestmark = pytest.mark.usefixtures("database")
REMOVE = DecisionDraft("remove", "a copy of the poster", legal_type="a", exemption="none")
REPLY = "It is a press photograph and reports on the march."


def this_year() -> Period:
    """The year in which the test runs: the ledger's clock is the real one."""
    return year(now().year)


def values(period: Period) -> dict[str, int]:
    return {one.line.id: one.value for one in reports.compute("tco", period).figures}


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


@pytest.fixture
def domain() -> Domain:
    made = make_domain()
    made.bank_confirmed(1)
    return made


@pytest.fixture
def lea(world: OrderWorld) -> User:
    """A legal officer, who may publish."""
    return world.legal


def object_and_decide(statement: Statement, decider: User, outcome: str) -> Complaint:
    """The restricted user objects, and another person decides."""
    complaint = complain_about(
        statement,
        REPLY,
        came_by=Complaint.CameBy.LINK,
        language="en",
        actor=COMMAND_LINE,
        settings=current(),
    )
    complaints.assign(complaint.number, user=decider)
    return decide_complaint(complaint.number, Outcome(outcome, REPLY), user=decider, settings=current())


def test_two_orders_about_one_address_are_two_orders_and_one_item(world: OrderWorld) -> None:
    first = world.order("REF-1")
    second = world.order("REF-2", authority="Other authority", issuing_state="DE")
    world.step(first, "execute")
    world.step(second, "execute")
    world.platform_obeys(first)

    found = values(year(2026))
    assert (found["orders"], found["c1_orders"], found["c1"], found["c3_late"]) == (2, 2, 1, 0)


def test_what_was_gone_before_forged_or_repeated_is_not_counted(world: OrderWorld) -> None:
    gone = world.order("REF-1")
    world.step(gone, "executed_by_hand", measure="removed", done_at=(NIGHT - timedelta(days=1)).isoformat())
    forged = world.order("REF-2", urls=["http://forum.example/p/2"])
    world.step(forged, "refuse", reason="The authority knows nothing of it.")
    world.receive(b"no order at all")
    unclear = world.order("REF-3", urls=["http://forum.example/p/3"])
    world.receive(b"again", received_at=NIGHT)
    world.step(unclear, "cannot_execute", ground="manifest_errors", reason="Wrong address.")
    late = world.order("REF-4", urls=["http://forum.example/p/4"])
    world.step(late, "execute", minutes=70)
    world.platform_obeys(late, minutes=71)

    found = values(year(2026))
    assert {name: found[name] for name in ("orders", "orders_not_genuine", "c1", "c3_late")} == {
        "orders": 3,
        "orders_not_genuine": 1,
        "c1": 1,
        "c3_late": 1,
    }
    assert (values(this_year())["c3"], values(this_year())["c3_manifest_errors"]) == (1, 1)


def test_infringement_gives_back_and_is_counted_as_required_by_a_review(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    world.platform_obeys(order)
    world.step(order, "ask_scrutiny", minutes=60, asked_by="provider")
    world.step(
        order, "infringement", minutes=120, by=world.legal, reason="It infringes Article 11 of the Charter."
    )

    found = values(this_year())
    assert (found["e_scrutiny"], found["e_infringement"]) == (1, 1)
    assert (found["f"], found["f_infringement"]) == (1, 1)


def test_specific_measures_and_their_complaints_are_article_10_and_others_are_not(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    carl = person("carl", "reviewer")
    decide(open_case(domain, "p1"), REMOVE, user=domain.anna)
    deliver_everything()
    object_and_decide(Statement.objects.get(), carl, "reversed")
    monkeypatch.setenv("VIGIE_SPECIFIC_MEASURES_SINCE", "2000-01-01")
    current.cache_clear()
    decide(open_case(domain, "p2"), REMOVE, user=domain.anna)
    hide = replace(REMOVE, action="hide", legal_type="")
    decide(open_case(domain, "p3"), hide, user=domain.anna)
    deliver_everything()
    object_and_decide(Statement.objects.order_by("id")[1], carl, "reversed")

    found = values(this_year())
    assert (found["c2"], found["own_initiative"]) == (1, 1)
    assert (found["d"], found["d_reversed"], found["g"]) == (1, 1, 1)
    assert (found["dsa20"], found["dsa20_reversed"], found["g_dsa20"]) == (1, 1, 1)

    parts = {one.name: one for one in reports.compute("dsa", this_year()).tables}
    assert parts["part-5-own-initiative-illegal"].rows[0][5] == "2"
    assert parts["part-6-own-initiative-tc"].rows[0][5] == "1"


def test_the_report_needs_no_table_but_the_ledger(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    deliver_everything()
    object_and_decide(Statement.objects.get(), person("carl", "reviewer"), "reversed")
    reports.write_field("tco_identify", "We look at everything twice.", period=None, actor=COMMAND_LINE)
    sign_checkpoint(current(), actor=COMMAND_LINE)
    through, period = head_seq(), this_year()
    before = {kind: _bytes(kind, period, through) for kind in KINDS}

    _forget_everything_but_the_ledger()

    assert {kind: _bytes(kind, period, through) for kind in KINDS} == before
    assert b"We look at everything twice." in before["tco"]["report.en.html"]
    assert reports.compute("tco", period, through=through).point.signed_through > 0


def _bytes(kind: Kind, period: Period, through: int) -> dict[str, bytes]:
    return dict(all_files(reports.compute(kind, period, through=through)))


def _forget_everything_but_the_ledger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [row[0] for row in cursor.fetchall()]
        others = [one for one in names if one not in ("ledger_entry", "ledger_head", "django_migrations")]
        assert len(others) > 20
        cursor.execute("TRUNCATE " + ", ".join(f'"{one}"' for one in others) + " CASCADE")


def test_what_came_later_does_not_change_a_report_of_an_earlier_ledger(world: OrderWorld) -> None:
    order = world.order()
    earlier = head_seq()
    first = _bytes("tco", year(2026), earlier)
    world.step(order, "execute")
    world.platform_obeys(order)

    assert _bytes("tco", year(2026), earlier) == first
    assert _bytes("tco", year(2026), head_seq()) != first
    with pytest.raises(Invalid):
        reports.compute("tco", year(2026), through=head_seq() + 1)


def test_fields_have_versions_and_the_same_again_is_none(world: OrderWorld) -> None:
    first = reports.write_field("provider_name", "Heron Ltd", period=None, actor=COMMAND_LINE)
    again = reports.write_field("provider_name", " Heron Ltd ", period=None, actor=COMMAND_LINE)
    second = reports.write_field("provider_name", "Heron SA", period=year(2026), actor=COMMAND_LINE)
    third = reports.write_field("provider_name", "", period=year(2026), actor=COMMAND_LINE)

    assert (first.version, again.version, again.seq) == (1, 1, first.seq)
    assert (second.version, third.version) == (1, 2)
    assert reports.compute("tco", year(2026)).profile["provider_name"] == "Heron Ltd"
    with pytest.raises(Conflict):
        reports.write_field("service_name", "", period=None, actor=COMMAND_LINE)


def test_a_published_report_is_kept_as_it_was_and_comes_out_the_same_again(world: OrderWorld) -> None:
    world.order()
    done_ = reports.publish(
        "dsa", year(2025), published_on=date(2026, 2, 1), actor=COMMAND_LINE, settings=current()
    )
    world.order("REF-2", urls=["http://forum.example/p/9"])
    reports.write_field("provider_name", "Heron Ltd", period=None, actor=COMMAND_LINE)

    assert (done_.number, done_.kept_until) == ("R-000001", date(2031, 2, 1))
    assert reports.changed_files(done_.number) == []
    kept = reports.published_file(done_.number, "part-1-summary.csv", settings=current())
    assert b"2026-02-01" in kept
    with zipfile.ZipFile(
        io.BytesIO(reports.published_file(done_.number, "report.zip", settings=current()))
    ) as archive:
        assert set(archive.namelist()) >= {f"{name}.csv" for name in PARTS}
    open_blobs(current()).put(f"reports/{done_.number}/part-1-summary.csv", b"tampered")
    with pytest.raises(Conflict):
        reports.published_file(done_.number, "part-1-summary.csv", settings=current())


def test_a_period_that_is_not_over_is_not_published(world: OrderWorld) -> None:
    with pytest.raises(Conflict):
        reports.publish(
            "tco", year(2026), published_on=date(2026, 12, 31), actor=COMMAND_LINE, settings=current()
        )
    assert reports.published() == []
    with pytest.raises(NotFound):
        reports.find_published("R-000001")


def test_publishing_that_fails_leaves_nothing_in_the_ledger(
    world: OrderWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Conflict("The disk is full.")

    monkeypatch.setattr(type(open_blobs(current())), "put", full)
    before = head_seq()
    with pytest.raises(Conflict), transaction.atomic():
        reports.publish(
            "tco", year(2025), published_on=date(2026, 2, 1), actor=COMMAND_LINE, settings=current()
        )
    assert head_seq() == before


def test_the_api_shows_explains_fills_in_and_publishes(world: OrderWorld, lea: User) -> None:
    order = world.order()
    world.step(order, "execute")
    world.platform_obeys(order)
    caller = with_own_token(lea)
    last = now().year - 1

    draft = caller.get("/reports/draft/tco", year=2026, explain="c1").json()
    figures = {one["id"]: one for one in draft["figures"]}
    executed = LedgerEntry.objects.get(event="orders.order_executed.v1")
    assert (figures["c1"]["value"], figures["c1"]["rows"]) == (1, [executed.seq])
    assert figures["c2"]["rows"] is None
    assert figures["c1"]["query"]["events"] == ["orders.order_executed.v1"]
    assert draft["ledger"]["through"] == head_seq()
    assert "tco_identify" in {one["field"] for one in draft["missing"]}

    browser = signed_in(lea)
    written = browser.post("/reports/profile", {"field": "tco_identify", "value": "We look.", "year": 2026})
    assert (written.status_code, written.json()["version"]) == (200, 1)
    shown = {one["field"]: one["values"] for one in caller.get("/reports/profile").json()["fields"]}
    assert shown["tco_identify"] == {"2026-01-01/2026-12-31": "We look."}

    page = caller.get("/reports/draft/tco/report.fr.html", year=2026)
    assert page["Content-Type"].startswith("text/html")
    assert "We look." in page.content.decode()
    parts = caller.get("/reports/draft/dsa/parts.zip", **{"from": "2026-01-01", "to": "2026-12-31"})
    with zipfile.ZipFile(io.BytesIO(parts.content)) as archive:
        rows = list(csv.reader(io.TextIOWrapper(archive.open("part-3-member-states-orders.csv"), "utf-8")))
    assert rows[1][6] == "1"

    published = browser.post("/reports/published", {"kind": "tco", "year": last})
    assert published.status_code == 200, published.content
    number = published.json()["report"]
    assert [one["report"] for one in caller.get("/reports/published").json()["items"]] == [number]
    assert (
        caller.get(f"/reports/published/{number}/report.json").json()["period"]
        == f"{last}-01-01/{last}-12-31"
    )
    assert caller.get(f"/reports/published/{number}").json()["files"] == published.json()["files"]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/reports/draft/tco", {}, 422),
        ("/reports/draft/tco", {"year": 2026, "from": "2026-01-01"}, 422),
        ("/reports/draft/tco", {"from": "2026-02-01", "to": "2026-01-01"}, 422),
        ("/reports/draft/bakery", {"year": 2026}, 422),
        ("/reports/draft/tco", {"year": 2026, "explain": "zz"}, 404),
        ("/reports/draft/tco/part-4-notices.csv", {"year": 2026}, 404),
        ("/reports/published/R-000009", {}, 404),
        ("/reports/published/nonsense/report.json", {}, 404),
    ],
)
def test_the_api_refuses_nonsense_in_words(path: str, query: dict[str, Any], status: int, lea: User) -> None:
    answer = with_own_token(lea).get(path, **query)
    assert answer.status_code == status
    assert answer.json()["detail"] or answer.json()["title"]


def test_a_service_reads_reports_and_publishes_none(world: OrderWorld) -> None:
    caller = service("ledger:read")
    assert caller.get("/reports/draft/tco", year=2026).status_code == 200
    assert caller.post("/reports/published", {"kind": "tco", "year": 2020}).status_code == 403


def test_the_command_line_does_it_all(world: OrderWorld, tmp_path: Path) -> None:
    order = world.order()
    world.step(order, "execute")
    world.platform_obeys(order)
    last = str(now().year - 1)

    made = done("report", "tco", "--year", "2026", "--output", str(tmp_path / "tco"))
    assert {one["id"]: one["value"] for one in made["figures"]}["c1"] == 1
    assert (tmp_path / "tco" / "report.en.pdf").read_bytes().startswith(b"%PDF")
    explained = done("report", "tco", "--year", "2026", "--explain", "c1")
    assert explained["rows"] == [LedgerEntry.objects.get(event="orders.order_executed.v1").seq]
    told = run("report", "tco", "--year", "2026", "--explain", "c1", "--language", "fr").output
    assert "Éléments retirés" in told

    done("report", "dsa", "--from", "2026-01-01", "--to", "2026-06-30", "--output", str(tmp_path / "dsa"))
    assert {one.name for one in (tmp_path / "dsa").glob("*.csv")} == {f"{name}.csv" for name in PARTS}
    assert "2026-01-01/2026-06-30" in (tmp_path / "dsa" / "part-4-notices.csv").read_text(encoding="utf-8")

    text = tmp_path / "a.txt"
    text.write_text("We look.\nTwice.", encoding="utf-8")
    done("report", "profile", "set", "tco_identify", "--file", str(text), "--year", last)
    assert done("report", "profile", "show", "--year", last)["fields"] == {"tco_identify": "We look.\nTwice."}
    assert done("report", "profile", "show", "--history")["versions"][0]["version"] == 1

    published = done("report", "publish", "tco", "--year", last)
    assert done("report", "list")["reports"][0]["report"] == published["report"]
    done("report", "download", published["report"], "--output", str(tmp_path / "kept"))
    kept = json.loads((tmp_path / "kept" / "report.json").read_text(encoding="utf-8"))
    assert kept["profile"] == {"tco_identify": "We look.\nTwice."}
    assert done("report", "check", published["report"]) == {"changed": []}


def test_the_command_line_says_what_is_missing_and_what_is_wrong(world: OrderWorld) -> None:
    assert "tco_identify" in run("report", "tco", "--year", "2026").output
    for arguments in (
        ("report", "tco"),
        ("report", "tco", "--year", "2026", "--explain", "zz"),
        ("report", "publish", "tco", "--year", str(now().year)),
        ("report", "profile", "set", "favourite_colour", "blue"),
        ("report", "profile", "set", "disputes_submitted", "few"),
        ("report", "download", "R-000009", "--output", "nowhere"),
    ):
        assert run(*arguments).exit_code == 1, arguments


def test_everybody_reads_what_was_published_and_nothing_else(world: OrderWorld) -> None:
    stranger = Client(SERVER_NAME="127.0.0.1")
    assert "R-000001" not in stranger.get("/transparency/").content.decode()
    reports.publish("tco", year(2025), published_on=date(2026, 2, 1), actor=COMMAND_LINE, settings=current())

    assert "/transparency/R-000001" in stranger.get("/transparency/").content.decode()
    assert "report.fr.pdf" in stranger.get("/transparency/R-000001").content.decode()
    page = stranger.get("/transparency/R-000001/report.en.html")
    assert page.status_code == 200
    assert page["Content-Security-Policy"].startswith("default-src 'none'")
    assert stranger.get("/transparency/R-000001/report.zip").status_code == 200
    for path in ("R-000002", "R-000001/../../etc", "R-000001/run.json", "x"):
        assert stranger.get(f"/transparency/{path}").status_code == 404
    for path in ("/reports/", "/reports/profile", "/reports/R-000001"):
        assert stranger.get(path).status_code == 302
