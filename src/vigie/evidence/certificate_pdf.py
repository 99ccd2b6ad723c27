"""A certificate of deletion as PDF, for people; the signed JSON is attached, and only that is the proof.

It prints what the certificate says and adds nothing.
"""

import json
from datetime import UTC
from importlib.resources import files
from typing import Any

import typst

from vigie.evidence.certificates import certificate_json
from vigie.evidence.models import DeletionCertificate
from vigie.evidence.proofs import fingerprint

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Certificate of deletion",
        "item": "Preserved item",
        "subject": "Sealed for",
        "ground": "Why it was kept",
        "began_at": "Since",
        "kept_until": "Kept until",
        "deleted_at": "Deleted",
        "why": "Why it was deleted",
        "how": "How",
        "said_why": "the time to keep it was over and nothing needed it",
        "said_how": "the key of each thing was destroyed; without it the sealed bytes cannot be read",
        "rule": "removed by a rule, (EU) 2021/784 Article 6",
        "decision": "removed by a decision, (EU) 2021/784 Article 6",
        "order": "removed by order, (EU) 2021/784 Articles 3 and 6",
        "unremoved": "sealed for something that ended without a removal",
        "items": "What was deleted",
        "bytes": "bytes",
        "foot": "Signed by the ledger's key, fingerprint {fingerprint}. The signed text is attached:"
        " `vigie evidence verify certificate.json` checks it.",
    },
    "fr": {
        "title": "Certificat de suppression",
        "item": "Élément conservé",
        "subject": "Scellé pour",
        "ground": "Pourquoi il était conservé",
        "began_at": "Depuis",
        "kept_until": "Conservé jusqu’au",
        "deleted_at": "Supprimé",
        "why": "Pourquoi il a été supprimé",
        "how": "Comment",
        "said_why": "le temps de le conserver était écoulé et rien n’en avait plus besoin",
        "said_how": "la clé de chaque élément a été détruite ; sans elle, les octets scellés sont illisibles",
        "rule": "retiré par une règle, (UE) 2021/784 article 6",
        "decision": "retiré par une décision, (UE) 2021/784 article 6",
        "order": "retiré par injonction, (UE) 2021/784 articles 3 et 6",
        "unremoved": "scellé pour ce qui s’est terminé sans retrait",
        "items": "Ce qui a été supprimé",
        "bytes": "octets",
        "foot": "Signé par la clé du registre, empreinte {fingerprint}. Le texte signé est joint : certificate.json ;"
        " `vigie evidence verify certificate.json` le vérifie.",
    },
}
_ROWS = ("item", "subject", "ground", "began_at", "kept_until", "deleted_at", "why", "how")


def certificate_pdf(certificate: DeletionCertificate, *, language: str) -> bytes:
    """The certificate in English or French, tagged, archivable, with its JSON attached."""
    words = _WORDS.get(language, _WORDS["en"])
    body: dict[str, Any] = json.loads(certificate.body)
    at = certificate.made_at.astimezone(UTC)
    said = {
        **body,
        "ground": words.get(body["ground"], body["ground"]),
        "why": words["said_why"],
        "how": words["said_how"],
    }
    inputs = {
        "language": language if language in _WORDS else "en",
        "title": f"{words['title']} {body['item']}",
        "date": json.dumps([at.year, at.month, at.day, at.hour, at.minute, at.second]),
        "rows": json.dumps([[words[key], _shown(said[key])] for key in _ROWS], ensure_ascii=False),
        "items_title": words["items"],
        "items": json.dumps([_item(one, words) for one in body["items"]], ensure_ascii=False),
        "foot": words["foot"].format(fingerprint=fingerprint(bytes(certificate.public_key))),
        "attached": certificate_json(certificate).decode(),
    }
    return typst.compile(
        files("vigie.evidence").joinpath("certificate.typ").read_bytes(),
        format="pdf",
        pdf_standards="a-3a",
        sys_inputs=inputs,
        timestamp=int(at.timestamp()),
        ignore_system_fonts=True,
    )


def _item(one: dict[str, Any], words: dict[str, str]) -> list[str]:
    line = f"{one['kind']}, {one['media_type']}, {one['byte_count']} {words['bytes']}, {_shown(one['sealed_at'])}"
    return [line, one["reference"], one["sha256"]]


def _shown(value: str) -> str:
    is_instant = value.endswith("Z") and value[10:11] == "T"
    return f"{value[:10]} {value[11:19]} UTC" if is_instant else value
