"""The kinds of signals; each module offers one `SIGNAL_TYPE`."""

from vigie.signals.types.base import SignalType
from vigie.signals.types.md5 import SIGNAL_TYPE as MD5
from vigie.signals.types.pdq import SIGNAL_TYPE as PDQ
from vigie.signals.types.sha256 import SIGNAL_TYPE as SHA256
from vigie.signals.types.text_sha256 import SIGNAL_TYPE as TEXT_SHA256

ALL: dict[str, SignalType] = {one.name: one for one in (PDQ, SHA256, MD5, TEXT_SHA256)}

__all__ = ["ALL", "MD5", "PDQ", "SHA256", "TEXT_SHA256", "SignalType"]
