"""The one place of the forum that reads the time."""

import time
from datetime import UTC, datetime


def now_s() -> float:
    """Unix seconds."""
    return time.time()


def utc_text(at_s: float) -> str:
    """RFC 3339, to the second, in UTC."""
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
