"""Removal orders over the API: taken in by a service, decided by people, hidden from platforms' tokens."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from api_calls import ApiCaller, person, service, with_own_token
from order_world import NIGHT, URL, OrderWorld, fields, mail, make_order_world
from vigie.platforms.models import Platform, Recheck

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


@pytest.fixture
def gateway(world: OrderWorld) -> ApiCaller:
    """A service that hands orders in."""
    return service("orders:write", "orders:read")


def test_an_order_is_taken_in_executed_and_shown(world: OrderWorld, gateway: ApiCaller) -> None:
    made = gateway.post("/orders", fields())
    assert made.status_code == 201, made.content
    number = made.json()["order"]["number"]
    again = gateway.post("/orders", fields()).json()
    assert (again["intake"]["state"], again["order"]["number"]) == ("repeat", number)
    anna = with_own_token(world.anna)
    done = anna.post(f"/orders/{number}/steps", {"step": "execute"})
    assert done.status_code == 200, done.content
    shown = done.json()
    assert (shown["stage"], shown["measure"]) == ("executing", "removed")
    assert shown["fields"]["urls"] == [URL]
    assert shown["items"][0]["url"] == URL
    assert [one["number"] for one in gateway.get("/orders", state="open").json()["items"]] == [number]


def test_a_service_takes_in_and_decides_nothing(gateway: ApiCaller) -> None:
    number = gateway.post("/orders", fields()).json()["order"]["number"]
    assert gateway.post(f"/orders/{number}/steps", {"step": "execute"}).status_code == 403


def test_a_platforms_token_learns_of_no_order(world: OrderWorld) -> None:
    caller = service("orders:read", "orders:write", platform="forum")
    order = world.order()
    for path in (
        "/orders",
        f"/orders/{order.number}",
        "/orders/intakes",
        f"/orders/{order.number}/order.json",
    ):
        answer = caller.get(path)
        assert answer.status_code == 403, path
        assert "REF-1" not in answer.content.decode()
    assert caller.post("/orders", fields("REF-9")).status_code == 403


def test_an_alarm_tells_a_platform_of_no_order(world: OrderWorld) -> None:
    order = world.order(do_not_inform=True)
    Recheck.objects.create(
        key="k",
        platform=Platform.objects.get(),
        content="forum/p1",
        content_url=URL,
        case=order.number,
        sequence=1,
        due_at=NIGHT,
        alarm_at=NIGHT,
        created_at=NIGHT,
    )
    (own,) = service("platforms:read", platform="forum").get("/alarms").json()["items"]
    (all_of_them,) = service("platforms:read").get("/alarms").json()["items"]
    assert (own["case"], all_of_them["case"]) == ("", order.number)


def test_any_file_is_kept_and_what_cannot_be_read_waits(gateway: ApiCaller) -> None:
    good = gateway.upload("/orders/file", {"file": SimpleUploadedFile("a.eml", mail(fields()))})
    assert good.status_code == 201, good.content
    assert good.json()["order"]["unread"] == {}
    bad = gateway.upload("/orders/file", {"file": SimpleUploadedFile("a.bin", b"\x00\x01")})
    assert bad.status_code == 201
    assert bad.json()["order"] is None
    waiting = gateway.get("/orders/intakes", state="quarantined").json()["items"]
    assert [one["problem"] for one in waiting] == ["nothing_readable"]


def test_a_person_reads_what_no_machine_could(world: OrderWorld, gateway: ApiCaller) -> None:
    bad = gateway.upload("/orders/file", {"file": SimpleUploadedFile("a.bin", b"\x00\x01")}).json()
    anna, number = with_own_token(world.anna), bad["intake"]["number"]
    made = anna.post(f"/orders/intakes/{number}/order", {"reference": "R-1", "urls": [URL], "authority": "X"})
    assert made.status_code == 200, made.content
    order = made.json()["order"]
    assert order["received_at"] == bad["intake"]["received_at"]
    corrected = anna.patch(f"/orders/{order['number']}", {"do_not_inform": False, "email": "a@b.example"})
    assert "do_not_inform" not in corrected.json()["unread"]


def test_steps_that_cannot_be_taken_are_problems(world: OrderWorld) -> None:
    order, anna = world.order(), with_own_token(world.anna)
    wrong = anna.post(f"/orders/{order.number}/steps", {"step": "extend_withholding"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "step_impossible")
    assert anna.post(f"/orders/{order.number}/steps", {"step": "refuse"}).status_code == 422
    assert anna.post("/orders/O-999999/steps", {"step": "execute"}).status_code == 404


def test_forms_are_downloaded(world: OrderWorld) -> None:
    order = world.order()
    reader = with_own_token(person("olga", "auditor"))
    assert reader.get(f"/orders/{order.number}/answer.json").status_code == 404
    world.step(order, "execute")
    world.platform_obeys(order)
    form = json.loads(reader.get(f"/orders/{order.number}/answer.json").content)
    assert form["form"] == "annex_ii"
    pdf = reader.get(f"/orders/{order.number}/answer.pdf", language="de")
    assert pdf["Content-Type"] == "application/pdf"
    assert reader.get("/orders/exposure").json() == {
        "final_orders": 0,
        "orders": [],
        "may_be_exposed": False,
    }
