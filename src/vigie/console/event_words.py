"""What happened, in words: the events of the ledger by their names, and what a row says beyond its name.

It changes no meaning and knows no row: codes in, words out.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vigie.console.exposure_words import EVENTS as EXPOSURE_EVENTS
from vigie.console.issuing_words import EVENTS as ISSUING_EVENTS
from vigie.console.words import ACTIONS, MEASURES, VERDICTS, Words, word

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
    "ledger.backup_begun.v1": _("A backup was begun"),
    "ledger.backup_restored.v1": _("A backup was restored"),
    "ledger.checkpoint_signed.v1": _("A checkpoint was signed"),
    "ledger.dead_letter_replayed.v1": _("A delivery was sent again"),
    "ledger.delivered.v1": _("The platform took the message"),
    "ledger.delivery_given_up.v1": _("Delivery was given up"),
    "ledger.delivery_overtaken.v1": _("A message was overtaken: it was done by hand"),
    "matching.archive_day_dropped.v1": _("A day of the archive reached the end of its time"),
    "matching.archive_journal_torn.v1": _("A journal of uploads was damaged"),
    "matching.archive_loss_seen.v1": _("Somebody took note of what the archive lost"),
    "matching.archive_part_damaged.v1": _("A part of the archive was damaged"),
    "matching.archive_uploads_lost.v1": _("Uploads could not be kept for lookback"),
    "matching.erasure_asked.v1": _("A content is to go from the archive"),
    "matching.erasure_done.v1": _("A content went from the archive"),
    "matching.lookback_begun.v1": _("A lookback was asked for"),
    "matching.lookback_cancelled.v1": _("A lookback was cancelled"),
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
    "misuse.record_deleted.v1": _("A record of misuse was deleted, its time being over"),
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
