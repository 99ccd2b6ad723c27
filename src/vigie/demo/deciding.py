"""Deciding some of the held cases as the reviewer, and waiting until the platform obeyed.

What Vigie noticed of it is looked up in the ledger and among the alarms.
"""

from vigie.demo.posts import second_try
from vigie.demo.processes import wait_for
from vigie.demo.stage import TAKES_EFFECT_S_MAX, Stage

RECHECK_S_MAX = 30.0
ALARM_S_MAX = 60.0

REMOVE = {
    "action": "remove",
    "legal_type": "c",
    "exemption": "none",
    "reason": "The same picture as the banked call of the column, only saved again.",
}
_REMOVE_TEXT = REMOVE | {"reason": "The banked call to join, word for word."}
_KEEP = {
    "action": "keep",
    "exemption": "journalism",
    "true_purpose": "The paper reports that the postcards are being handed out.",
    "reason": "News report; the picture is shown to inform.",
}


def decide_some(stage: Stage) -> None:
    """All decisions of the reviewer. The alarm takes some looks, so the platform that pretends comes first."""
    _remove_while_pretending(stage, "text-spaced")
    _remove(stage, "near-large")
    _keep(stage, "unconfirmed-postcard")
    _suspend(stage, "near-cropped")
    _undo(stage, "text-banked")


def wait_for_what_follows(stage: Stage) -> None:
    """What Vigie finds out by itself afterwards, and whether its ledger is whole."""
    _wait_until_found_gone(stage, "near-large")
    _wait_for_alarm(stage, "text-spaced")
    _count_messages(stage)
    _verify_ledger(stage)


def _remove_while_pretending(stage: Stage, key: str) -> None:
    stage.teller.step("The forum pretends to obey; the reviewer removes a text that stands there")
    stage.forum.set_faults(pretend=True)
    try:
        stage.decide(key, _REMOVE_TEXT)
        told = wait_for(
            lambda: any(one["outcome"] == "pretended" for one in stage.forum.webhooks()["keys"]),
            seconds_max=TAKES_EFFECT_S_MAX,
        )
    finally:
        stage.forum.set_faults(pretend=False)
    stage.deeds.pretended_status = stage.page_status(key)
    stage.note(key, "decided: remove; the forum said yes and did nothing" if told is not None else "not told")


def _remove(stage: Stage, key: str) -> None:
    stage.teller.step("The reviewer removes a held copy of the poster")
    stage.deeds.removed_status = stage.carry_out(key, REMOVE, "removed")
    stage.note(key, f"decided: remove; page answers {stage.deeds.removed_status}")


def _keep(stage: Stage, key: str) -> None:
    stage.teller.step("The reviewer keeps a newspaper's picture of the postcard")
    stage.deeds.kept_status = stage.carry_out(key, _KEEP, "published")
    stage.note(key, f"decided: keep (journalism); page answers {stage.deeds.kept_status}")


def _suspend(stage: Stage, key: str) -> None:
    stage.teller.step("The reviewer removes a cropped copy and suspends its author, who tries again")
    decision = REMOVE | {"action": "remove_and_suspend"}
    stage.deeds.suspended_status = stage.carry_out(key, decision, "removed")
    again = second_try()
    stage.deeds.second_try_status = stage.forum.post(
        author=again.author, title=again.title, text=again.text, picture=None
    ).status
    stage.note(
        key,
        f"decided: remove and suspend; page answers {stage.deeds.suspended_status},"
        f" the author's next post {stage.deeds.second_try_status}",
    )


def _undo(stage: Stage, key: str) -> None:
    stage.teller.step("The reviewer removes a text, takes that back, and the post is there again")
    stage.deeds.undone_before_status = stage.carry_out(key, _REMOVE_TEXT, "removed")
    undo = f"/v1/cases/{stage.posted[key].case}/undo"
    reason = {"reason": "Quoted against the column, on a second look."}
    stage.deeds.undone_after_status = stage.act(key, "published", lambda: stage.reviewer.send(undo, reason))
    stage.note(
        key,
        f"decided: remove; page answers {stage.deeds.undone_before_status};"
        f" taken back; page answers {stage.deeds.undone_after_status}",
    )


def _wait_until_found_gone(stage: Stage, key: str) -> None:
    stage.teller.step("Vigie looks whether the removed post is really gone")
    query = {"subject": f"case:{stage.posted[key].case}", "event": "platforms.content_gone"}
    found = wait_for(
        lambda: bool(stage.auditor.get("/v1/ledger", **query)["items"]), seconds_max=RECHECK_S_MAX
    )
    stage.deeds.found_gone = found is not None
    stage.note(key, "looked again: gone" if stage.deeds.found_gone else "looked again: not found gone")


def _wait_for_alarm(stage: Stage, key: str) -> None:
    stage.teller.step("Vigie looks three times at the post that the forum pretended to remove")
    case = stage.posted[key].case

    def raised() -> bool:
        return any(one["case"] == case for one in stage.auditor.get("/v1/alarms")["items"])

    stage.deeds.alarm = wait_for(raised, seconds_max=ALARM_S_MAX) is not None
    stage.note(key, "looked again: still there, ALARM" if stage.deeds.alarm else "no alarm")


def _count_messages(stage: Stage) -> None:
    keys = stage.forum.webhooks()["keys"]
    stage.deeds.messages = len(keys)
    stage.deeds.messages_twice = sum(1 for one in keys if one["effects"] > 1)


def _verify_ledger(stage: Stage) -> None:
    stage.teller.step("The auditor verifies the ledger")
    found = stage.auditor.get("/v1/ledger/verification")
    stage.deeds.ledger_whole, stage.deeds.ledger_sentence = bool(found["whole"]), str(found["sentence"])
