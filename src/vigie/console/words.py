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
    "overtaken": _("overtaken"),
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
    "cancelled": _("cancelled"),
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
