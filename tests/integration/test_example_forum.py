"""The example forum asks before it publishes, and obeys webhooks exactly once, also when it is killed."""

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from example_forum import (
    DOOR,
    SECRET,
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
from vigie.foundation import clock
from vigie.foundation.identifiers import new_uuid
from vigie.platforms.connectors import (
    Delivered,
    Gone,
    NotDelivered,
    PlatformConfig,
    StillThere,
    WebhookConnector,
)
from vigie.platforms.messages import Letter, LetterMessage, Measure
from vigie.platforms.signatures import signed_headers

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


@pytest.mark.parametrize(
    ("measure", "status"),
    [(Measure.HIDE_CONTENT, 404), (Measure.REMOVE_CONTENT, 410)],
)
def test_a_measure_takes_content_away_and_the_way_back_brings_it_again(
    forum: Forum, measure: Measure, status: int
) -> None:
    post = forum.post(picture=png())
    assert forum.deliver(forum.told(post, measure)) == Delivered(200)
    assert forum.seen(post) == status
    assert forum.http.get("/media/1").status_code == status
    assert "Mist" not in forum.http.get("/").text
    assert "Mist" not in forum.http.get("/u/mira").text
    assert "title" not in forum.http.get(f"/api/posts/{post['id']}").json()
    gone = WebhookConnector().recheck(post["url"], config=PlatformConfig(url="", secret=""), door=DOOR)
    assert gone == Gone(status)
    assert forum.deliver(forum.told(post, Measure.RESTORE_CONTENT)) == Delivered(200)
    assert forum.seen(post) == 200


def test_a_suspended_author_cannot_post_until_restored(forum: Forum) -> None:
    post = forum.post(author="heron 77")
    forum.deliver(forum.told(post, Measure.REMOVE_CONTENT, Measure.SUSPEND_AUTHOR))
    assert forum.seen(post) == 410
    refused = forum.http.post("/api/posts", json={"author": "Heron 77", "text": "again"})
    assert refused.status_code == 403
    assert "suspended" in forum.http.post("/new", data={"author": "heron 77", "text": "again"}).text
    assert "suspended" in forum.http.get("/u/heron 77").text
    assert forum.post(author="another")["state"] == "published"
    forum.deliver(forum.told(post, Measure.RESTORE_AUTHOR))
    assert forum.post(author="heron 77")["state"] == "published"
    assert forum.seen(post) == 410


def test_a_suspension_with_an_end_is_over_then_without_another_word(forum: Forum) -> None:
    post = forum.post(author="heron 77")
    later, before = clock.now() + timedelta(days=1), clock.now() - timedelta(seconds=1)
    forum.deliver(replace(forum.told(post, Measure.SUSPEND_AUTHOR), author_until=later))
    assert forum.http.post("/api/posts", json={"author": "heron 77", "text": "again"}).status_code == 403
    assert "suspended" in forum.http.get("/u/heron 77").text
    # The same suspension, with an end that has come.
    forum.deliver(replace(forum.told(post, Measure.SUSPEND_AUTHOR), author_until=before))
    wait_until(lambda: "suspended" not in forum.http.get("/u/heron 77").text)
    assert forum.post(author="heron 77")["state"] == "published"
    # A decision that suspends without an end is not lifted by an end that was told before it.
    forum.deliver(replace(forum.told(post, Measure.SUSPEND_AUTHOR), author_until=before))
    forum.deliver(forum.told(post, Measure.SUSPEND_AUTHOR))
    assert forum.http.post("/api/posts", json={"author": "heron 77", "text": "again"}).status_code == 403


def test_a_post_that_waits_while_its_author_is_suspended_is_not_published(
    forum: Forum, vigie: VigieDouble
) -> None:
    first = forum.post()
    vigie.answer = lambda content: (503, b"")
    waiting = forum.post(title="Waiting")
    forum.deliver(forum.told(first, Measure.SUSPEND_AUTHOR))
    vigie.answer = lambda content: verdict("allow")
    wait_until(lambda: forum.state(waiting) != "pending")
    assert (forum.state(waiting), forum.seen(waiting)) == ("declined", 404)


def test_one_message_has_one_effect_however_often_it_comes(forum: Forum) -> None:
    post = forum.post()
    hide = forum.told(post, Measure.HIDE_CONTENT)
    for _ in range(3):
        assert forum.deliver(hide) == Delivered(200)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: forum.deliver(hide), range(16))) == {Delivered(200)}
    noted = forum.keys()[hide.id]
    assert (noted["deliveries"], noted["effects"], noted["outcome"]) == (19, 1, "obeyed")


def test_a_repeated_message_does_not_undo_a_later_one(forum: Forum) -> None:
    post = forum.post()
    remove = forum.told(post, Measure.REMOVE_CONTENT)
    restore = forum.told(post, Measure.RESTORE_CONTENT)
    forum.deliver(remove)
    forum.deliver(restore)
    forum.deliver(remove)
    assert forum.seen(post) == 200


def test_a_message_that_was_overtaken_is_taken_and_has_no_effect(forum: Forum) -> None:
    post = forum.post()
    remove = forum.told(post, Measure.REMOVE_CONTENT, Measure.SUSPEND_AUTHOR)
    restore = forum.told(post, Measure.RESTORE_CONTENT, Measure.RESTORE_AUTHOR)
    assert forum.deliver(restore) == Delivered(200)
    assert forum.deliver(remove) == Delivered(200)
    assert forum.seen(post) == 200
    assert forum.post()["state"] == "published"
    noted = forum.keys()[remove.id]
    assert (noted["effects"], noted["outcome"]) == (0, "superseded")


def test_an_author_follows_the_latest_message_about_any_post(forum: Forum) -> None:
    first, second = forum.post(), forum.post()
    suspend = forum.told(first, Measure.SUSPEND_AUTHOR)
    forum.deliver(forum.told(second, Measure.RESTORE_AUTHOR))
    forum.deliver(suspend)
    assert forum.post()["state"] == "published"


def test_a_webhook_that_is_quicker_than_the_verdict_stands(forum: Forum, vigie: VigieDouble) -> None:
    def decide_first(content: dict[str, Any]) -> tuple[int, Any]:
        post = {"content": content["id"], "url": content["url"], "author": content["author"]}
        assert forum.deliver(forum.told(post, Measure.REMOVE_CONTENT)) == Delivered(200)
        return verdict("review")

    vigie.answer = decide_first
    post = forum.post()
    assert (post["state"], post["verdict"]) == ("removed", "review")
    assert forum.seen(post) == 410


def test_an_order_about_a_post_that_vigie_does_not_know_is_obeyed_by_its_address(forum: Forum) -> None:
    post = forum.post()
    by_address = {**post, "content": "url-9fca11fffdb5ab2ae4ef4b24aa0bf7203aa14018"}
    elsewhere = {**by_address, "url": "https://elsewhere.example/p/1001"}
    assert forum.deliver(forum.told(elsewhere, Measure.REMOVE_CONTENT)) == NotDelivered("http_404")
    assert forum.seen(post) == 200
    assert forum.deliver(forum.told(by_address, Measure.REMOVE_CONTENT)) == Delivered(200)
    assert forum.seen(post) == 410


def test_a_letter_without_a_measure_is_kept_once_for_its_author(forum: Forum) -> None:
    post = forum.post()
    letter = Letter(
        kind="statement",
        number="S-000001",
        language="en",
        text="Why",
        link="http://x/complaint/k",
        link_until=None,
    )
    told = LetterMessage(
        id=new_uuid(),
        sequence=5,
        at=clock.now(),
        content_id=post["content"],
        content_kind="post",
        content_url=post["url"],
        author_id="u-1",
        case="C-000001",
        letter=letter,
    )
    assert [forum.deliver(told), forum.deliver(told)] == [Delivered(200), Delivered(200)]
    (kept,) = forum.http.get("/api/letters").json()["letters"]
    assert (kept["content"], kept["author"], kept["link"]) == (post["content"], "u-1", "http://x/complaint/k")
    assert forum.seen(post) == 200


def test_a_message_about_nothing_known_is_not_taken(forum: Forum) -> None:
    nothing = {"content": "post-999", "url": "http://x/", "author": {"id": "u-1"}}
    message = forum.told(nothing, Measure.HIDE_CONTENT)
    assert forum.deliver(message) == NotDelivered("http_404")
    assert forum.keys()[message.id]["effects"] == 0


def test_a_trial_message_is_taken_and_has_no_effect(forum: Forum) -> None:
    post = forum.post()
    message = forum.told(post, Measure.REMOVE_CONTENT, test=True)
    assert forum.deliver(message) == Delivered(200)
    assert (forum.seen(post), forum.keys()[message.id]["outcome"]) == (200, "test")


def test_only_who_holds_the_secret_is_obeyed(forum: Forum) -> None:
    post = forum.post()
    message = forum.told(post, Measure.REMOVE_CONTENT)
    body, now = message.to_body(), clock.now()

    def status(
        secret: str = SECRET, *, off_s: int = 0, sent: bytes = body, changes: dict[str, str] | None = None
    ) -> int:
        at = datetime.fromtimestamp(now.timestamp() + off_s, UTC)
        headers = signed_headers(secret, idempotency_key=message.id, at=at, body=body)
        return forum.http.post(
            forum.webhook, content=sent, headers={**headers, **(changes or {})}
        ).status_code

    assert status("another secret") == 401
    assert status(off_s=-400) == 401
    assert status(off_s=400) == 401
    assert status(sent=body.replace(b"remove_content", b"hide_content")) == 401
    assert status(changes={"Vigie-Signature": ""}) == 401
    assert status(changes={"Vigie-Timestamp": "soon"}) == 401
    assert status(changes={"Idempotency-Key": "another"}) == 400
    assert forum.http.post(forum.webhook, content=b"{}").status_code == 401
    assert (forum.seen(post), forum.keys()) == (200, {})
    assert status() == 200
    assert forum.seen(post) == 410


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b'"x"', b'{"id":"k"}', b"[" * 10_000])
def test_a_signed_body_that_is_no_message_is_refused(refusing: Forum, body: bytes) -> None:
    headers = signed_headers(SECRET, idempotency_key="k", at=clock.now(), body=body)
    assert refusing.http.post(refusing.webhook, content=body, headers=headers).status_code == 400


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
