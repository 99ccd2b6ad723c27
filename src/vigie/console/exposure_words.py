"""Codes of exposure in words for people: ours as a provider, and what we as an authority decide about providers.

It changes no meaning: codes in, words out.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, "str | Promise"]

EVENTS: Words = {
    "exposure.decision_received.v1": _("A decision that we are exposed was received"),
    "exposure.measures_taken.v1": _("Specific measures are taken"),
    "exposure.measures_required.v1": _("The authority requires more measures"),
    "exposure.report_sent.v1": _("A report on specific measures was sent"),
    "exposure.review_asked.v1": _("A review of the decision was asked for"),
    "exposure.review_refused.v1": _("The decision stands after the review"),
    "exposure.exposure_ended.v1": _("We are exposed no more"),
    "issuing.access_requested.v1": _("Access to preserved content was asked for"),
    "issuing.exposure_challenged.v1": _("A decision about the provider was challenged"),
    "issuing.exposure_court_decided.v1": _("A court decided about the exposure"),
    "issuing.exposure_decided.v1": _("It was decided that the provider is exposed"),
    "issuing.exposure_notified.v1": _("The decision was notified to the provider"),
    "issuing.exposure_review_asked.v1": _("The provider asked for a review"),
    "issuing.exposure_review_decided.v1": _("The review was decided"),
    "issuing.measures_reported.v1": _("The provider reported on its measures"),
    "issuing.measures_required.v1": _("More measures were required of the provider"),
    "issuing.penalty_imposed.v1": _("A penalty was imposed"),
}

MEASURES: Words = {
    "means": _("technical or operational means, staff"),
    "flagging": _("users can flag content"),
    "awareness": _("awareness and moderation by users"),
    "other": _("other measures"),
}

STEP_TITLES: Words = {
    "measures": _("We take these measures"),
    "report": _("A report was sent"),
    "required": _("The authority requires more"),
    "ask_review": _("We asked for a review"),
    "review_refused": _("The decision stands"),
    "ended": _("Exposed no more"),
    "annulled": _("A court annulled it"),
}

STEP_SENTENCES: Words = {
    "measures": _(
        "Effective, targeted, proportionate and non-discriminatory: Article 5(3). Removals since then count as made"
        " under them, and complaints about them are under Article 10."
    ),
    "report": _("Within three months of the decision, then each year: Article 5(5)."),
    "required": _("It found that the measures do not suffice: Article 5(6)."),
    "ask_review": _("At any time: Article 5(7). The authority decides within three months."),
    "review_refused": _("The authority decided on the request, and nothing changes."),
    "ended": _("The authority revoked its decision; no report is due any more."),
    "annulled": _("The decision has no effect any more."),
}

ACT_TITLES: Words = {
    "exposed": _("Decide that it is exposed"),
    "notified": _("The decision was notified"),
    "required": _("Require more measures"),
    "reported": _("It reported on its measures"),
    "review_asked": _("It asked for a review"),
    "review_decided": _("Decide on the review"),
    "challenged": _("It challenged a decision"),
    "court_decided": _("A court decided"),
    "penalty": _("A penalty was imposed"),
    "access_requested": _("Access to preserved content was asked for"),
}

ACT_SENTENCES: Words = {
    "exposed": _("Two or more orders to it became final within twelve months: Article 5(4)."),
    "notified": _("Exposure begins now; its report is due three months later: Article 5(5)."),
    "required": _("Its measures do not suffice: Article 5(6)."),
    "reported": _(
        "What it removed under its measures, and how it dealt with complaints: Articles 5(5), 21(1)."
    ),
    "review_asked": _("A reasoned decision is due within three months: Article 5(7)."),
    "review_decided": _("The decision stands, is changed, or is revoked: Article 5(7)."),
    "challenged": _("Before a court or an authority: Articles 8(1), 9."),
    "court_decided": _("Annulled, the provider is exposed no more."),
    "penalty": _("By your authority, under national law: Article 18."),
    "access_requested": _(
        "To content and data that it preserves under Article 6; counted for Article 21(1)."
    ),
}

ACT_FIELDS: Words = {
    "reason": _("Reasons"),
    "proof": _("How this is known"),
    "items": _("Items removed under its measures"),
    "seconds": _("Median time to removal, seconds"),
    "complaints": _("Complaints"),
    "reinstated": _("Reinstated after a complaint"),
    "infringed": _("Article infringed"),
    "penalty": _("Kind of penalty"),
    "amount_eur": _("Amount in euros"),
    "outcome": _("Outcome"),
    "order": _("Order, when there is one"),
}

OUTCOMES: Words = {
    "kept": _("the decision stands"),
    "amended": _("the decision is changed"),
    "revoked": _("the decision is revoked"),
    "upheld": _("upheld"),
    "annulled": _("annulled"),
}

PENALTIES: Words = {
    "warning": _("warning"),
    "order": _("order to act"),
    "periodic": _("periodic penalty payment"),
    "fine": _("fine"),
    "other": _("other"),
}

EXPOSURE: Words = {
    "none": _("not exposed"),
    "decided": _("decided, not notified"),
    "notified": _("exposed"),
}

FIGURES: Words = {
    "exposure_decisions": _("Decisions that a provider is exposed"),
    "measures_required": _("Decisions that require more measures"),
    "reviews_asked": _("Reviews of exposure asked for"),
    "reviews_kept": _("Reviews: the decision stands"),
    "reviews_amended": _("Reviews: the decision is changed"),
    "reviews_revoked": _("Reviews: the decision is revoked"),
    "exposure_challenged": _("Decisions on exposure challenged"),
    "exposure_upheld": _("Decisions on exposure upheld"),
    "exposure_annulled": _("Decisions on exposure annulled"),
    "measures_reports": _("Reports of exposed providers"),
    "measures_items": _("Items that they removed under their measures"),
    "measures_seconds": _("Median of their times to removal"),
    "access_requests": _("Requests for access to preserved content"),
    "complaints": _("Complaints that providers report"),
    "complaints_reinstated": _("Reinstated after a complaint, as providers report"),
    "penalties": _("Decisions imposing penalties"),
    "penalties_warning": _("Penalties: warnings"),
    "penalties_order": _("Penalties: orders to act"),
    "penalties_periodic": _("Penalties: periodic payments"),
    "penalties_fine": _("Penalties: fines"),
    "penalties_other": _("Penalties: others"),
    "penalties_eur": _("Penalties: euros in all"),
}
