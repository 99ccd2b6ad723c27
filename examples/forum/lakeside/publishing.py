"""From a draft to a post that everybody sees, or not: ask first, publish after.

Nothing is published unasked and nothing is lost: while Vigie cannot be asked, a post waits.
"""

import threading
from typing import assert_never

from lakeside.asking import Judged, NoAnswer, Problem, Vigie
from lakeside.clock import now_s
from lakeside.store import Draft, Post, State, Store

RETRY_EVERY_S = 0.5
_BATCH = 20
# An ask that is still going on is not to be repeated beside it.
_ASK_SLACK_S = 5.0
_STATE_AFTER: dict[str, State] = {
    "allow": "published",
    "review": "published",
    "hold": "held",
    "remove": "declined",
}


class Publisher:
    """Asks Vigie about new posts at once and about waiting ones in the background."""

    def __init__(self, store: Store, vigie: Vigie, *, public_url: str) -> None:
        self._store = store
        self._vigie = vigie
        self._public_url = public_url
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._ask_again, name="ask-again", daemon=True)

    def start(self) -> None:
        """Take up posts that waited when the forum last stopped."""
        self._store.make_pending_due()
        self._thread.start()

    def stop(self) -> None:
        """End the background asking; what still waits is taken up at the next start."""
        self._stopping.set()
        self._thread.join(timeout=1)

    def submit(self, draft: Draft) -> Post:
        """Keep the draft, ask, and return the post as it now stands; raises store.Suspended."""
        at_s = now_s()
        ask_again_at_s = at_s + self._vigie.time_s_max + _ASK_SLACK_S
        number = self._store.add_pending(draft, at_s=at_s, ask_again_at_s=ask_again_at_s)
        self._ask(number)
        post = self._store.find(number)
        assert post is not None
        return post

    @property
    def posts_url(self) -> str:
        """What the address of every post begins with."""
        return f"{self._public_url}/p/"

    def url_of(self, number: int) -> str:
        """Where the public sees a post."""
        return f"{self.posts_url}{number}"

    def _ask(self, number: int) -> None:
        post = self._store.find(number)
        if post is None or post.state != "pending":
            return
        answer = self._vigie.ask(post, pictures=self._store.picture_bytes(number), url=self.url_of(number))
        match answer:
            case NoAnswer():
                self._store.postpone(number, at_s=now_s())
            case Problem(title):
                self._store.settle(number, state="declined", verdict=None, case=None, problem=title)
            case Judged(verdict, case, unchecked):
                state, problem = _STATE_AFTER[verdict], None
                if state == "published" and unchecked:
                    state, problem = (
                        "declined",
                        "A picture could not be read. Please save it again as JPEG or PNG.",
                    )
                self._store.settle(number, state=state, verdict=verdict, case=case, problem=problem)
            case _:
                assert_never(answer)

    def _ask_again(self) -> None:
        while not self._stopping.wait(RETRY_EVERY_S):
            self._store.lift_what_ended(at_s=now_s())
            for number in self._store.pending_due(at_s=now_s(), limit=_BATCH):
                if self._stopping.is_set():
                    return
                self._ask(number)
