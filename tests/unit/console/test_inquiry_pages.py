"""On the page of an order a person answers what its author asked, with a draft that names no official."""

import pytest

from api_calls import service, signed_in
from order_world import OrderWorld, make_order_world
from vigie.redress.models import Inquiry

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def test_the_draft_is_read_through_and_given_to_the_author(world: OrderWorld) -> None:
    order = world.order(representative="Inspector Blue")
    world.step(order, "execute")
    world.platform_obeys(order)
    staff = signed_in(world.legal).client
    path = f"/orders/{order.number}"
    assert "What authors ask" not in staff.get(path).content.decode()
    content = Inquiry.objects.get().content.external_id
    service("content:write", platform="forum").post("/inquiries", {"content": content})
    page = staff.get(path).content.decode()
    draft = page.partition('name="text"')[2].partition("</textarea>")[0]
    assert "Glorifies the Grey Heron Column." in draft
    assert "Inspector Blue" not in draft
    number = Inquiry.objects.get().number
    sent = {
        "form": "reasons",
        "text": "The authority regards it as glorifying.",
        "csrfmiddlewaretoken": "a" * 32,
    }
    assert staff.post(f"/inquiries/{number}/answer", sent).status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.state, inquiry.text) == ("answered", "The authority regards it as glorifying.")
    assert inquiry.answered_by == world.legal
    assert "What the author was given" in staff.get(path).content.decode()


def test_whoever_may_not_decide_orders_gives_nothing(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    order = world.platform_obeys(order)
    content = Inquiry.objects.get().content.external_id
    service("content:write", platform="forum").post("/inquiries", {"content": content})
    world.anna.role = "auditor"
    world.anna.save()
    auditor = signed_in(world.anna).client
    assert "Give it to the author" not in auditor.get(f"/orders/{order.number}").content.decode()
    sent = {"form": "reasons", "text": "It is so and so.", "csrfmiddlewaretoken": "a" * 32}
    assert auditor.post(f"/inquiries/{Inquiry.objects.get().number}/answer", sent).status_code == 403
    assert Inquiry.objects.get().answered_at is None
