"""Whether the keys in the data folder are the ones that this database was written with.

It makes no key and opens no evidence: it unwraps one key, one secret, and compares one public key.
"""

from vigie.cases.models import Content
from vigie.evidence.models import EvidenceItem
from vigie.evidence.sealing import SealBroken, unwrap_key
from vigie.evidence.service import master_key
from vigie.foundation.keys import KeyUnusable
from vigie.foundation.secretbox import unlock_text
from vigie.foundation.settings import Settings
from vigie.ledger.checkpoints import signing_key
from vigie.ledger.models import Checkpoint
from vigie.platforms.models import Platform

_BACKUP = "Restore the folder keys from your backup, then start again. Nothing was changed."


def check_keys(settings: Settings) -> None:
    """Raise KeyUnusable, naming the file, when a key is missing that something was written with, or is another one.

    A missing key must not be made anew unseen: what the lost one sealed could then never be read.
    """
    _check_evidence(settings)
    _check_ledger(settings)
    _check_secrets(settings)
    if Content.objects.exclude(author_key="").exists():
        _need_file(settings, "author.key", "Earlier cases of an author cannot be found without it.")


def _check_evidence(settings: Settings) -> None:
    newest = EvidenceItem.objects.filter(destroyed_at=None).order_by("-sealed_at").first()
    if newest is None:
        return
    if not settings.evidence_key:
        _need_file(settings, "evidence.key", "Sealed evidence cannot be read without it.")
    try:
        unwrap_key(bytes(newest.wrapped_key), master_key=master_key(settings), item=newest.reference)
    except SealBroken as error:
        place = "VIGIE_EVIDENCE_KEY" if settings.evidence_key else "keys/evidence.key"
        raise KeyUnusable(f"{place} is not the key that evidence was sealed with.", hint=_BACKUP) from error


def _check_ledger(settings: Settings) -> None:
    newest = Checkpoint.objects.order_by("-through").first()
    if newest is None:
        return
    _need_file(settings, "ledger.key", "It signed the checkpoints of the ledger.")
    if signing_key(settings).public_key().public_bytes_raw() != bytes(newest.public_key):
        raise KeyUnusable(
            "keys/ledger.key is not the key that signed the ledger's checkpoints.", hint=_BACKUP
        )


def _check_secrets(settings: Settings) -> None:
    platform = Platform.objects.exclude(locked_secret="").order_by("-pk").first()
    if platform is not None:
        _need_file(settings, "secrets.key", "The webhook secrets of platforms cannot be read without it.")
        unlock_text(platform.locked_secret, settings=settings)


def _need_file(settings: Settings, name: str, why: str) -> None:
    if not (settings.keys_folder / name).is_file():
        raise KeyUnusable(f"The key file keys/{name} is missing. {why}", hint=_BACKUP)
