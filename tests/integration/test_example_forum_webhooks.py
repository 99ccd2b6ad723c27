"""The example forum obeys webhooks: each message once, the latest last, and only from who holds the secret."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from example_forum import (
    DOOR,
    SECRET,
    Forum,
    VigieDouble,
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
    WebhookConnector,
)
from vigie.platforms.messages import Letter, LetterMessage, Measure
from vigie.platforms.signatures import signed_headers

__all__ = ["forum", "refusing", "vigie"]  # fixtures


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
