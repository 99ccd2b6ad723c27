"""The sentences of letters to users, one instance a language; `wording_<language>.py` hold them.

A language is complete or not there: mypy refuses a missing sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MisuseWording:
    """What is said about frequent misuse; maps are by kind: notifier, complainant, uploader."""

    warning_title: str
    counted: Mapping[str, str]
    warnings: Mapping[str, str]
    gravity: str
    intention: str
    contest: str
    suspension_title: str
    suspended: Mapping[str, str]
    lifted_title: str
    lifted: Mapping[str, str]
    account_suspended: str
    account_ends: str
    contents: str
    contents_more: str
    warned: str
    found_by_machine: str
    found_by_person: str
    ground: str
    database_facts: str
    complaint_set_aside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Every sentence of a language. `months` are the twelve names as they stand in a date."""

    months: tuple[str, ...]
    day_format: str
    title: str
    heading_what: str
    measures: Mapping[str, str]
    account_suspended: str
    decided_at: str
    territory_and_duration: str
    heading_facts: str
    facts_seen_illegal: str
    facts_seen_terms: str
    facts_copy: str
    source_own_initiative: str
    source_notice: str
    source_trusted_flagger: str
    source_referral: str
    heading_automation: str
    detected_by_machine: str
    detected_by_person: str
    decided_by_machine: str
    decided_by_person: str
    heading_ground: str
    ground_law: str
    why_law: str
    legal_types: Mapping[str, str]
    ground_terms: str
    why_terms: str
    terms_default: str
    heading_redress: str
    redress_complaint: str
    redress_dispute_body: str
    redress_court: str
    complaint_title: str
    complaint_received: str
    complaint_outcomes: Mapping[str, str]
    complaint_reasons: str
    complaint_redress: str
    complaint_person: str
    notice_title: str
    notice_received: str
    notice_outcomes: Mapping[str, str]
    notice_decided: str
    notice_person: str
    notice_redress: str
    notice_link: str
    order_title: str
    order_measures: Mapping[str, str]
    order_cause: str
    order_ask: str
    order_reasons_title: str
    order_issued: str
    order_types: str
    order_more_reasons: str
    order_redress: str
    order_redress_body: str
    order_redress_deadline: str
    order_redress_provisions: str
    order_scrutiny: str
    misuse: MisuseWording

    def day(self, instant: datetime) -> str:
        """A date in words."""
        return self.day_format.format(
            day=instant.day, month=self.months[instant.month - 1], year=instant.year
        )
