"""What an operator may set, read once from environment variables named `VIGIE_...`.

Nothing else reads the environment; secrets that are not set are made at first start and kept in the data folder.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from vigie.foundation.errors import VigieError


class SettingInvalid(VigieError):
    """A setting has a value that cannot be used."""

    code = "setting_invalid"


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """Every setting; the field `api_port` is the variable `VIGIE_API_PORT`, and so on."""

    data: Path = _setting(Path("vigie-data"), "Folder for everything that Vigie keeps.")
    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: int = _setting(8080, "Port of the API and the console. 0 takes a free one.")
    public_url: str = _setting("", "Address under which people reach the console; empty: http://host:port.")
    database_url: str = _setting(
        "", "postgresql://user:password@host:port/name of a PostgreSQL 15 or later; empty: the embedded one."
    )
    api_processes: int = _setting(1, "Number of API processes.")
    blobs_url: str = _setting("", "s3://, gs:// or az:// address of the blob store; empty: data folder.")
    evidence_key: str = _setting(
        "", "Base64 of the 32-byte key that seals evidence; empty: keys/evidence.key in the data folder."
    )
    evidence_days: int = _setting(
        180,
        "Days that evidence is kept of what ended without a removal: dismissed, harmless, refused, set aside."
        " What was removed is kept for six calendar months, whatever this says.",
    )
    evidence_access_h: int = _setting(
        24, "Hours during which a granted access to preserved evidence, or a granted export, can be used."
    )
    allowed_hosts: tuple[str, ...] = _setting(
        (), "Host names under which the console may be reached, comma-separated; empty: any loopback name."
    )
    trusted_proxies: int = _setting(
        0,
        "Proxies in front of Vigie whose X-Forwarded-For is believed; rates at sign-in count by its address.",
    )
    allowed_fetch_hosts: tuple[str, ...] = _setting(
        (),
        "host, host:port or CIDR, comma-separated: private addresses that Vigie may fetch from and deliver to.",
    )
    policy_file: str = _setting(
        "", "Policy to activate at start; empty: keep the active one, or the default."
    )
    medium_bytes_max: int = _setting(20_000_000, "Largest medium, bytes.")
    medium_pixels_max: int = _setting(100_000_000, "Largest picture, pixels.")
    medium_time_ms_max: int = _setting(10_000, "Longest decoding of one medium, milliseconds.")
    hash_fidelity: str = _setting(
        "full",
        "full: the hash that exchanges compute. fast: about half the work on JPEGs, a few bits away at times.",
    )
    match_distance_bits_max: int = _setting(31, "PDQ radius: entries at most this far match, bits (0-64).")
    variant_distance_bits_max: int = _setting(
        28, "Radius of variants, by which edited copies are found in banks at level robust, bits (0-31)."
    )
    verified_score_percent_min: int = _setting(
        95, "Score from which an aligned match counts as verified, in percent (50-99)."
    )
    verified_share_percent_min: int = _setting(
        50, "Area that a verified match shares at least, of the upload and of the entry, in percent (0-100)."
    )
    feature_search_entries_max: int = _setting(
        20_000,
        "Entries that are also looked for by local features, for banks at level verified; 0 looks for none so.",
    )
    pdq_quality_min: int = _setting(50, "PDQ hashes below this quality are not matched (0-100).")
    recheck_after_s: int = _setting(
        60, "Seconds from a delivered measure to the first look whether it holds."
    )
    case_lock_s: int = _setting(900, "Seconds that a case stays locked to the reviewer who opened it.")
    undo_s: int = _setting(86_400, "Seconds during which a decision can be undone by the person who took it.")
    letter_language: str = _setting(
        "en",
        "Language of letters to users whose content is in a language Vigie does not write: en, fr, de, es, it or ar.",
    )
    terms_clause: str = _setting(
        "", "The clause of your terms on terrorist content, as statements of reasons quote it."
    )
    terms_url: str = _setting("", "Where users can read that clause.")
    specific_measures_since: str = _setting(
        "",
        "Day (2026-01-31) since which this provider takes specific measures as exposed: (EU) 2021/784 Art. 5; for a"
        " decision that is not recorded in Vigie. Complaints about own removals since then are under Art. 10.",
    )
    transparency_url: str = _setting(
        "",
        "Address of the Commission's Transparency Database, such as https://transparency.dsa.ec.europa.eu; empty:"
        " statements are not sent there.",
    )
    transparency_token: str = _setting("", "Your platform's token for the Transparency Database.")
    misuse_count_min: int = _setting(
        10, "From how many manifestly unfounded notices on a notifier may be warned, then suspended."
    )
    misuse_percent_min: int = _setting(80, "And from which share of all notices that were decided, percent.")
    misuse_complaints_count_min: int = _setting(
        5, "From how many manifestly unfounded complaints on a complainant may be warned, then suspended."
    )
    misuse_complaints_percent_min: int = _setting(
        80, "And from which share of all complaints that were decided, percent."
    )
    misuse_contents_count_min: int = _setting(
        3, "From how many manifestly illegal contents on an account may be warned, then suspended."
    )
    misuse_contents_percent_min: int = _setting(
        10, "And from which share of all that the account published, as far as Vigie knows it, percent."
    )
    misuse_window_days: int = _setting(365, "Time frame within which misuse counts, days.")
    misuse_suspension_days: int = _setting(
        90, "How long a suspension for misuse lasts unless the person says otherwise, days."
    )
    misuse_retention_days: int = _setting(
        549, "How long after the last thing that happened in it a record of misuse is kept, days."
    )
    checkpoint_every_s: int = _setting(3_600, "Seconds between signed checkpoints of the ledger.")
    provider_name: str = _setting(
        "", "Name of the hosting service, as it stands in the forms to authorities."
    )
    provider_representative: str = _setting("", "Legal representative in the Union, when there is one.")
    provider_member_state: str = _setting("", "Member State of establishment or representative, two letters.")
    provider_contact_email: str = _setting("", "Address of the contact point for authorities.")
    orders_authorities_file: str = _setting(
        "", "Register of authorities (YAML) to use instead of the one that comes with Vigie."
    )
    orders_imap_url: str = _setting(
        "", "imaps://user:password@host/FOLDER of the contact point's mailbox; empty: no mailbox is read."
    )
    orders_mail_server_id: str = _setting(
        "", "Name by which your own mail server signs `Authentication-Results`; others' are not believed."
    )
    orders_dkim: str = _setting(
        "auto",
        "Whether Vigie checks DKIM signatures of mail itself, by DNS. auto: where your mail server told no result;"
        " always: everywhere, and its own result counts; never.",
    )
    dns_server: str = _setting(
        "", "Resolver that is asked for DKIM keys, as address or address:port; empty: that of the system."
    )
    orders_disable_at_50: bool = _setting(
        False, "1: disable reversibly what an order names when nobody decided by minute 50."
    )
    issuing_profile_file: str = _setting(
        "",
        "YAML with the fields of Annex I that every removal order of yours begins with, when you issue orders.",
    )
    issuing_imap_url: str = _setting(
        "",
        "imaps://user:password@host/FOLDER of the mailbox to which providers answer your orders; another one than that"
        " of VIGIE_ORDERS_IMAP_URL; empty: none is read.",
    )
    mail_signing_key_file: str = _setting(
        "", "PEM file with the private key that signs mail to providers and authorities (S/MIME)."
    )
    mail_signing_certificate_file: str = _setting("", "PEM file with the certificate of that key.")
    oncall_url: str = _setting(
        "", "Address that is sent a POST when a removal order or a threat to life needs somebody."
    )
    oncall_mails: tuple[str, ...] = _setting((), "Mail addresses told when an order needs somebody.")
    smtp_url: str = _setting(
        "", "smtps://user:password@host:465 or smtp://host:587 for outgoing mail; empty: no mail is sent."
    )
    mail_from: str = _setting("", "Sender of outgoing mail; empty: the contact point.")
    notifier_mail: bool = _setting(
        True, "0: notifiers who gave an address are sent no mail; they still have their private page."
    )
    decode_threads: int = _setting(2, "Media decoded at once in one API process.")
    archive_days: int = _setting(
        90,
        "Days that signals of uploads are kept for lookback; 0 keeps none, and no lookback finds anything.",
    )
    lookback_cases_max: int = _setting(
        1_000, "Cases that one lookback may open before it asks a person whether to go on."
    )
    lookback_threads: int = _setting(2, "Threads that look through the archive.")
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR.")

    @property
    def keys_folder(self) -> Path:
        """Where keys live that were made at first start."""
        return self.data / "keys"

    @property
    def base_url(self) -> str:
        """Address for links in what Vigie sends."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from environment variables; raises SettingInvalid naming the variable and what was expected."""
    values: dict[str, Any] = {}
    for one in fields(Settings):
        name = f"VIGIE_{one.name.upper()}"
        if name in environment:
            values[one.name] = _parse(name, environment[name], one.default)
    settings = Settings(**values)
    _check_ranges(settings)
    return settings


@lru_cache(maxsize=1)
def current() -> Settings:
    """The settings of this process, read at first use."""
    return read_settings(os.environ)


def _parse(name: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text not in ("0", "1"):
            raise SettingInvalid(f"{name} must be 0 or 1.", hint=f"Default: {int(default)}.")
        return text == "1"
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError as error:
            raise SettingInvalid(f"{name} must be a whole number.", hint=f"Default: {default}.") from error
    if isinstance(default, Path):
        return Path(text).expanduser().absolute()
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


_RANGES = {
    "port": (0, 65_535),
    "api_processes": (1, 64),
    "trusted_proxies": (0, 10),
    "medium_bytes_max": (1_000, 1_000_000_000),
    "medium_pixels_max": (1_000, 1_000_000_000),
    "medium_time_ms_max": (10, 600_000),
    "match_distance_bits_max": (0, 64),
    "variant_distance_bits_max": (0, 31),
    "verified_score_percent_min": (50, 99),
    "verified_share_percent_min": (0, 100),
    "feature_search_entries_max": (0, 1_000_000),
    "pdq_quality_min": (0, 100),
    "recheck_after_s": (0, 86_400),
    "case_lock_s": (30, 86_400),
    "undo_s": (0, 31_536_000),
    "misuse_count_min": (2, 10_000),
    "misuse_percent_min": (1, 100),
    "misuse_complaints_count_min": (2, 10_000),
    "misuse_complaints_percent_min": (1, 100),
    "misuse_contents_count_min": (2, 10_000),
    "misuse_contents_percent_min": (1, 100),
    "misuse_window_days": (30, 1_825),
    "misuse_suspension_days": (1, 365),
    "misuse_retention_days": (30, 3_650),
    "checkpoint_every_s": (10, 86_400),
    "decode_threads": (1, 64),
    "archive_days": (0, 3_650),
    "evidence_days": (0, 3_650),
    "evidence_access_h": (1, 720),
    "lookback_cases_max": (1, 1_000_000),
    "lookback_threads": (1, 64),
}


def _check_ranges(settings: Settings) -> None:
    for name, (low, high) in _RANGES.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise SettingInvalid(f"VIGIE_{name.upper()} must be between {low} and {high}.")
    if settings.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise SettingInvalid("VIGIE_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    if settings.hash_fidelity not in ("full", "fast"):
        raise SettingInvalid("VIGIE_HASH_FIDELITY must be full or fast.")
    if settings.issuing_imap_url and settings.issuing_imap_url == settings.orders_imap_url:
        raise SettingInvalid("VIGIE_ISSUING_IMAP_URL must be another folder than VIGIE_ORDERS_IMAP_URL.")
    if settings.orders_dkim not in ("auto", "always", "never"):
        raise SettingInvalid("VIGIE_ORDERS_DKIM must be auto, always or never.")
