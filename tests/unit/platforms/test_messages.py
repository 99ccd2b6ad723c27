"""The enforcement message and its JSON form."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.platforms.messages import EnforcementMessage, MalformedMessage, Measure

MESSAGE = EnforcementMessage(
    id="5f0c",
    sequence=4711,
    at=datetime(2026, 11, 22, 10, tzinfo=UTC),
    test=False,
    content_id="post-8731",
    content_kind="post",
    content_url="https://forum.example/p/8731",
    author_id="u-55",
    case="C-000123",
    decision="D-000045",
    rule=None,
    measures=(Measure.REMOVE_CONTENT, Measure.SUSPEND_AUTHOR),
)
BODY = (
    '{"id":"5f0c","event":"enforcement","sequence":4711,"at":"2026-11-22T10:00:00Z","test":false,'
    '"content":{"id":"post-8731","kind":"post","url":"https://forum.example/p/8731"},"author":{"id":"u-55"},'
    '"case":"C-000123","decision":"D-000045","rule":null,"measures":["remove_content","suspend_author"]}'
)


def test_the_body_is_as_documented_to_the_byte() -> None:
    assert MESSAGE.to_body() == BODY.encode()
    assert EnforcementMessage.from_body(BODY.encode()) == MESSAGE


def test_the_body_survives_storage_that_reorders_members() -> None:
    stored = json.loads(json.dumps(MESSAGE.to_json(), sort_keys=True))
    assert EnforcementMessage.from_json(stored).to_body() == MESSAGE.to_body()


def test_an_unknown_author_and_address_are_null() -> None:
    bare = replace(MESSAGE, author_id="", content_url="", case=None, measures=(Measure.HIDE_CONTENT,))
    value = bare.to_json()
    assert (value["author"], value["content"]["url"], value["case"]) == (None, None, None)
    assert EnforcementMessage.from_json(value).content_url is None


printable = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
texts = st.text(printable, min_size=1, max_size=50)
content_measures = st.sampled_from([Measure.HIDE_CONTENT, Measure.REMOVE_CONTENT, Measure.RESTORE_CONTENT])
author_measures = st.sampled_from([Measure.SUSPEND_AUTHOR, Measure.RESTORE_AUTHOR])
instants = st.integers(946_684_800, 4_102_444_800).map(lambda s: datetime.fromtimestamp(s, UTC))
messages = st.builds(
    EnforcementMessage,
    id=texts,
    sequence=st.integers(1, 2**62),
    at=instants,
    test=st.booleans(),
    content_id=texts,
    content_kind=texts,
    content_url=st.none() | texts,
    author_id=texts,
    case=st.none() | texts,
    decision=st.none() | texts,
    rule=st.none() | texts,
    measures=st.one_of(
        content_measures.map(lambda one: (one,)),
        author_measures.map(lambda one: (one,)),
        st.tuples(content_measures, author_measures),
    ),
)


@given(messages, instants)
def test_a_suspension_comes_back_with_its_end_and_nothing_else_has_one(
    message: EnforcementMessage, until: datetime
) -> None:
    if Measure.SUSPEND_AUTHOR in message.measures:
        ended = replace(message, author_until=until)
        assert EnforcementMessage.from_body(ended.to_body()) == ended
        assert ended.to_json()["author_until"].endswith("Z")
    else:
        assert "author_until" not in message.to_json()
        with pytest.raises(MalformedMessage, match="has an end"):
            replace(message, author_until=until)


@given(messages)
def test_every_message_comes_back_as_it_went(message: EnforcementMessage) -> None:
    assert EnforcementMessage.from_body(message.to_body()) == message


@given(st.binary(max_size=200))
def test_bytes_that_are_no_message_are_malformed(body: bytes) -> None:
    with pytest.raises(MalformedMessage):
        EnforcementMessage.from_body(body)


WRONG: list[tuple[str, Any]] = [
    ("id", ""),
    ("id", 5),
    ("event", "other"),
    ("sequence", "4711"),
    ("sequence", True),
    ("sequence", 0),
    ("sequence", 4.0),
    ("at", "2026-11-22"),
    ("at", "2026-11-22T10:00:00+01:00"),
    ("at", "2026-13-22T10:00:00Z"),
    ("test", 0),
    ("test", None),
    ("content", None),
    ("content", {"id": "x"}),
    ("author", None),
    ("author", "u-55"),
    ("case", 1),
    ("measures", []),
    ("measures", "hide_content"),
    ("measures", ["delete"]),
    ("measures", ["hide_content", "hide_content"]),
    ("measures", ["hide_content", "restore_content"]),
    ("measures", ["suspend_author", "restore_author"]),
    ("measures", [["hide_content"]]),
]


@pytest.mark.parametrize(("member", "value"), WRONG)
def test_a_wrong_member_is_malformed(member: str, value: Any) -> None:
    with pytest.raises(MalformedMessage):
        EnforcementMessage.from_json({**MESSAGE.to_json(), member: value})


@pytest.mark.parametrize("member", list(MESSAGE.to_json()))
def test_a_missing_member_is_malformed(member: str) -> None:
    value = MESSAGE.to_json()
    del value[member]
    with pytest.raises(MalformedMessage):
        EnforcementMessage.from_json(value)


def test_members_of_a_later_version_are_passed_over() -> None:
    assert EnforcementMessage.from_json({**MESSAGE.to_json(), "grounds": {"law": "x"}}) == MESSAGE


def test_an_endless_or_deep_body_is_malformed() -> None:
    for body in (b"[" * 16_000, b" " * 20_000, b'{"id":' * 2_000):
        with pytest.raises(MalformedMessage):
            EnforcementMessage.from_body(body)
