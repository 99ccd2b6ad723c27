"""Questions about content that are looked at together get what each would get alone."""

import json

import pytest

import vigie.api.fastlane_content as content
from domain import NoRemovals
from pictures import as_bytes, picture
from vigie.api.fastlane_content import Asked, ContentWork, LookedAt, ToFetch
from vigie.api.fastlane_threads import Failed, attempt
from vigie.flows.upload import Tools
from vigie.foundation.settings import Settings
from vigie.matching.index import MatchIndex
from vigie.people.service import TokenRecord
from vigie.policy import default_policy_text, parse_policy

TOKEN = TokenRecord(1, b"", frozenset(), "forum", None, None)


class Memory:
    """What a process that has just begun holds, with nothing banked."""

    settings = Settings()
    platforms = frozenset({"forum"})
    _policy = parse_policy(default_policy_text(), source_name="default")

    def tools(self) -> Tools:
        """With an empty index and no archive."""
        return Tools(MatchIndex(), self._policy, NoRemovals(), self.settings)


def asked(external_id: str, *parts: tuple[str, bytes], **fields: object) -> Asked:
    """A question with these media."""
    question = {"id": external_id, "media": [{"id": name} for name, _ in parts], **fields}
    body = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), data)
        for name, data in [("content", json.dumps(question).encode()), *parts]
    )
    return Asked(body + b"--b--\r\n", {b"content-type": b"multipart/form-data; boundary=b"}, TOKEN)


PICTURE = as_bytes(picture(1))
QUESTIONS = [
    asked("post-1", ("m1", PICTURE)),
    asked("post-2", ("m1", as_bytes(picture(2))), ("m2", as_bytes(picture(3), "JPEG"))),
    asked("post-3", text="The heron flies over the grey river."),
    asked("post-4", ("m1", as_bytes(picture(4))), level="robust"),
    asked("post-5", ("m1", PICTURE[:900])),
    asked("post-6", media=[{"id": "m1", "url": "http://forum.example/1.png"}]),
    asked("post-7", ("m1", b"")),
    asked("post-8", platform="gallery"),
    Asked(b"--b", {b"content-type": b"multipart/form-data; boundary=b"}, TOKEN),
    Asked(b"{", {b"content-type": b"application/json"}, TOKEN),
]


def told(outcome: ToFetch | LookedAt | Failed | None) -> object:
    """An outcome in a form that can be compared."""
    return (type(outcome.error), str(outcome.error)) if isinstance(outcome, Failed) else outcome


def test_each_gets_what_it_would_get_alone() -> None:
    work = ContentWork(Memory())
    together = [told(one) for one in work.together(QUESTIONS)]
    assert together == [told(attempt(work.alone, one)) for one in QUESTIONS]
    kinds = [type(one) for one in together]
    assert kinds == [LookedAt] * 5 + [ToFetch] + [tuple] * 4


def test_what_is_damaged_is_not_answered_at_once() -> None:
    damaged = ContentWork(Memory()).together(QUESTIONS)[4]
    assert isinstance(damaged, LookedAt)
    assert damaged.look.examined[0].refused_code == "malformed"
    assert damaged.answer is None


def test_a_picture_that_would_keep_the_others_waiting_is_left_to_be_done_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(content, "TOGETHER_PIXELS_MAX", 640 * 480)
    work = ContentWork(Memory())
    large = asked("post-9", ("m1", as_bytes(picture(9, width_px=641))), ("m2", PICTURE))
    first, second = work.together([large, QUESTIONS[0]])
    assert first is None
    assert isinstance(second, LookedAt)
    alone = work.alone(large)
    assert isinstance(alone, LookedAt)
    assert alone.answer is not None
