"""Facts about which a policy had nothing to say."""

from vigie.policy.facts import Root
from vigie.policy.quiet import KEPT_MAX, QuietFacts

USED: dict[Root, dict[Root, tuple[str, ...]]] = {
    Root.CONTENT: {Root.CONTENT: ("author_removals",)},
    Root.MEDIUM: {Root.CONTENT: ("text",), Root.MEDIUM: ("quarantined",)},
    Root.MATCH: {Root.CONTENT: (), Root.MATCH: ("entry",)},
}


def test_facts_are_known_once_they_were_remembered() -> None:
    quiet = QuietFacts(USED)
    assert not quiet.knows(Root.CONTENT, (0,))
    quiet.remember(Root.CONTENT, (0,))
    assert quiet.knows(Root.CONTENT, (0,))
    assert not quiet.knows(Root.CONTENT, (1,))


def test_facts_that_do_not_come_again_are_not_kept() -> None:
    quiet = QuietFacts(USED)
    quiet.remember(Root.MEDIUM, ("the heron", False))
    quiet.remember(Root.MATCH, ("E-000001",))
    assert not quiet.knows(Root.MEDIUM, ("the heron", False))
    assert not quiet.knows(Root.MATCH, ("E-000001",))


def test_it_begins_anew_when_there_are_too_many() -> None:
    quiet = QuietFacts(USED)
    for number in range(KEPT_MAX + 1):
        quiet.remember(Root.CONTENT, (number,))
    assert quiet.knows(Root.CONTENT, (KEPT_MAX,))
    assert not quiet.knows(Root.CONTENT, (0,))
