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
    match_distance_bits_max: int = _setting(31, "PDQ radius: entries at most this far match, bits (0-64).")
    variant_distance_bits_max: int = _setting(
        28, "Radius of variants, by which edited copies are found in banks at level robust, bits (0-31)."
    )
    pdq_quality_min: int = _setting(50, "PDQ hashes below this quality are not matched (0-100).")
    recheck_after_s: int = _setting(
        60, "Seconds from a delivered measure to the first look whether it holds."
    )
    case_lock_s: int = _setting(900, "Seconds that a case stays locked to the reviewer who opened it.")
    undo_s: int = _setting(86_400, "Seconds during which a decision can be undone by the person who took it.")
    checkpoint_every_s: int = _setting(3_600, "Seconds between signed checkpoints of the ledger.")
    decode_threads: int = _setting(2, "Media decoded at once in one API process.")
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
    if isinstance(default, bool):  # pragma: no cover - no boolean setting yet
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
    "pdq_quality_min": (0, 100),
    "recheck_after_s": (0, 86_400),
    "case_lock_s": (30, 86_400),
    "undo_s": (0, 31_536_000),
    "checkpoint_every_s": (10, 86_400),
    "decode_threads": (1, 64),
}


def _check_ranges(settings: Settings) -> None:
    for name, (low, high) in _RANGES.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise SettingInvalid(f"VIGIE_{name.upper()} must be between {low} and {high}.")
    if settings.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise SettingInvalid("VIGIE_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
