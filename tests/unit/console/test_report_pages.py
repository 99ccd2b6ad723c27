"""Transparency reports in the console, over the real database and without a browser."""

import re
import threading
from datetime import date

import pytest
from django.test import Client

from order_world import OrderWorld, make_order_world
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.people.models import User
from vigie.reports import service
from vigie.reports.periods import year

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def browser_of(user: User) -> Client:
    """A signed-in browser."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def computed(client: Client, **form: str) -> str:
    """Start a draft or a publication, wait for the thread that does it, and give the address of the run."""
    answer = client.post("/reports/start", form)
    assert answer.status_code == 302, answer.content
    for thread in threading.enumerate():
        if thread.name.startswith("reports-"):
            thread.join(60)
    return str(answer["Location"])


def words(client: Client, path: str) -> str:
    """A page's text, without tags and with single spaces."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def test_a_draft_shows_every_figure_how_it_is_found_and_what_is_missing(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    world.platform_obeys(order)
    client = browser_of(world.legal)

    run = computed(client, kind="tco", period="2026")
    shown = words(client, run)
    assert "Items removed or disabled after removal orders" in shown
    assert "orders.order_executed.v1" in shown
    assert f"Ledger rows: {LedgerEntry.objects.get(event='orders.order_executed.v1').seq}" in shown
    assert "Still to be filled in" in shown
    assert "What the service does to find and remove terrorist content" in shown
    page = client.get(run).content.decode()
    assert "<svg" in page
    assert 'role="img"' in page
    pdf = client.get(f"{run}/report.en.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert client.get(f"{run}/part-4-notices.csv").status_code == 404


def test_the_eleven_tables_are_downloaded_at_once(world: OrderWorld) -> None:
    client = browser_of(world.legal)
    run = computed(client, kind="dsa", first="2026-01-01", last="2026-06-30")
    assert "3. Orders of Member States" in words(client, run)
    assert client.get(f"{run}/parts.zip").content.startswith(b"PK")
    assert b"2026-01-01/2026-06-30" in client.get(f"{run}/part-4-notices.csv").content


def test_the_page_speaks_french_to_whoever_reads_french(world: OrderWorld) -> None:
    world.legal.language = "fr"
    world.legal.save()
    client = browser_of(world.legal)
    shown = words(client, computed(client, kind="tco", period="2026"))
    assert "Éléments retirés ou rendus inaccessibles" in shown
    assert "Encore à renseigner" in shown


def test_a_period_that_is_over_is_published_from_its_draft(world: OrderWorld) -> None:
    last = str(now().year - 1)
    client = browser_of(world.legal)
    assert "Publish" in words(client, computed(client, kind="tco", period=last))

    run = computed(client, kind="tco", period=last, act="publish")
    answer = client.get(run)
    assert (answer.status_code, answer["Location"]) == (302, "/reports/R-000001")
    shown = words(client, "/reports/R-000001")
    assert "report.fr.html" in shown
    assert client.get("/reports/R-000001/report.zip").content.startswith(b"PK")
    assert "R-000001" in words(client, "/reports/")


def test_whoever_may_not_publish_does_not_and_a_year_that_goes_on_is_refused(world: OrderWorld) -> None:
    auditor = User.objects.create(username="nils", role="auditor")
    client = browser_of(auditor)
    last, this = str(now().year - 1), str(now().year)
    assert "Publish" not in words(client, computed(client, kind="tco", period=last)).split()
    assert client.post("/reports/start", {"kind": "tco", "period": last, "act": "publish"}).status_code == 403
    assert client.post("/reports/profile", {"provider_name": "Heron"}).status_code == 403

    legal = browser_of(world.legal)
    answer = legal.post("/reports/start", {"kind": "tco", "period": this, "act": "publish"}, follow=True)
    assert "This period is not over yet." in answer.content.decode()
    assert service.published() == []


@pytest.mark.parametrize(
    "form", [{"kind": "bakery", "period": "2026"}, {"kind": "tco", "period": "soon"}, {}]
)
def test_nonsense_is_refused_in_words(world: OrderWorld, form: dict[str, str]) -> None:
    answer = browser_of(world.legal).post("/reports/start", form, follow=True)
    assert answer.redirect_chain == [("/reports/", 302)]
    assert "There is no such report." in answer.content.decode() or "period" in answer.content.decode()


def test_fields_are_written_for_a_year_or_for_all_and_wrong_ones_keep_what_was_typed(
    world: OrderWorld,
) -> None:
    client = browser_of(world.legal)
    page = "/reports/profile?period=2026"
    answer = client.post(page, {"period": "2026", "tco_identify": "We look.", "disputes_submitted": "few"})
    assert answer.status_code == 422
    assert "This is no whole number." in answer.content.decode()
    assert ">We look.</textarea>" in answer.content.decode()

    assert client.post(page, {"period": "2026", "disputes_submitted": "0"}).status_code == 302
    assert client.post("/reports/profile", {"provider_name": "Heron Ltd"}).status_code == 302
    said = [(one.field, one.period, one.value) for one in service.said()]
    assert said == [
        ("provider_name", "", "Heron Ltd"),
        ("disputes_submitted", "2026-01-01/2026-12-31", "0"),
        ("tco_identify", "2026-01-01/2026-12-31", "We look."),
    ]
    assert 'value="Heron Ltd"' in client.get(page).content.decode()


def test_the_public_pages_speak_to_everybody(world: OrderWorld) -> None:
    service.publish("tco", year(2025), published_on=date(2026, 2, 1), actor=COMMAND_LINE, settings=current())
    stranger = Client(SERVER_NAME="127.0.0.1")
    assert "Terrorist content online, 2025-01-01/2025-12-31" in words(stranger, "/transparency/")
    french = Client(SERVER_NAME="127.0.0.1", HTTP_ACCEPT_LANGUAGE="fr")
    assert "Contenus à caractère terroriste en ligne" in words(french, "/transparency/R-000001")
