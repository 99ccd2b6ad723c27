"""What can be found out about who sent an order: address, DKIM, S/MIME, signature of the PDF, register.

It informs a person and refuses nothing: whether an order is genuine a person says, and the hour runs meanwhile.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from vigie.foundation.dns import door_of
from vigie.foundation.settings import Settings
from vigie.orders.authorities import Authority, Register, RegisterInvalid, parse_register
from vigie.orders.dkim_check import Dkim, check_dkim, is_aligned
from vigie.orders.forms import RemovalOrder
from vigie.orders.mail_parts import Mail
from vigie.orders.pdf_signatures import check_pdf_signature
from vigie.orders.signatures import Signed, check_signature

_RESULT = re.compile(r"\bdkim\s*=\s*([a-z]+)", re.IGNORECASE)
_RESULT_DOMAIN = re.compile(r"\bheader\.(?:d|i)\s*=\s*@?([a-z0-9.-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SenderCheck:
    """What was found. `verdict` sums it up: verified, contradicted, doubtful, or unknown when there was no mail.

    `dkim`: pass, fail, none, temporary while DNS does not answer, or unchecked when nobody looked; `dkim_by`: own, when
    Vigie looked itself, with the reason and the key that DNS had, else server. `signature`: valid, invalid, none, or
    not_whole when something was added to a PDF after signing; `signed`: what carries it, mail or pdf.
    `notes` are stable codes that the console puts in words.
    """

    verdict: str = "unknown"
    sender: str = ""
    authority: str = ""
    authority_name: str = ""
    is_example: bool = False
    domain_listed: bool = False
    dkim: str = "unchecked"
    dkim_domain: str = ""
    dkim_by: str = ""
    dkim_reason: str = ""
    dkim_selector: str = ""
    dkim_record: str = ""
    signature: str = "none"
    signed: str = ""
    signer: str = ""
    signer_listed: bool = False
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**asdict(self), "notes": list(self.notes)}


def register(settings: Settings) -> Register:
    """The register that the settings name, else the one that comes with Vigie; read anew when the file changed."""
    if not settings.orders_authorities_file:
        return _shipped()
    path = Path(settings.orders_authorities_file)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise RegisterInvalid(
            "The register of authorities cannot be opened.", hint="See VIGIE_ORDERS_AUTHORITIES_FILE."
        ) from error


def check_mail(
    raw: bytes, mail: Mail, order: RemovalOrder, *, settings: Settings, pdf: bytes = b""
) -> SenderCheck:
    """What a mail says about its sender, against what the order in it says.

    `pdf` is the file from which the order was read, when it is a PDF and the mail's only file: its signature counts
    where the mail has none. A signed PDF beside an order that stands elsewhere proves nothing.
    """
    known = register(settings)
    by_domain, by_name = (
        known.of_domain(mail.sender_domain),
        known.named(order.authority, order.issuing_state),
    )
    dkim, dkim_by, differs = dkim_of(raw, mail, settings=settings)
    signed, carrier = _signed(check_signature(raw), pdf)
    listed = by_domain.certificates if by_domain else ()
    found = SenderCheck(
        sender=mail.sender,
        authority=by_domain.key if by_domain else "",
        authority_name=by_domain.name if by_domain else "",
        is_example=bool(by_domain and by_domain.example),
        domain_listed=by_domain is not None,
        dkim=dkim.state,
        dkim_domain=dkim.domain,
        dkim_by=dkim_by,
        dkim_reason=dkim.reason,
        dkim_selector=dkim.selector,
        dkim_record=dkim.record,
        signature=signed.state,
        signed=carrier,
        signer=signed.subject,
        signer_listed=signed.state == "valid" and signed.fingerprint in listed,
    )
    notes = _notes(found, mail, order, by_domain, by_name)
    found = replace(found, notes=(*notes, "dkim_results_differ") if differs else notes)
    return replace(found, verdict=_verdict(found))


def check_order_alone(order: RemovalOrder, *, settings: Settings, pdf: bytes = b"") -> SenderCheck:
    """For an order that came by another way than mail: whether the authority stands in the register, and its `pdf`."""
    named = register(settings).named(order.authority, order.issuing_state)
    signed, carrier = _signed(Signed("none"), pdf)
    found = SenderCheck(
        authority=named.key if named else "",
        authority_name=named.name if named else "",
        is_example=bool(named and named.example),
        signature=signed.state,
        signed=carrier,
        signer=signed.subject,
        signer_listed=bool(named and signed.state == "valid" and signed.fingerprint in named.certificates),
    )
    checks = (
        ("authority_not_listed", named is None),
        ("may_not_issue", named is not None and carrier != "" and "issue" not in named.competences),
        ("example_authority", found.is_example),
        *_signature_notes(found),
    )
    found = replace(found, notes=tuple(code for code, holds in checks if holds))
    if not carrier:
        return found
    if {"pdf_signature_invalid", "may_not_issue"} & set(found.notes):
        return replace(found, verdict="contradicted")
    return replace(found, verdict="verified" if found.signer_listed and not found.is_example else "doubtful")


def _signed(of_mail: Signed, pdf: bytes) -> tuple[Signed, str]:
    """The signature that counts, and what carries it: that of the mail goes before that of its PDF."""
    if of_mail.state != "none":
        return of_mail, "mail"
    of_pdf = check_pdf_signature(pdf)
    return (of_pdf, "pdf") if of_pdf.state != "none" else (of_mail, "")


def _signature_notes(found: SenderCheck) -> tuple[tuple[str, bool], ...]:
    is_pdf = found.signed == "pdf"
    prefix = "pdf_" if is_pdf else ""
    return (
        (prefix + "signature_invalid", found.signature == "invalid"),
        (prefix + "signer_not_listed", found.signature == "valid" and not found.signer_listed),
        ("pdf_signature_not_whole", found.signature == "not_whole"),
    )


def is_worse(check: SenderCheck, than: Mapping[str, Any]) -> bool:
    """Whether less is proven of this sender than of the one who sent the order, as it is stored.

    What somebody who is signed in hands in (`unknown`) is no worse: the service answers for it.
    """
    rank = {"contradicted": 0, "doubtful": 1}
    found, known = rank.get(check.verdict, 2), rank.get(str(than.get("verdict", "unknown")), 2)
    domains = {one.rpartition("@")[2].lower() for one in (check.sender, str(than.get("sender", ""))) if one}
    return found < known or (check.verdict == "doubtful" and len(domains) > 1)


def proven_by_token(check: SenderCheck) -> SenderCheck:
    """For an order handed in with the authority's own token: verified, unless the authority is an invented one."""
    return check if check.is_example else replace(check, verdict="verified", notes=())


def _notes(
    found: SenderCheck,
    mail: Mail,
    order: RemovalOrder,
    by_domain: Authority | None,
    by_name: Authority | None,
) -> tuple[str, ...]:
    told_domain = order.email.rpartition("@")[2].lower()
    checks = (
        ("sender_unclear", not mail.sender),
        ("domain_not_listed", by_domain is None),
        ("authority_not_listed", by_name is None),
        ("other_authority", by_name is not None and by_domain is not None and by_name.key != by_domain.key),
        ("domain_of_other", by_name is not None and by_domain is None),
        ("reply_elsewhere", bool(told_domain and mail.sender_domain) and told_domain != mail.sender_domain),
        ("may_not_issue", by_domain is not None and "issue" not in by_domain.competences),
        ("example_authority", found.is_example),
        ("dkim_failed", found.dkim == "fail"),
        ("dkim_of_other", found.dkim == "pass" and not is_aligned(found.dkim_domain, mail.sender_domain)),
        ("dkim_temporary", found.dkim == "temporary"),
        ("dkim_not_whole", found.dkim_reason == "body_not_whole"),
        *_signature_notes(found),
    )
    return tuple(code for code, holds in checks if holds)


def _verdict(found: SenderCheck) -> str:
    against = {
        "other_authority",
        "domain_of_other",
        "dkim_failed",
        "signature_invalid",
        "pdf_signature_invalid",
        "may_not_issue",
    }
    if against & set(found.notes):
        return "contradicted"
    proven = found.signer_listed or (found.dkim == "pass" and "dkim_of_other" not in found.notes)
    unsettled = {"sender_unclear", "domain_not_listed", "example_authority", "reply_elsewhere"}
    return "verified" if found.domain_listed and proven and not unsettled & set(found.notes) else "doubtful"


def dkim_of(raw: bytes, mail: Mail, *, settings: Settings) -> tuple[Dkim, str, bool]:
    """The DKIM result that counts, who looked (server, own, or nobody), and whether the two contradict each other."""
    told = _dkim_told(mail, settings.orders_mail_server_id)
    is_told = told.state != "unchecked"
    if settings.orders_dkim == "never" or (settings.orders_dkim == "auto" and is_told):
        return told, "server" if is_told else "", False
    door = door_of(settings)
    own = check_dkim(
        raw,
        sender_domain=mail.sender_domain,
        records=lambda name, time_s_max: door.txt(name, time_s_max=time_s_max),
    )
    return own, "own", {told.state, own.state} == {"pass", "fail"}


def _dkim_told(mail: Mail, server_id: str) -> Dkim:
    """The result that one's own mail server wrote down; anybody can write such a field."""
    for field in mail.results:
        server, _, rest = field.partition(";")
        if not server_id or server.split()[:1] != [server_id]:
            continue
        result, domain = _RESULT.search(rest), _RESULT_DOMAIN.search(rest)
        if result is None:
            return Dkim("none")
        word = result.group(1).lower()
        state = "pass" if word == "pass" else "none" if word in ("none", "neutral") else "fail"
        return Dkim(state, domain.group(1).lower() if domain else "")
    return Dkim("unchecked")


@lru_cache(maxsize=1)
def _shipped() -> Register:
    return parse_register(files("vigie.orders").joinpath("authorities.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _read(path: Path, _changed_at_ns: int) -> Register:
    return parse_register(path.read_text(encoding="utf-8"))
