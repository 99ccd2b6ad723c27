"""Canonical JSON: one byte string for one value, so that it can be hashed and signed.

Floats are refused, because their text is not the same everywhere.
"""

import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no white space.

    Raises ValueError for floats and for what JSON cannot say. Source: the subset of RFC 8785 without numbers
    that have a fraction.
    """
    _refuse_floats(value)
    return _encoder.encode(value).encode()


_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, str):
        return
    if isinstance(value, float):
        raise ValueError("a float has no canonical form: use an integer with a unit, or text")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError("a key must be text")
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
