"""Vigie's codes in words for people, in the language of the request: verdicts, actions, law, distances, events.

It changes no meaning and knows no row: codes in, words out.
"""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vigie.console.exposure_words import EVENTS as EXPOSURE_EVENTS
from vigie.console.issuing_words import EVENTS as ISSUING_EVENTS

Words = Mapping[str, "str | Promise"]

VERDICTS: Words = {
    "allow": _("Allowed"),
    "review": _("To be reviewed"),
    "hold": _("Held back"),
    "remove": _("Removed by rule"),
}

VERDICT_SENTENCES: Words = {
    "review": _("The content is visible on the platform. A rule asks for a person."),
    "hold": _("The platform keeps the content hidden until a person decides."),
    "remove": _(
        "A rule removed the content, because a person confirmed the banked material it is a copy of."
    ),
    "notice": _("Somebody reported it. The platform sent nothing of it; look at it at its address."),
    "lookback": _(
        "An earlier upload that a lookback found. Whether it can still be seen, the platform knows."
    ),
}

STATES: Words = {"open": _("Open"), "decided": _("Decided"), "all": _("All")}

ACTIONS: Words = {
    "keep": _("Keep"),
    "hide": _("Hide"),
    "remove": _("Remove"),
    "remove_and_suspend": _("Remove and suspend the author"),
    "undo": _("Undone"),
}

ACTIONS_TAKEN: Words = {
    "keep": _("kept"),
    "hide": _("hidden"),
    "remove": _("removed"),
    "remove_and_suspend": _("removed, author suspended"),
    "suspend_account": _("account suspended for a time"),
    "undo": _("decision undone"),
}

ACTION_SENTENCES: Words = {
    "keep": _("The content stays, or comes back."),
    "hide": _("The content is hidden and can be brought back."),
    "remove": _("The content is taken down and kept as evidence."),
    "remove_and_suspend": _("The content is taken down and its author suspended."),
}

# Regulation (EU) 2021/784, Article 2(7).
LEGAL_TYPES: Words = {
    "a": _(
        "incites to a terrorist offence, also by glorifying or advocating it, so that one may be committed"
    ),
    "b": _("solicits a person or group to commit a terrorist offence or contribute to one"),
    "c": _("solicits a person or group to take part in the activities of a terrorist group"),
    "d": _("instructs in making or using explosives, weapons or harmful substances, or in other methods"),
    "e": _("threatens to commit a terrorist offence"),
}

LEGAL_TYPES_SHORT: Words = {
    "a": _("incitement"),
    "b": _("soliciting offences"),
    "c": _("recruiting for a group"),
    "d": _("instructions"),
    "e": _("threat"),
}

# Regulation (EU) 2021/784, Article 1(3).
EXEMPTIONS: Words = {
    "none": _("none applies"),
    "education": _("education"),
    "journalism": _("journalism"),
    "art": _("art"),
    "research": _("research"),
    "counter_speech": _("preventing or countering terrorism"),
    "public_debate": _("polemic or controversial views in public debate"),
}

# Offered to whoever writes a reason; stored as they stand.
PHRASES: tuple["str | Promise", ...] = (
    _("Exact copy of confirmed material."),
    _("The same picture, edited; nothing changes its message."),
    _("News report; the material is shown to inform."),
    _("Only looks alike; nothing to do with the banked material."),
    _("Glorifies an attack and its perpetrators."),
    _("Calls on readers to join."),
)

SIGNALS: Words = {
    "pdq": _("Picture (PDQ)"),
    "sha256": _("File (SHA-256)"),
    "md5": _("File (MD5)"),
    "text_sha256": _("Text (SHA-256)"),
}

QUARANTINE: Words = {
    "empty": _("The medium has no bytes."),
    "too_many_bytes": _("The medium has more bytes than this server takes."),
    "too_many_pixels": _("The picture has more pixels than this server takes."),
    "unknown_format": _("The medium is not a JPEG, PNG, WebP or GIF picture."),
    "malformed": _("The picture is damaged."),
    "unsupported": _("The picture uses a variant of its format that is not supported."),
    "timed_out": _("Decoding the picture took too long."),
}

MEASURES: Words = {
    "hide_content": _("hide the content"),
    "remove_content": _("remove the content"),
    "restore_content": _("show the content again"),
    "suspend_author": _("suspend the author"),
    "restore_author": _("lift the suspension of the author"),
}

DELIVERY_STATES: Words = {
    "pending": _("on its way"),
    "delivered": _("delivered"),
    "dead": _("given up"),
}

RECHECK_STATES: Words = {
    "due": _("not looked at yet"),
    "gone": _("is gone"),
    "still_there": _("still there"),
    "back": _("is back"),
    "missing": _("not back"),
    "outdated": _("overtaken by a later decision"),
}

LOOKBACK_STATES: Words = {
    "running": _("looking"),
    "stopped": _("waits for a person"),
    "done": _("all looked at"),
}

FIND_OUTCOMES: Words = {
    "opened": _("a case was opened"),
    "joined": _("its case was open already"),
    "decided": _("its case was decided already"),
}

ROLES: Words = {
    "reviewer": _("Reviewer"),
    "senior_reviewer": _("Senior reviewer"),
    "legal_officer": _("Legal officer"),
    "analyst": _("Analyst"),
    "auditor": _("Auditor"),
    "administrator": _("Administrator"),
}

EVENTS: Words = {
    "banks.bank_changed.v1": _("A bank's settings were changed"),
    "banks.bank_created.v1": _("A bank was made"),
    "banks.bank_exported.v1": _("A bank was exported"),
    "banks.entries_imported.v1": _("Entries were imported"),
    "banks.entry_added.v1": _("An entry was added"),
    "banks.entry_changed.v1": _("An entry was changed"),
    "banks.entry_confirmation_withdrawn.v1": _("A confirmation was withdrawn"),
    "banks.entry_confirmed.v1": _("An entry was confirmed"),
    "banks.entry_removed.v1": _("An entry was removed from its bank"),
    "banks.entry_restored.v1": _("An entry was put back"),
    "banks.entry_variants_added.v1": _("Variants added to an entry, so that edited copies are found"),
    "cases.case_locked.v1": _("Taken to work on"),
    "cases.case_opened.v1": _("The case was opened"),
    "cases.case_released.v1": _("Handed back to the queue"),
    "cases.matches_added.v1": _("A lookback found further entries"),
    "cases.decision_taken.v1": _("Decided"),
    "cases.decision_undone.v1": _("The decision was undone"),
    "evidence.access_granted.v1": _("Access to evidence was granted"),
    "evidence.access_refused.v1": _("Access to evidence was refused"),
    "evidence.access_requested.v1": _("Somebody asks for access to evidence"),
    "evidence.blob_removal_failed.v1": _("The store would not let go of deleted evidence"),
    "evidence.blobs_removed.v1": _("Deleted evidence left the store"),
    "evidence.deleted.v1": _("Evidence was deleted"),
    "evidence.export_granted.v1": _("An export of evidence was granted"),
    "evidence.export_refused.v1": _("An export of evidence was refused"),
    "evidence.export_requested.v1": _("Somebody asks to export evidence"),
    "evidence.exported.v1": _("Evidence was exported"),
    "evidence.extended.v1": _("Evidence is kept longer"),
    "evidence.extension_refused.v1": _("Evidence is not kept longer"),
    "evidence.extension_requested.v1": _("An authority asks to keep evidence longer"),
    "evidence.kept.v1": _("Evidence is kept for a time"),
    "evidence.opened.v1": _("Preserved evidence was opened"),
    "evidence.preserved.v1": _("Evidence is preserved for six months"),
    "evidence.read.v1": _("Evidence was read"),
    "evidence.sealed.v1": _("Evidence was sealed"),
    "ledger.checkpoint_signed.v1": _("A checkpoint was signed"),
    "ledger.dead_letter_replayed.v1": _("A delivery was sent again"),
    "ledger.delivered.v1": _("The platform took the message"),
    "ledger.delivery_given_up.v1": _("Delivery was given up"),
    "matching.archive_day_dropped.v1": _("A day of the archive reached the end of its time"),
    "matching.archive_journal_torn.v1": _("A journal of uploads was damaged"),
    "matching.archive_loss_seen.v1": _("Somebody took note of what the archive lost"),
    "matching.archive_uploads_lost.v1": _("Uploads could not be kept for lookback"),
    "matching.erasure_asked.v1": _("A content is to go from the archive"),
    "matching.erasure_done.v1": _("A content went from the archive"),
    "matching.lookback_begun.v1": _("A lookback was asked for"),
    "matching.lookback_ended.v1": _("A lookback looked at everything"),
    "matching.lookback_goes_on.v1": _("A lookback may open more cases"),
    "matching.lookback_stopped.v1": _("A lookback opened as many cases as it may"),
    **EXPOSURE_EVENTS,
    **ISSUING_EVENTS,
    "orders.answer_sent.v1": _("The authority was sent its form"),
    "orders.cannot_be_executed.v1": _("The order cannot be executed for now: Annex III"),
    "orders.content_reinstated.v1": _("Content was given back"),
    "orders.disclosure_changed.v1": _("Whether the author may be told changed"),
    "orders.execution_ordered.v1": _("A person had the order executed"),
    "orders.hour_missed.v1": _("The hour ended before the order was executed or answered"),
    "orders.hour_restarted.v1": _("The hour began anew"),
    "orders.intake_quarantined.v1": _("What came in could not be read"),
    "orders.intake_set_aside.v1": _("What came in was set aside as no order"),
    "orders.intake_stored.v1": _("Something came in and was kept"),
    "orders.item_seen.v1": _("Vigie looked at an address of the order"),
    "orders.order_accepted.v1": _("The order was taken for genuine"),
    "orders.order_annulled.v1": _("The order lost its effect"),
    "orders.order_became_final.v1": _("The order became final"),
    "orders.order_corrected.v1": _("Fields of the order were filled in"),
    "orders.order_disabled.v1": _("Undecided at minute 50: access was disabled for now"),
    "orders.order_escalated.v1": _("Whoever is on call was to be called"),
    "orders.order_executed.v1": _("The order is executed"),
    "orders.order_received.v1": _("A removal order was received"),
    "orders.order_refused.v1": _("The order was refused as not genuine"),
    "orders.sender_checked.v1": _("The sender's signature was checked"),
    "orders.order_repeated.v1": _("The order was sent again"),
    "orders.scrutiny_changed.v1": _("Scrutiny was asked for or decided"),
    "people.token_added.v1": _("A token was made"),
    "people.token_revoked.v1": _("A token was revoked"),
    "people.user_added.v1": _("A person was given access"),
    "people.user_password_set.v1": _("A person was given a new password"),
    "people.user_role_changed.v1": _("A person's role changed"),
    "people.user_switched_off.v1": _("A person lost access"),
    "people.user_switched_on.v1": _("A person was given access back"),
    "misuse.finding_withdrawn.v1": _("Something counts no more as misuse"),
    "misuse.found.v1": _("Something was found to be misuse"),
    "misuse.suspended.v1": _("Somebody was suspended for misuse"),
    "misuse.suspension_ended.v1": _("A suspension for misuse ended"),
    "misuse.warned.v1": _("Somebody was warned for misuse"),
    "misuse.warning_taken_back.v1": _("A warning for misuse was taken back"),
    "notices.flagger_added.v1": _("A trusted flagger was entered"),
    "notices.flagger_switched.v1": _("A trusted flagger's standing changed"),
    "notices.notice_decided.v1": _("A notice was answered"),
    "notices.notice_found_unfounded.v1": _("A notice was found manifestly unfounded"),
    "notices.notice_received.v1": _("Somebody reported it"),
    "notices.notice_reopened.v1": _("A notice waits again"),
    "notices.notice_taken_up.v1": _("A notice that was set aside was taken up"),
    "notices.notifier_suspended.v1": _("A notifier's notices are set aside for a time"),
    "notices.notifier_told.v1": _("The notifier can read the decision"),
    "notices.notifier_warned.v1": _("A notifier was warned"),
    "notices.threat_raised.v1": _("A threat to life was seen"),
    "notices.threat_settled.v1": _("A threat to life was dealt with"),
    "platforms.alarm_seen.v1": _("Somebody took note of the alarm"),
    "platforms.content_gone.v1": _("Looked: the content is gone"),
    "platforms.content_still_there.v1": _("Looked: the content is still there"),
    "platforms.enforcement_requested.v1": _("The platform was told"),
    "platforms.platform_added.v1": _("A platform was connected"),
    "platforms.platform_changed.v1": _("A platform's settings were changed"),
    "platforms.letter_requested.v1": _("A letter to the user was sent"),
    "cases.decision_revised.v1": _("Another decision took the place of the first"),
    "platforms.content_back.v1": _("Looked: the content is back"),
    "platforms.content_not_back.v1": _("Looked: the content is not back"),
    "redress.complainant_informed.v1": _("The complainant has the answer"),
    "redress.complaint_assigned.v1": _("Somebody took the complaint"),
    "redress.complaint_carried_out.v1": _("What the complaint changed was carried out"),
    "redress.complaint_decided.v1": _("The complaint was decided"),
    "redress.complaint_found_unfounded.v1": _("The complaint was found manifestly unfounded"),
    "redress.complaint_taken_up.v1": _("A complaint that was set aside came back"),
    "redress.complaint_handed_back.v1": _("The complaint was left to somebody else"),
    "redress.complaint_received.v1": _("A complaint came"),
    "redress.content_reinstated.v1": _("The content was given back"),
    "redress.inquiry_answered.v1": _("A person gave an author the reasons of a removal order"),
    "redress.inquiry_received.v1": _("An author asks for the reasons of a removal order"),
    "redress.proposal_settled.v1": _("A proposal was decided"),
    "redress.statement_made.v1": _("Reasons were stated"),
    "redress.statement_withdrawn.v1": _("The statement of reasons was withdrawn"),
    "redress.submission_accepted.v1": _("The Transparency Database has the statement"),
    "redress.submission_given_up.v1": _("The Transparency Database did not take the statement"),
    "redress.submission_replayed.v1": _("The statement was sent to the Transparency Database again"),
    "reports.profile_changed.v1": _("What reports say of the service was written"),
    "reports.report_published.v1": _("A transparency report was published"),
    "redress.user_informed.v1": _("The user was informed"),
    "policy.shadow_rule_hit.v1": _("A rule in shadow would have acted"),
    "policy.version_activated.v1": _("A policy became active"),
}

EVIDENCE_KINDS: Words = {
    "medium": _("picture"),
    "text": _("text"),
    "record": _("links and names"),
    "picture": _("picture"),
    "preview": _("preview"),
    "quarantine": _("medium in quarantine"),
}

PDQ_BITS = 256


def word(words: Words, code: str) -> str:
    """The words for a code; the code itself when there are none, so that nothing is hidden."""
    return str(words.get(code, code))


def distance_words(signal: str, bits: int) -> str:
    """How near a match is, for a tired person. The steps describe; what may happen is the policy's to say."""
    if signal in ("sha256", "md5"):
        return _g("Identical file")
    if signal == "text_sha256":
        return _g("The same text, whatever its case and spacing")
    return _g("%(counted)s: %(nearness)s") % {"counted": counted_bits(bits), "nearness": _nearness(bits)}


def counted_bits(bits: int) -> str:
    """How many bits of a PDQ hash differ."""
    return ngettext("%(bits)d of %(all)d bits differs", "%(bits)d of %(all)d bits differ", bits) % {
        "bits": bits,
        "all": PDQ_BITS,
    }


def _nearness(bits: int) -> str:
    if bits == 0:
        return _g("the same picture")
    if bits <= 12:
        return _g("very likely the same picture, recompressed or resized")
    if bits <= 22:
        return _g("probably the same picture, edited or cropped")
    return _g("looks alike; may be another picture")


def note_words(note: Mapping[str, Any]) -> str:
    """A note beside a verdict, in a sentence."""
    match note.get("code"):
        case "pdq_quality_low":
            return _g(
                "%(media)s has too little detail for picture matching (quality %(quality)s of 100): only exact copies"
                " of it can be found."
            ) % {"media": note.get("media", ""), "quality": note.get("quality", "?")}
        case "outweighed_by_harmless":
            return _g(
                "Also near %(entry)s in %(bank)s, but material known to be harmless is at least as near, so that match"
                " does not count."
            ) % {"entry": note.get("entry", ""), "bank": note.get("bank", "")}
        case "content_not_kept":
            return _g(
                "Found by a lookback: only the signals of the upload were kept. Look at it on the platform."
            )
        case code:
            return str(code)


def event_detail(event: str, facts: Mapping[str, Any]) -> str:
    """What a ledger row says beyond its name, as far as a page of a case has use for it."""
    match event:
        case "cases.case_opened.v1":
            return word(VERDICTS, facts["verdict"])
        case "cases.decision_taken.v1":
            legal_type = f" · ({facts['legal_type']})" if facts["legal_type"] else ""
            return f"{facts['decision']}: {word(ACTIONS, facts['action'])}{legal_type}"
        case "cases.decision_undone.v1":
            return str(facts["undoes"])
        case "evidence.read.v1":
            return str(facts["purpose"])
        case "platforms.enforcement_requested.v1":
            return ", ".join(word(MEASURES, one) for one in facts["measures"])
        case "redress.statement_made.v1" | "redress.statement_withdrawn.v1" | "redress.user_informed.v1":
            return str(facts["statement"])
        case "platforms.letter_requested.v1":
            return str(facts["number"])
        case "cases.decision_revised.v1":
            return f"{facts['decision']}: {word(ACTIONS, facts['action'])}"
        case name if name.startswith("notices.") and "notice" in facts:
            return str(facts["notice"])
        case name if name.startswith("redress.") and "complaint" in facts:
            return str(facts["complaint"])
        case (
            "platforms.content_gone.v1"
            | "platforms.content_still_there.v1"
            | "platforms.content_back.v1"
            | "platforms.content_not_back.v1"
        ):
            return str(facts["seen"])
        case "ledger.delivered.v1" | "ledger.delivery_given_up.v1":
            attempts = int(facts["attempts"])
            return ngettext("%(count)d attempt", "%(count)d attempts", attempts) % {"count": attempts}
        case _:
            return ""


def domain_sentences() -> Iterator[str]:
    """English sentences that other domains hand out as data, so that they are translated too."""
    from vigie.matching.matches import FOUND_BY_LOOKBACK
    from vigie.matching.nearness import ADVICE
    from vigie.policy.parsing import parse_policy
    from vigie.policy.verdicts import Cap
    from vigie.signals.media import SENTENCES

    yield from (cap.sentence for cap in Cap)
    yield from SENTENCES.values()
    yield FOUND_BY_LOOKBACK
    yield from ADVICE
    default_policy = files("vigie.policy").joinpath("default_policy.yaml").read_text(encoding="utf-8")
    for rule in parse_policy(default_policy, source_name="default_policy.yaml").rules:
        yield rule.because
