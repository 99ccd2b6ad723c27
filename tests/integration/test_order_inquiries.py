"""Authors of ordered content ask why, by private link or platform, and learn nothing while it is forbidden.

Source: (EU) 2021/784 Art. 11.
"""

import io
import re
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.db import transaction
from django.test import Client

from api_calls import ApiCaller, service, with_own_token
from command_line import done, run
from order_world import NIGHT, URL, OrderWorld, make_order_world
from redress_world import deliver_everything
from vigie.flows.order_inquiry import OFFICIALS
from vigie.flows.order_measures import disable_for_now
from vigie.foundation.links import TOKEN_CHARS
from vigie.foundation.settings import current
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.orders.models import Order
from vigie.orders.pdf_reading import read_pdf
from vigie.orders.service import locked_order
from vigie.platforms.letters import unlock_letter
from vigie.platforms.messages import LetterMessage
from vigie.redress.models import Inquiry

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def executed(world: OrderWorld, reference: str = "REF-1", **changes: Any) -> Order:
    """An order that the platform obeyed."""
    order = world.order(reference, **changes)
    world.step(order, "execute")
    return world.platform_obeys(order)


def letters() -> list[dict[str, Any]]:
    """The letters that are on their way, as the platform will read them."""
    payloads = [
        unlock_letter(one.payload, settings=current()) for one in OutboxMessage.objects.order_by("id")
    ]
    return [one["letter"] for one in payloads if one.get("letter")]


def browser() -> Client:
    """A browser without an account."""
    return Client(SERVER_NAME="127.0.0.1")


def path_of(letter: dict[str, Any]) -> str:
    """The private page of a letter."""
    return f"/ordered/{letter['link'].rpartition('/')[2]}"


def told_by(page: str) -> str:
    """A page without what is different each time: its own address, and the proof of origin of its form."""
    return re.sub(r'value="[^"]*"|[A-Za-z0-9]{64}', "", page)


def platform() -> ApiCaller:
    """The platform that has the content."""
    return service("content:write", platform="forum")


def content_id() -> str:
    """The platform's id of what was ordered."""
    return Inquiry.objects.get().content.external_id


def test_the_author_is_told_with_the_measure_asks_and_reads_the_reasons(world: OrderWorld) -> None:
    order = executed(world, representative="Inspector Blue", additional_reasons="Glorifies the column.")
    (told,) = letters()
    assert told["kind"] == "order_removal"
    assert "removal order under Article 3" in told["text"]
    assert "Example Prefecture" not in told["text"]
    page = browser().get(path_of(told)).content.decode()
    assert "Ask for the reasons" in page
    assert "Example Prefecture" not in page
    browser().post(path_of(told))
    assert "A person answers." in browser().get(path_of(told)).content.decode()
    staff = with_own_token(world.legal)
    (waiting,) = staff.get("/inquiries").json()["items"]
    assert "Glorifies the column." in waiting["draft"]
    assert "Inspector Blue" not in waiting["draft"]
    answered = staff.post(f"/inquiries/{waiting['number']}/answer", {})
    assert answered.status_code == 200, answered.content
    shown = browser().get(path_of(told)).content.decode()
    for said in (
        "Example Prefecture of Lutèce, FR",
        "REF-1",
        "Glorifies the column.",
        "Example court",
        "48 hours",
    ):
        assert said in shown
    reasons = letters()[-1]
    assert (reasons["kind"], reasons["number"]) == ("order_reasons", waiting["number"])
    assert "Glorifies the column." in reasons["text"]
    subjects = LedgerEntry.objects.filter(event__startswith="redress.inquiry").values_list(
        "subject", flat=True
    )
    assert set(subjects) == {f"order:{order.number}"}


def test_while_disclosure_is_forbidden_nothing_tells_that_there_is_an_order(world: OrderWorld) -> None:
    order = executed(world, do_not_inform=True)
    assert letters() == []
    assert not Inquiry.objects.exists()
    item = order.items.select_related("content").get()
    assert item.content is not None
    withheld = platform().post("/inquiries", {"content": item.content.external_id})
    nothing = platform().post("/inquiries", {"content": "no-such-content"})
    assert (withheld.status_code, withheld.json()) == (nothing.status_code, nothing.json())
    assert withheld.status_code == 404
    world.step(order, "lift_withholding", minutes=100, reason="the authority says so")
    world.step(order, "inform_author", minutes=101)
    (told,) = letters()
    assert browser().get(path_of(told)).status_code == 200
    assert platform().post("/inquiries", {"content": item.content.external_id}).status_code == 201


def test_silence_that_is_ordered_later_closes_the_page_and_the_api_again(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    (told,) = letters()
    browser().post(path_of(told))
    number = Inquiry.objects.get().number
    # Before the platform obeyed the authority forbids to tell.
    world.step(order, "withhold", decided_at=NIGHT + timedelta(minutes=5))
    unknown = path_of(told)[:-TOKEN_CHARS] + "a" * TOKEN_CHARS
    for method in ("get", "post"):
        pages = [getattr(browser(), method)(path) for path in (path_of(told), unknown)]
        assert [one.status_code for one in pages] == [404, 404]
        closed, nothing = (told_by(one.content.decode()) for one in pages)
        assert closed == nothing
    assert platform().get(f"/inquiries/{number}").status_code == 404
    assert platform().get("/inquiries", state="all").json()["items"] == []
    refused = with_own_token(world.legal).post(f"/inquiries/{number}/answer", {})
    assert refused.status_code == 404
    (shown,) = with_own_token(world.legal).get("/inquiries").json()["items"]
    assert shown["draft"] is None


def test_a_copy_names_no_official_and_no_other_address(world: OrderWorld) -> None:
    hidden = {key: f"Hidden {place}" for place, key in enumerate(OFFICIALS) if key != "email"}
    executed(world, urls=[URL, "http://forum.example/p/other-2"], **hidden)
    told = letters()[0]
    browser().post(path_of(told))
    assert browser().get(path_of(told) + "/copy.pdf").status_code == 404
    number = Inquiry.objects.exclude(asked_at=None).get().number
    done("inquiry", "answer", number, "--form", "copy", "--by", world.legal.username)
    copy = browser().get(path_of(told) + "/copy.pdf")
    assert copy["Content-Type"] == "application/pdf"
    found = read_pdf(copy.content)
    everything = found.text + str([one.data for one in found.files])
    assert "Example Prefecture of Lutèce" in everything
    assert URL in everything
    assert "other-2" not in everything
    assert "Hidden" not in everything
    assert "duty@prefecture.example" not in everything
    assert len(pypdf.PdfReader(io.BytesIO(copy.content)).pages) >= 1


def test_a_platform_asks_for_its_user_and_reads_the_answer_and_another_platform_nothing(
    world: OrderWorld,
) -> None:
    executed(world)
    asked = platform().post("/inquiries", {"content": content_id(), "language": "it"})
    assert asked.status_code == 201
    (row,) = asked.json()["items"]
    assert (row["state"], row["order"], row["draft"]) == ("asked", None, None)
    assert (
        platform().post("/inquiries", {"content": content_id()}).json()["items"][0]["number"] == row["number"]
    )
    assert Inquiry.objects.get().came_by == "platform"
    run("platform", "add", "other", "--url", "http://other.example/hook")
    other = service("content:write", platform="other")
    assert other.get(f"/inquiries/{row['number']}").status_code == 404
    assert other.post("/inquiries", {"content": content_id()}).status_code == 404
    answered = with_own_token(world.anna).post(
        f"/inquiries/{row['number']}/answer", {"text": "The authority regards it as glorifying."}
    )
    assert answered.status_code == 200
    assert (
        platform().get(f"/inquiries/{row['number']}").json()["text"]
        == "The authority regards it as glorifying."
    )
    again = with_own_token(world.anna).post(f"/inquiries/{row['number']}/answer", {})
    assert again.status_code == 409
    (listed,) = done("inquiry", "list", "--all")["inquiries"]
    assert listed["state"] == "answered"


def test_nobody_answers_what_nobody_asked_and_nothing_goes_out_without_words(world: OrderWorld) -> None:
    executed(world)
    number = Inquiry.objects.get().number
    staff = with_own_token(world.legal)
    assert staff.post(f"/inquiries/{number}/answer", {}).status_code == 404
    platform().post("/inquiries", {"content": content_id()})
    assert staff.post(f"/inquiries/{number}/answer", {"text": "short"}).status_code == 422
    assert Inquiry.objects.get().answered_at is None


def test_the_longest_answer_fits_into_a_message_to_the_platform(world: OrderWorld) -> None:
    executed(world)
    platform().post("/inquiries", {"content": content_id()})
    text = "ش" * 5_000
    number = Inquiry.objects.get().number
    assert with_own_token(world.legal).post(f"/inquiries/{number}/answer", {"text": text}).status_code == 200
    stored = OutboxMessage.objects.filter(topic="platforms.letter").get()
    message = LetterMessage.from_json(unlock_letter(stored.payload, settings=current()))
    assert len(message.to_body()) <= 16 * 1024
    assert deliver_everything()[-1]["letter"]["text"] == text


def test_a_disabling_before_anybody_took_the_order_for_genuine_tells_no_author(world: OrderWorld) -> None:
    order = world.order()
    with transaction.atomic():
        disable_for_now(locked_order(order.number), at=NIGHT + timedelta(minutes=50))
    disabling = OutboxMessage.objects.get(topic="platforms.enforcement")
    assert disabling.payload["measures"] == ["hide_content"]
    assert letters() == []
    assert not Inquiry.objects.exists()
