"""Deciding some of the held cases as the reviewer, and waiting until the platform obeyed.

Each act goes through the HTTP interface with the reviewer's own token; what came of it is looked up at the forum,
as a stranger sees it, and in the ledger, as the auditor does.
"""

from collections.abc import Mapping

from vigie.demo.clients import Forum, VigieApi
from vigie.demo.errors import DemoFailed
from vigie.demo.posts import second_try
from vigie.demo.processes import wait_for
from vigie.demo.seen import Deeds, Posted
from vigie.demo.telling import Teller
from vigie.foundation.clock import monotonic_s
from vigie.foundation.identifiers import new_uuid

TAKES_EFFECT_S_MAX = 30.0
RECHECK_S_MAX = 30.0
ALARM_S_MAX = 60.0

_REMOVE = {
    "action": "remove",
    "legal_type": "c",
    "exemption": "none",
    "reason": "The same picture as the banked call of the column, only saved again.",
}


class Reviewing:
    """The acts of the story, in order; what came of them is kept in `deeds`."""

    def __init__(
        self,
        posted: Mapping[str, Posted],
        *,
        forum: Forum,
        reviewer: VigieApi,
        auditor: VigieApi,
        teller: Teller,
    ) -> None:
        self._posted = posted
        self._forum = forum
        self._reviewer = reviewer
        self._auditor = auditor
        self._teller = teller
        self.deeds = Deeds()

    def run(self) -> Deeds:
        """All acts. The alarm takes some looks, so the platform that pretends comes first and is waited for last."""
        self._remove_while_pretending("text-spaced")
        self._remove("near-large")
        self._keep("unconfirmed-postcard")
        self._suspend("near-cropped")
        self._undo("text-banked")
        self._wait_until_found_gone("near-large")
        self._wait_for_alarm("text-spaced")
        self._count_messages()
        self._verify_ledger()
        return self.deeds

    def _remove_while_pretending(self, key: str) -> None:
        self._teller.step("The forum pretends to obey; the reviewer removes a text that stands there")
        self._forum.set_faults(pretend=True)
        try:
            self._decide(key, _REMOVE | {"reason": "The banked call to join, word for word."})
            told = wait_for(
                lambda: any(one["outcome"] == "pretended" for one in self._forum.webhooks()["keys"]),
                seconds_max=TAKES_EFFECT_S_MAX,
            )
        finally:
            self._forum.set_faults(pretend=False)
        self.deeds.pretended_status = self._forum.page_status(self._posted[key].number)
        self._note(
            key, "decided: remove; the forum said yes and did nothing" if told is not None else "not told"
        )

    def _remove(self, key: str) -> None:
        self._teller.step("The reviewer removes a held copy of the poster")
        began_s = monotonic_s()
        self._decide(key, _REMOVE)
        self._wait_for_state(key, "removed", since_s=began_s)
        self.deeds.removed_status = self._forum.page_status(self._posted[key].number)
        self._note(key, f"decided: remove; page answers {self.deeds.removed_status}")

    def _keep(self, key: str) -> None:
        self._teller.step("The reviewer keeps a newspaper's picture of the postcard")
        began_s = monotonic_s()
        self._decide(
            key,
            {
                "action": "keep",
                "exemption": "journalism",
                "true_purpose": "The paper reports that the postcards are being handed out.",
                "reason": "News report; the picture is shown to inform.",
            },
        )
        self._wait_for_state(key, "published", since_s=began_s)
        self.deeds.kept_status = self._forum.page_status(self._posted[key].number)
        self._note(key, f"decided: keep (journalism); page answers {self.deeds.kept_status}")

    def _suspend(self, key: str) -> None:
        self._teller.step("The reviewer removes a cropped copy and suspends its author, who tries again")
        began_s = monotonic_s()
        self._decide(key, _REMOVE | {"action": "remove_and_suspend"})
        self._wait_for_state(key, "removed", since_s=began_s)
        self.deeds.suspended_status = self._forum.page_status(self._posted[key].number)
        again = second_try()
        self.deeds.second_try_status = self._forum.post(
            author=again.author, title=again.title, text=again.text, picture=None
        ).status
        self._note(
            key,
            f"decided: remove and suspend; page answers {self.deeds.suspended_status},"
            f" the author's next post {self.deeds.second_try_status}",
        )

    def _undo(self, key: str) -> None:
        self._teller.step("The reviewer removes a text, takes that back, and the post is there again")
        number = self._posted[key].number
        began_s = monotonic_s()
        self._decide(key, _REMOVE | {"reason": "The banked call to join, word for word."})
        self._wait_for_state(key, "removed", since_s=began_s)
        self.deeds.undone_before_status = self._forum.page_status(number)
        began_s = monotonic_s()
        self._reviewer.send(
            f"/v1/cases/{self._posted[key].case}/undo",
            {"reason": "Quoted against the column, on a second look."},
        )
        self._wait_for_state(key, "published", since_s=began_s)
        self.deeds.undone_after_status = self._forum.page_status(number)
        self._note(
            key,
            f"decided: remove; page answers {self.deeds.undone_before_status};"
            f" taken back; page answers {self.deeds.undone_after_status}",
        )

    def _wait_until_found_gone(self, key: str) -> None:
        self._teller.step("Vigie looks whether the removed post is really gone")
        query = {"subject": f"case:{self._posted[key].case}", "event": "platforms.content_gone"}
        found = wait_for(
            lambda: bool(self._auditor.get("/v1/ledger", **query)["items"]), seconds_max=RECHECK_S_MAX
        )
        self.deeds.found_gone = found is not None
        self._note(key, "looked again: gone" if self.deeds.found_gone else "looked again: not found gone")

    def _wait_for_alarm(self, key: str) -> None:
        self._teller.step("Vigie looks three times at the post that the forum pretended to remove")
        case = self._posted[key].case

        def raised() -> bool:
            return any(one["case"] == case for one in self._auditor.get("/v1/alarms")["items"])

        self.deeds.alarm = wait_for(raised, seconds_max=ALARM_S_MAX) is not None
        self._note(key, "looked again: still there, ALARM" if self.deeds.alarm else "no alarm")

    def _count_messages(self) -> None:
        keys = self._forum.webhooks()["keys"]
        self.deeds.messages = len(keys)
        self.deeds.messages_twice = sum(1 for one in keys if one["effects"] > 1)

    def _verify_ledger(self) -> None:
        self._teller.step("The auditor verifies the ledger")
        found = self._auditor.get("/v1/ledger/verification")
        self.deeds.ledger_whole, self.deeds.ledger_sentence = bool(found["whole"]), str(found["sentence"])

    def _decide(self, key: str, decision: Mapping[str, str]) -> None:
        case = self._posted[key].case
        if not case:
            raise DemoFailed(f"There is no case to decide: {self._posted[key].post.what} was not found.")
        self._reviewer.send(f"/v1/cases/{case}/lock")
        self._reviewer.send(f"/v1/cases/{case}/decisions", dict(decision), key=new_uuid())
        self.deeds.decisions += 1

    def _wait_for_state(self, key: str, state: str, *, since_s: float) -> None:
        number = self._posted[key].number
        waited = wait_for(lambda: self._forum.stands(number).state == state, seconds_max=TAKES_EFFECT_S_MAX)
        if waited is not None:
            self.deeds.took_effect_ms.append((monotonic_s() - since_s) * 1000)

    def _note(self, key: str, sentence: str) -> None:
        earlier = self.deeds.afterwards.get(key)
        self.deeds.afterwards[key] = f"{earlier}; {sentence}" if earlier else sentence
