"""Codes of the orders that we issue in words for people, in the language of the request.

It changes no meaning: codes in, words out.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, "str | Promise"]

EVENTS: Words = {
    "issuing.addresses_looked_at.v1": _("Somebody looked whether the addresses are gone"),
    "issuing.appeal_noted.v1": _("The order was challenged, or a court decided"),
    "issuing.approval_taken_back.v1": _("The order became a draft again"),
    "issuing.cannot_be_executed.v1": _("Annex III came in"),
    "issuing.clarification_sent.v1": _("The clarification was sent"),
    "issuing.conflict_overridden.v1": _("A second person let the draft pass"),
    "issuing.draft_changed.v1": _("The draft was changed"),
    "issuing.draft_discarded.v1": _("The draft was given up"),
    "issuing.emergency_declared.v1": _("An emergency was declared"),
    "issuing.hold_entered.v1": _("A hold was entered"),
    "issuing.hold_released.v1": _("A hold was released"),
    "issuing.home_copy_sent.v1": _("The home authority was sent its copy"),
    "issuing.home_informed_of_finality.v1": _("The home authority was told that the order is final"),
    "issuing.hour_missed.v1": _("The hour ended without an answer"),
    "issuing.hour_restarted.v1": _("The hour began anew"),
    "issuing.order_annulled.v1": _("The order lost its effect"),
    "issuing.order_approved.v1": _("A second person approved the order"),
    "issuing.order_became_final.v1": _("The order became final"),
    "issuing.order_corrected.v1": _("The order was sent again, corrected"),
    "issuing.order_deconflicted.v1": _("The draft was compared with holds and own orders"),
    "issuing.order_done.v1": _("Annex II came in: executed"),
    "issuing.order_drafted.v1": _("A draft was begun"),
    "issuing.order_issued.v1": _("The order was issued"),
    "issuing.order_sent.v1": _("The order was sent"),
    "issuing.order_withdrawn.v1": _("The order was withdrawn"),
    "issuing.provider_added.v1": _("A provider was entered"),
    "issuing.provider_changed.v1": _("A provider's entry was changed"),
    "issuing.provider_informed.v1": _("A provider was informed of procedures and deadlines"),
    "issuing.receipt_proven.v1": _("Receipt is proven; the hour runs"),
    "issuing.scrutiny_noted.v1": _("The home authority scrutinises, or decided"),
}
