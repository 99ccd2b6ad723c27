"""Who acts in the story and on what; every act is done through it, and what came of it kept.

Each act goes through the HTTP interface with a person's own token; what came of it is looked up at the forum, as a
stranger sees it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vigie.demo.clients import Forum, VigieApi
from vigie.demo.errors import DemoFailed
from vigie.demo.processes import wait_for
from vigie.demo.seen import Deeds, Posted
from vigie.demo.telling import Teller
from vigie.foundation.clock import monotonic_s
from vigie.foundation.identifiers import new_uuid

TAKES_EFFECT_S_MAX = 30.0


@dataclass(frozen=True, slots=True)
class Stage:
    """The people with their tokens, the forum with its own (`platform`), and the posts by their keys."""

    posted: Mapping[str, Posted]
    forum: Forum
    platform: VigieApi
    reviewer: VigieApi
    senior: VigieApi
    legal: VigieApi
    auditor: VigieApi
    teller: Teller
    deeds: Deeds = field(default_factory=Deeds)

    def carry_out(self, key: str, decision: Mapping[str, str], state: str, *, case: str = "") -> int:
        """Have a post's case decided and wait until the forum has the post in that state; its page's status then."""
        return self.act(key, state, lambda: self.decide(key, decision, case=case))

    def act(self, key: str, state: str, act: Callable[[], object]) -> int:
        """Do something and wait until the forum has a post in that state; keep how long that took.

        Returns the status of the post's page then.
        """
        began_s = monotonic_s()
        act()
        number = self.posted[key].number
        waited = wait_for(lambda: self.forum.stands(number).state == state, seconds_max=TAKES_EFFECT_S_MAX)
        if waited is not None:
            self.deeds.took_effect_ms.append((monotonic_s() - began_s) * 1000)
        return self.page_status(key)

    def decide(self, key: str, decision: Mapping[str, str], *, case: str = "") -> None:
        """The reviewer takes a post's case and decides it; raises DemoFailed where there is none."""
        case = case or self.posted[key].case
        if not case:
            raise DemoFailed(f"There is no case to decide: {self.posted[key].post.what} was not found.")
        self.reviewer.send(f"/v1/cases/{case}/lock")
        self.reviewer.send(f"/v1/cases/{case}/decisions", dict(decision), key=new_uuid())
        self.deeds.decisions += 1

    def page_status(self, key: str) -> int:
        """The HTTP status that a stranger gets for a post's page."""
        return self.forum.page_status(self.posted[key].number)

    def note(self, key: str, sentence: str) -> None:
        """Tell what happened to a post, after what was told before."""
        earlier = self.deeds.afterwards.get(key)
        self.deeds.afterwards[key] = f"{earlier}; {sentence}" if earlier else sentence
