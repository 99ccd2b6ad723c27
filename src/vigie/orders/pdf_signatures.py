"""Whether a signature inside a PDF holds, over which bytes, and whose certificate made it.

It asks no network and trusts no authority of certificates: a signer is believed when its certificate stands in the
register. A signature is looked for in the bytes, not in the objects: what it says it covers is what is hashed.
"""

import re
from dataclasses import dataclass, replace

from asn1crypto import cms
from cryptography.exceptions import InvalidSignature

from vigie.orders.signatures import SIGNATURE_BYTES_MAX, Signed, verify

SIGNATURES_MAX = 16
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_END = re.compile(rb"\s*")


@dataclass(frozen=True, slots=True)
class _Range:
    """Two stretches of a file, and what lies between them: the signature itself, in hexadecimal."""

    covered: bytes
    signature: bytes
    is_whole: bool


def check_pdf_signature(data: bytes) -> Signed:
    """The last signature of a PDF: valid, invalid, none, or `not_whole` when something was added after signing.

    A stamp of time is no signature of an author and is passed over.
    """
    found = _BYTE_RANGE.findall(data)
    for numbers in reversed(found[-SIGNATURES_MAX:]):
        try:
            one = _range(data, [int(number) for number in numbers])
            if _is_time_stamp(one.signature):
                continue
            signed = verify(one.covered, one.signature)
        except (ValueError, TypeError, KeyError, IndexError, InvalidSignature):
            return Signed("invalid")
        return signed if one.is_whole else replace(signed, state="not_whole")
    return Signed("none")


def _range(data: bytes, numbers: list[int]) -> _Range:
    start, length, again, rest = numbers
    end = again + rest
    if start != 0 or not 0 < length < again or end > len(data):
        raise ValueError("no range of this file")
    # Between the two stretches nothing but the signature may stand: no byte that is shown and not signed.
    hexadecimal = _HEX.fullmatch(data[length:again])
    if hexadecimal is None or again - length > 2 * SIGNATURE_BYTES_MAX:
        raise ValueError("something else than a signature is not covered")
    is_whole = _END.fullmatch(data[end:]) is not None
    return _Range(
        data[:length] + data[again:end], bytes.fromhex(hexadecimal.group(1).decode("ascii")), is_whole
    )


def _is_time_stamp(signature: bytes) -> bool:
    return _content_type(signature) == "tst_info"


def _content_type(signature: bytes) -> str:
    info = cms.ContentInfo.load(signature)
    if info["content_type"].native != "signed_data":
        raise ValueError("no signed data")
    return str(info["content"]["encap_content_info"]["content_type"].native)
