"""Signing, and checking as a platform does it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.platforms.signatures import (
    SignatureAccepted,
    SignatureRefused,
    signature,
    signed_headers,
    verify,
)

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def check(headers: dict[str, str], body: bytes, *, secret: str = "s", at: datetime = AT) -> object:
    return verify(
        secret,
        timestamp_header=headers["Vigie-Timestamp"],
        signature_header=headers["Vigie-Signature"],
        body=body,
        at=at,
    )


def test_the_signature_is_hmac_sha256_over_timestamp_full_stop_and_body() -> None:
    # printf '1763805600.{}' | openssl dgst -sha256 -hmac s
    assert signature("s", timestamp_s=1763805600, body=b"{}") == (
        "v1=442b37975cf40feb27901a71eafbd09ca54e2c513475bfa1e25181534b340fc2"
    )


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.binary())
def test_what_was_signed_is_accepted(secret: str, body: bytes) -> None:
    headers = signed_headers(secret, idempotency_key="k", at=AT, body=body)
    assert headers["Idempotency-Key"] == "k"
    assert check(headers, body, secret=secret) == SignatureAccepted()


@given(st.binary(min_size=1), st.integers(0))
def test_one_changed_byte_is_refused(body: bytes, position: int) -> None:
    headers = signed_headers("s", idempotency_key="k", at=AT, body=body)
    changed = bytearray(body)
    changed[position % len(body)] ^= 1
    assert check(headers, bytes(changed)) == SignatureRefused("bad_signature")


def test_another_secret_or_time_is_refused() -> None:
    headers = signed_headers("s", idempotency_key="k", at=AT, body=b"{}")
    assert check(headers, b"{}", secret="t") == SignatureRefused("bad_signature")
    moved = {**headers, "Vigie-Timestamp": str(int(headers["Vigie-Timestamp"]) + 1)}
    assert check(moved, b"{}") == SignatureRefused("bad_signature")


@pytest.mark.parametrize(
    ("off_s", "accepted"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_five_minutes_off_is_the_limit_both_ways(off_s: int, accepted: bool) -> None:
    headers = signed_headers("s", idempotency_key="k", at=AT, body=b"{}")
    outcome = check(headers, b"{}", at=AT + timedelta(seconds=off_s))
    assert outcome == (SignatureAccepted() if accepted else SignatureRefused("timestamp_off"))


@pytest.mark.parametrize(
    "timestamp", ["", "now", "-1", "1e9", " 1763805600", "1763805600.0", "1763805600\n", "9" * 13, "١٢٣"]
)
def test_a_timestamp_that_is_no_number_is_refused(timestamp: str) -> None:
    headers = {"Vigie-Timestamp": timestamp, "Vigie-Signature": "v1=" + "0" * 64}
    assert check(headers, b"{}") == SignatureRefused("bad_timestamp")


@pytest.mark.parametrize("prefix", ["", "v0=", "V1=", "v1= ", "v1=v1="])
def test_only_version_one_is_accepted(prefix: str) -> None:
    headers = signed_headers("s", idempotency_key="k", at=AT, body=b"{}")
    digest = headers["Vigie-Signature"].removeprefix("v1=")
    assert check({**headers, "Vigie-Signature": prefix + digest}, b"{}") == SignatureRefused("bad_signature")


@pytest.mark.parametrize("text", ["", "v1=", "v1=é", "v1=\udcff", "v1=" + "0" * 64, "v1=" + "A" * 64])
def test_any_other_signature_is_refused(text: str) -> None:
    headers = signed_headers("s", idempotency_key="k", at=AT, body=b"{}")
    assert check({**headers, "Vigie-Signature": text}, b"{}") == SignatureRefused("bad_signature")
