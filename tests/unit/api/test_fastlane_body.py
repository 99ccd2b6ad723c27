"""Reading a body within limits, and splitting it."""

import asyncio
from typing import Any

import pytest

from vigie.api.fastlane_body import BodyBudget, ClientGone, content_type, read_body, split_parts
from vigie.foundation.errors import Invalid, TooLarge, Unavailable
from vigie.foundation.limits import BODY_BYTES_MAX


def read(
    pieces: list[bytes], *, length: bytes = b"", bytes_max: int = 100, left_over: int = 0, gone: bool = False
) -> bytes:
    """The body that comes in these pieces, after which the caller may have gone; so many stay unread."""
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": one, "more_body": True} for one in pieces
    ]
    messages.append({"type": "http.disconnect"} if gone else {"type": "http.request", "body": b""})
    budget = BodyBudget(bytes_max)

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    headers = {b"content-length": length} if length else {}
    try:
        body = asyncio.run(read_body(receive, headers=headers, budget=budget))
        budget.give_back(len(body))
        assert len(messages) == left_over
        return body
    finally:
        budget.take(bytes_max)  # nothing is held any more


def test_a_body_ends_where_the_server_says_so() -> None:
    assert read([b"grey ", b"heron"]) == b"grey heron"


def test_no_word_more_is_waited_for_once_all_that_was_announced_is_there() -> None:
    assert read([b"grey ", b"heron"], length=b"10", left_over=1) == b"grey heron"


def test_a_caller_that_hangs_up_half_way_gets_no_answer() -> None:
    with pytest.raises(ClientGone):
        read([b"grey "], length=b"10", gone=True)


def test_too_much_is_refused_before_it_is_read() -> None:
    with pytest.raises(TooLarge):
        read([], length=b"%d" % (BODY_BYTES_MAX + 1))


def test_more_than_the_process_may_hold_is_asked_to_come_back() -> None:
    with pytest.raises(Unavailable):
        read([b"grey ", b"heron"], bytes_max=9)


def test_an_unusual_body_is_read_as_a_plain_one_is() -> None:
    plain = b'--b\r\nContent-Disposition: form-data; name="m1"\r\n\r\nheron\r\n--b--\r\n'
    unusual = plain.replace(b'name="m1"', b"name=m1")
    assert (
        split_parts(plain, {"boundary": "b"}) == split_parts(unusual, {"boundary": "b"}) == {"m1": b"heron"}
    )


@pytest.mark.parametrize("quote", [b'"', b""])
def test_two_parts_of_one_name_are_refused(quote: bytes) -> None:
    part = b"--b\r\nContent-Disposition: form-data; name=%sm1%s\r\n\r\nheron\r\n" % (quote, quote)
    with pytest.raises(Invalid, match="same name"):
        split_parts(part + part + b"--b--\r\n", {"boundary": "b"})


def test_what_a_content_type_says_is_told_each_time_alike() -> None:
    headers = {b"content-type": b"Multipart/Form-Data; boundary=Heron"}
    for _ in range(2):
        assert content_type(headers) == ("multipart/form-data", {"boundary": "Heron"})
    assert content_type({b"content-type": b"a/b; c=" + b"d" * 300}) == ("a/b", {"c": "d" * 300})
