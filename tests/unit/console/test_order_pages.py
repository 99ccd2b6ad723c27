"""The desk of removal orders over the real database, without a browser."""

import io
import json
import re
from datetime import timedelta

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from order_world import URL, OrderWorld, again, fields, make_order_world, measures
from vigie.exposure.models import Decision
from vigie.foundation.clock import now
from vigie.ledger.models import OutboxMessage
from vigie.orders.models import Order, OrderIntake
from vigie.people.models import User

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def browser_of(user: User) -> Client:
    """A signed-in browser."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, path: str) -> str:
    """A page's text, without tags and with single spaces."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def fresh(world: OrderWorld, reference: str = "REF-1", minutes: int = 10, **changes: object) -> Order:
    """An order received some minutes ago."""
    at = now() - timedelta(minutes=minutes)
    return world.order(reference, received_at=at, **changes)


def test_an_empty_desk_says_what_will_come(world: OrderWorld) -> None:
    shown = page(browser_of(world.anna), "/orders/")
    assert "No removal order" in shown
    assert "waits" not in shown


def test_every_page_says_that_an_order_waits_and_how_long(world: OrderWorld) -> None:
    fresh(world)
    for path in ("/", "/banks/", "/account/"):
        assert re.search(r"A removal order waits\. (49|50) min left", page(browser_of(world.anna), path))
    auditor = User.objects.create(username="nils", role="analyst")
    assert "waits" not in page(browser_of(auditor), "/")


def test_a_person_executes_in_three_clicks(world: OrderWorld) -> None:
    order = fresh(world)
    client = browser_of(world.anna)
    home = client.get("/").content.decode()
    assert f'href="/orders/{order.number}"' in home  # first click: the banner
    shown = client.get(f"/orders/{order.number}").content.decode()
    assert "Take it down" in shown  # second: Execute opens; third: Take it down
    done = client.post(f"/orders/{order.number}/steps/execute", {"measure": "removed"})
    assert done.status_code == 302
    assert again(order).stage == "executing"
    assert measures() == [["remove_content"]]


def test_the_page_shows_the_annex_the_sender_and_no_link_to_the_content(world: OrderWorld) -> None:
    order = fresh(world, do_not_inform=True)
    html = browser_of(world.anna).get(f"/orders/{order.number}").content.decode()
    shown = page(browser_of(world.anna), f"/orders/{order.number}")
    assert "Example Prefecture of Lutèce" in shown
    assert "Reference number of the removal order REF-1" in shown
    assert "hxxp://forum[.]example/p/heron-1" in shown
    assert f'href="{URL}"' not in html
    assert "nothing about this order may reach anybody outside" in shown
    assert "invented authority" in shown


def test_who_is_contradicted_is_executed_only_past_a_warning(world: OrderWorld) -> None:
    browser = browser_of(world.anna)
    said = "What Vigie found contradicts the sender."
    assert said not in page(browser, f"/orders/{fresh(world).number}")
    forged = fresh(world, "REF-2")
    forged.sender_check |= {"verdict": "contradicted"}
    forged.save()
    assert said in page(browser, f"/orders/{forged.number}")


def test_a_form_marks_the_fewer_fields(world: OrderWorld) -> None:
    client = browser_of(world.anna)
    order = page(client, "/orders/new")
    assert "optional" not in order
    assert "required" not in order, "of an order that came nothing need be known"
    exposure = client.get("/orders/exposure").content.decode()
    assert "optional" not in exposure


def test_member_states_have_names_in_the_language_of_the_reader(world: OrderWorld) -> None:
    client = browser_of(world.anna)
    assert "– Austria (AT) Belgium (BE) Bulgaria (BG) Croatia (HR)" in page(client, "/orders/new")
    assert "Greece (EL)" in page(client, "/orders/new")
    world.anna.language = "fr"
    world.anna.save()
    assert "– Allemagne (DE) Autriche (AT)" in page(client, "/orders/new")
    assert "Grèce (EL)" in page(client, "/orders/new")


@pytest.mark.parametrize(
    ("dkim", "signature", "said"),
    [
        ("pass", "valid", ("DKIM signature holds · ministry.example", "S/MIME signature holds")),
        ("fail", "invalid", ("DKIM signature does not hold", "S/MIME signature does not hold")),
        ("none", "none", ("DKIM no signature that counts", "S/MIME not signed")),
        ("temporary", "not_whole", ("DNS did not answer", "something was added after signing")),
        ("unchecked", "none", ("DKIM not checked",)),
    ],
)
def test_what_was_found_of_the_sender_is_said_in_words(
    world: OrderWorld, dkim: str, signature: str, said: tuple[str, ...]
) -> None:
    order = fresh(world)
    order.sender_check |= {"dkim": dkim, "dkim_domain": "ministry.example", "signature": signature}
    order.save()
    shown = page(browser_of(world.anna), f"/orders/{order.number}")
    for one in said:
        assert one in shown


def test_what_could_not_be_read_is_asked_for(world: OrderWorld) -> None:
    order = fresh(world, issued_at="yesterday", urls=["nothing"])
    client = browser_of(world.anna)
    shown = page(client, f"/orders/{order.number}")
    assert "could not be read" in shown
    assert "No address could be read" in shown
    client.post(f"/orders/{order.number}/fields", {"urls": URL, "issued_at": "2026-11-25T03:00:00+01:00"})
    assert again(order).unread == {}
    assert again(order).items.count() == 1


def test_an_address_where_nothing_is_is_named(world: OrderWorld) -> None:
    order = fresh(world)
    order.items.update(seen="http_404", seen_at=now())
    shown = page(browser_of(world.anna), f"/orders/{order.number}")
    assert "Nothing was there when Vigie looked." in shown


def test_a_platform_that_does_not_obey_is_said_while_the_hour_runs(world: OrderWorld) -> None:
    order = fresh(world)
    client = browser_of(world.anna)
    client.post(f"/orders/{order.number}/steps/execute", {"measure": "removed"})
    assert "Vigie goes on trying" not in page(client, f"/orders/{order.number}")
    OutboxMessage.objects.filter(key=order.items.get().delivery_key).update(last_error="http_404")
    assert "The platform answered with status 404. Vigie goes on trying" in page(
        client, f"/orders/{order.number}"
    )


def test_an_auditor_sees_and_cannot_act(world: OrderWorld) -> None:
    order = fresh(world)
    client = browser_of(User.objects.create(username="olga", role="auditor"))
    assert "Take it down" not in page(client, f"/orders/{order.number}")
    assert client.post(f"/orders/{order.number}/steps/execute").status_code == 403
    assert again(order).stage == "received"


def test_what_cannot_happen_now_is_said_and_changes_nothing(world: OrderWorld) -> None:
    order = fresh(world)
    client = browser_of(world.anna)
    answer = client.post(
        f"/orders/{order.number}/steps/became_final", {"final_at": "2026-11-25T00:00"}, follow=True
    )
    assert "An order becomes final after its receipt" in answer.content.decode()
    assert again(order).stage == "received"


def test_annex_two_is_downloaded_and_its_fields_are_right(world: OrderWorld) -> None:
    order = fresh(world)
    world.step(order, "execute")
    order = world.platform_obeys(order)
    client = browser_of(world.anna)
    answer = client.get(f"/orders/{order.number}/answer.pdf")
    assert answer["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    attached = json.loads(reader.attachments["annex-ii.json"][0])
    assert attached == order.answers.get().form
    assert attached["addressee_reference"] == order.number
    assert "to be sent by a person" in page(client, f"/orders/{order.number}")
    client.post(f"/orders/{order.number}/steps/answer_sent")
    assert "sent by hand" in page(client, f"/orders/{order.number}")


def test_an_order_is_taken_in_by_form_with_its_time_of_receipt(world: OrderWorld) -> None:
    world.anna.time_zone = "Europe/Paris"
    world.anna.save()
    form = {
        "received_at": "2026-10-25T02:30",
        "authority": "Example Prefecture of Lutèce",
        "issuing_state": "FR",
        "reference": "REF-7",
        "email": "duty@prefecture.example",
        "urls": URL,
        "legal_types": ["a", "c"],
        "do_not_inform": "no",
    }
    answer = browser_of(world.anna).post("/orders/new", form)
    assert answer.status_code == 302, answer.content.decode()
    order = Order.objects.get()
    # The night on which clocks show 02:30 twice: the earlier one.
    assert order.received_at.isoformat() == "2026-10-25T00:30:00+00:00"
    assert order.received_offset_minutes == 120
    assert order.fields["legal_types"] == ["a", "c"]
    assert order.unread == {"issued_at": "missing"}


@pytest.mark.parametrize(
    ("cookie", "zone", "received_at"),
    [
        ("America/New_York", "America/New_York", "2026-11-25T08:10:00+00:00"),
        ("", "UTC", "2026-11-25T03:10:00+00:00"),
        ("Europe", "UTC", "2026-11-25T03:10:00+00:00"),
        ("../../etc/passwd", "UTC", "2026-11-25T03:10:00+00:00"),
    ],
)
def test_without_a_zone_of_the_account_times_are_typed_and_shown_in_that_of_the_browser(
    world: OrderWorld, cookie: str, zone: str, received_at: str
) -> None:
    client = browser_of(world.anna)
    client.cookies["vigie_zone"] = cookie
    assert f"Times are in {zone}." in page(client, "/orders/new")
    form = {"received_at": "2026-11-25T03:10", "authority": "X", "reference": "REF-8", "urls": URL}
    assert client.post("/orders/new", form).status_code == 302
    assert Order.objects.get().received_at.isoformat() == received_at
    shown = page(client, "/orders/O-000001")
    assert "received 25 Nov 2026, 03:10" in shown
    assert f"which ends 25 Nov 2026, 04:10 {'EST' if zone != 'UTC' else 'UTC'}" in shown


def test_a_file_is_taken_in_and_one_that_cannot_be_read_waits_for_a_person(world: OrderWorld) -> None:
    client = browser_of(world.anna)
    good = SimpleUploadedFile("order.json", json.dumps(fields()).encode())
    assert client.post("/orders/new", {"file": good})["Location"] == "/orders/O-000001"
    bad = SimpleUploadedFile("x.bin", b"\x00\x01\x02 nothing")
    assert client.post("/orders/new", {"file": bad})["Location"] == "/orders/intakes/I-000002"
    assert "1 message could not be read." in page(client, "/")
    assert "Nothing in it reads like a removal order." in page(client, "/orders/")
    made = client.post("/orders/intakes/I-000002/order", {"reference": "R-2", "urls": URL, "authority": "X"})
    assert made["Location"] == "/orders/O-000002"
    second, intake = Order.objects.get(reference="R-2"), OrderIntake.objects.get(pk=2)
    assert second.received_at == intake.received_at


def test_what_is_no_order_is_set_aside_with_a_reason_and_stays_kept(world: OrderWorld) -> None:
    intake = world.receive(b"Subject: news\nFrom: a@b.example\n\nOur newsletter.")
    client = browser_of(world.anna)
    client.post(f"/orders/intakes/{intake.number}/set-aside", {"reason": " "})
    assert OrderIntake.objects.get().state == "quarantined"
    client.post(f"/orders/intakes/{intake.number}/set-aside", {"reason": "A newsletter."})
    kept = OrderIntake.objects.get()
    assert (kept.state, bool(kept.evidence)) == ("set_aside", True)
    assert "could not be read" not in page(client, "/")


def test_the_desk_speaks_french(world: OrderWorld) -> None:
    order = fresh(world)
    world.anna.language = "fr"
    world.anna.save()
    shown = page(browser_of(world.anna), f"/orders/{order.number}")
    assert "Numéro de référence de l’injonction de retrait REF-1" in shown
    assert "Injonctions de retrait" in shown


def test_a_decision_that_we_are_exposed_is_recorded_and_followed(world: OrderWorld) -> None:
    legal, anna = browser_of(world.legal), browser_of(world.anna)
    assert "No authority decided that you are exposed" in page(legal, "/orders/exposure")
    typed = {
        "authority": "Example Office",
        "member_state": "FR",
        "reference": "5",
        "received_at": "2020-01-05T09:00",
        "proof": "Registered letter.",
    }
    anna.post("/orders/exposure", typed)
    assert not Decision.objects.exists()
    assert legal.post("/orders/exposure", {**typed, "reference": ""}).status_code == 422
    legal.post("/orders/exposure", typed)
    at = f"/orders/exposure/{Decision.objects.get().number}/steps"
    taken = {"kinds": ["means", "flagging"], "reason": "Two more people.", "since": "2020-01-20T00:00"}
    legal.post(f"{at}/measures", taken)
    assert Decision.objects.get().measures == ["means", "flagging"]
    text = page(legal, "/orders/exposure")
    assert "users can flag content" in text
    # Three months went by: the report is overdue, on the desk too.
    assert "Overdue" in text
    assert "next report due" in page(legal, "/orders/")
    legal.post(f"{at}/report", {"sent_at": "2020-04-01T10:00", "proof": "By registered mail."})
    assert Decision.objects.get().reports.count() == 1
    refused = legal.post(f"{at}/review_refused", {"reason": "xxx"}, follow=True).content.decode()
    assert "No review was asked for." in refused
    legal.post(f"{at}/ended", {"ended_at": "2020-05-01T10:00", "reason": "It revoked it."})
    assert "It revoked it." in page(legal, "/orders/exposure")
