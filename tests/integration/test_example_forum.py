"""The example forum asks before it publishes, and loses nothing, also when it is killed or pretends."""

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from example_forum import (
    DOOR,
    Forum,
    VigieDouble,
    faulty,
    forum,
    png,
    refusing,
    verdict,
    vigie,
    wait_until,
)
from vigie.platforms.connectors import (
    Delivered,
    Gone,
    NotDelivered,
    PlatformConfig,
    StillThere,
    WebhookConnector,
)
from vigie.platforms.messages import Measure

__all__ = ["faulty", "forum", "refusing", "vigie"]  # fixtures


def test_vigie_is_asked_for_everything_about_a_post_before_it_is_published(
    forum: Forum, vigie: VigieDouble
) -> None:
    published_when_asked: list[bool] = []

    def look(content: dict[str, Any]) -> tuple[int, Any]:
        number = content["id"].removeprefix("post-")
        published_when_asked.append(forum.http.get(f"/p/{number}").status_code == 200)
        return verdict("allow")

    vigie.answer = look
    post = forum.post(title="Mist", text="At six. See https://lake.example/map", picture=png())
    assert published_when_asked == [False]
    assert vigie.authorizations == ["Bearer a-token"]
    (asked,) = vigie.asked
    assert asked["created_at"] == post["created_at"]
    assert {key: value for key, value in asked.items() if key != "created_at"} == {
        "id": "post-1001",
        "kind": "post",
        "url": f"{forum.url}/p/1001",
        "author": {"id": "u-1", "handle": "mira"},
        "text": "Mist\n\nAt six. See https://lake.example/map",
        "links": ["https://lake.example/map"],
        "media": [{"id": "m1", "content": base64.b64encode(png()).decode()}],
    }
    assert (post["state"], post["verdict"], post["media"][0]["id"]) == ("published", "allow", "m1")
    assert forum.seen(post) == 200
    assert forum.http.get(post["media"][0]["url"]).content == png()
    assert "Mist" in forum.http.get("/").text


@pytest.mark.parametrize(
    ("which", "state", "status", "seen"),
    [
        ("allow", "published", 201, 200),
        ("review", "published", 201, 200),
        ("hold", "held", 202, 404),
        ("remove", "declined", 403, 404),
    ],
)
def test_a_verdict_is_obeyed(
    forum: Forum, vigie: VigieDouble, which: str, state: str, status: int, seen: int
) -> None:
    vigie.answer = lambda content: verdict(which)
    answered = forum.http.post("/api/posts", json={"author": "mira", "title": "Mist", "text": "At six."})
    post = answered.json()
    assert (answered.status_code, post["state"], forum.seen(post)) == (status, state, seen)
    assert ("Mist" in forum.http.get("/").text) == (seen == 200)
    assert ("title" in post) == (seen == 200)


def test_a_held_picture_is_not_served_until_a_person_restores_it(forum: Forum, vigie: VigieDouble) -> None:
    vigie.answer = lambda content: verdict("hold")
    post = forum.post(picture=png())
    assert forum.http.get("/media/1").status_code == 404
    assert isinstance(forum.deliver(forum.told(post, Measure.RESTORE_CONTENT)), Delivered)
    assert forum.seen(post) == 200
    assert forum.http.get("/media/1").content == png()


def test_a_picture_that_vigie_could_not_read_is_not_published(forum: Forum, vigie: VigieDouble) -> None:
    vigie.answer = lambda content: verdict("review", quarantined=[{"media": "m1", "code": "malformed"}])
    post = forum.post(picture=png()[:20])
    assert (post["state"], forum.seen(post)) == ("declined", 404)
    assert "could not be read" in post["problem"]


def test_a_problem_is_told_to_the_poster(forum: Forum, vigie: VigieDouble) -> None:
    vigie.answer = lambda content: (422, {"title": "The text is too long", "status": 422, "code": "invalid"})
    answered = forum.http.post("/api/posts", json={"author": "mira", "text": "x"})
    assert (answered.status_code, answered.json()["problem"]) == (422, "The text is too long")
    page = forum.http.post("/new", data={"author": "mira", "text": "my words"})
    assert "The text is too long" in page.text
    assert "my words" in page.text


@pytest.mark.parametrize(
    "broken",
    [
        (500, b""),
        (503, {"title": "busy"}),
        (429, {"title": "slower"}),
        (307, b""),
        (200, b"not json"),
        (200, {"verdict": "perhaps"}),
        (200, []),
        (204, b""),
    ],
)
def test_no_usable_answer_leaves_a_post_pending_and_it_is_asked_again(
    forum: Forum, vigie: VigieDouble, broken: tuple[int, Any]
) -> None:
    vigie.answer = lambda content: broken
    post = forum.post(title="Patience")
    assert (post["state"], forum.seen(post)) == ("pending", 404)
    vigie.answer = lambda content: verdict("allow")
    wait_until(lambda: forum.seen(post) == 200)
    assert {one["id"] for one in vigie.asked} == {post["content"]}


def test_posts_survive_vigie_being_down_and_a_kill(forum: Forum, vigie: VigieDouble) -> None:
    url = vigie.url
    vigie.close()
    posts = [forum.post(title=f"Post {number}", picture=png(number)) for number in range(5)]
    assert {post["state"] for post in posts} == {"pending"}
    forum.kill()
    forum.start()
    assert {forum.state(post) for post in posts} == {"pending"}

    back = VigieDouble()
    try:
        # The forum knows only the old address: give it the new one at its next start.
        forum.kill()
        forum._command[forum._command.index(url)] = back.url
        forum.start()
        wait_until(lambda: {forum.state(post) for post in posts} == {"published"})
        assert sorted(one["id"] for one in back.asked) == [post["content"] for post in posts]
        assert [base64.b64decode(one["media"][0]["content"]) for one in back.asked] == [
            png(n) for n in range(5)
        ]
    finally:
        back.close()


def test_a_post_is_taken_up_again_when_the_forum_was_killed_while_asking(
    forum: Forum, vigie: VigieDouble
) -> None:
    def kill(content: dict[str, Any]) -> tuple[int, Any]:
        forum.process.kill()
        return verdict("allow")

    vigie.answer = kill
    with pytest.raises(httpx.TransportError):
        forum.post()
    forum.kill()
    vigie.answer = lambda content: verdict("allow")
    forum.start()
    # Sooner than the time after which a running forum would take a lost question up (8 s here).
    wait_until(lambda: forum.http.get("/p/1001").status_code == 200, s_max=5)
    assert [one["id"] for one in vigie.asked] == ["post-1001"] * 2


def test_effects_happen_exactly_once_through_failures_and_kills(tmp_path: Path, vigie: VigieDouble) -> None:
    """Answers are lost before and after the effect, and the process is killed while it works."""
    faults = '{"fail_share":0.3,"fail_when":"after","seed":7}'
    forum = Forum(tmp_path / "forum", vigie.url, "--test-faults", faults)
    posts = [forum.post(title=f"Post {number}") for number in range(60)]
    messages = [forum.told(post, Measure.REMOVE_CONTENT) for post in posts]
    waiting = {message.id: message for message in messages}
    for round_number in range(30):
        if not waiting:
            break
        killer = threading.Timer(0.15, forum.process.kill) if round_number < 4 else None
        if killer:
            killer.start()
        with ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(lambda one: (one.id, forum.deliver(one)), list(waiting.values())))
        for key, outcome in outcomes:
            if isinstance(outcome, Delivered):
                del waiting[key]
        if killer:
            killer.join()
            forum.kill()
            forum.start()
    assert not waiting
    keys = forum.keys()
    assert {keys[message.id]["effects"] for message in messages} == {1}
    assert {forum.seen(post) for post in posts} == {410}
    assert max(one["deliveries"] for one in keys.values()) > 1
    assert forum.http.get("/api/webhooks").json()["totals"]["effects"] == 60
    assert forum.stop() == 0


def test_a_forum_that_pretends_is_found_out_and_a_replay_mends_it(faulty: Forum) -> None:
    post = faulty.post()
    message = faulty.told(post, Measure.REMOVE_CONTENT)
    assert faulty.http.post("/api/faults", json={"pretend": True}).json()["pretend"] is True
    assert faulty.deliver(message) == Delivered(200)
    config = PlatformConfig(url="", secret="")
    assert WebhookConnector().recheck(post["url"], config=config, door=DOOR) == StillThere(200)
    assert faulty.keys()[message.id]["effects"] == 0
    faulty.http.post("/api/faults", json={"pretend": False})
    assert faulty.deliver(message) == Delivered(200)
    assert WebhookConnector().recheck(post["url"], config=config, door=DOOR) == Gone(410)
    noted = faulty.keys()[message.id]
    assert (noted["deliveries"], noted["effects"], noted["outcome"]) == (2, 1, "obeyed")


def test_faults_come_in_the_share_asked_for_and_alike_for_a_seed(faulty: Forum) -> None:
    post = faulty.post()

    def run() -> list[bool]:
        faulty.http.post("/api/faults", json={"fail_share": 0.3, "seed": 7, "fail_when": "before"})
        message = faulty.told(post, Measure.HIDE_CONTENT)
        return [faulty.deliver(message) == NotDelivered("http_500") for _ in range(100)]

    first = run()
    assert 15 <= sum(first) <= 45
    assert run() == first


def test_faults_must_make_sense_and_need_the_option(forum: Forum, faulty: Forum) -> None:
    for nonsense in (
        b"{",
        b"[]",
        b'{"fail_share":2}',
        b'{"fail_when":"never"}',
        b'{"x":1}',
        b'{"pretend":1}',
    ):
        assert faulty.http.post("/api/faults", content=nonsense).status_code == 422
    assert forum.http.post("/api/faults", json={"pretend": True}).status_code == 404
    post = forum.post()
    forum.deliver(forum.told(post, Measure.REMOVE_CONTENT))
    assert forum.seen(post) == 410
