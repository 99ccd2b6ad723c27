"""Checks the signature of an enforcement webhook from Vigie, with Python 3.8 or later and nothing else.

Copy `verify` into your receiver. As a program it checks one message:

    WEBHOOK_SECRET=... python verify.py TIMESTAMP SIGNATURE NOW < body
"""

import hashlib
import hmac
import os
import re
import sys

SECONDS_OFF_MAX = 300


def verify(secret: str, timestamp: str, signature: str, body: bytes, now: int) -> str:
    """ "accepted", or why the request is to be answered with 401.

    `timestamp` and `signature` are the headers Vigie-Timestamp and Vigie-Signature, `body` is the raw body
    before any parsing, `now` the present time in Unix seconds.
    """
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return "bad_timestamp"
    if abs(now - int(timestamp)) > SECONDS_OFF_MAX:
        return "timestamp_off"
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    # Bytes, because compare_digest refuses text with letters beyond ASCII.
    if not hmac.compare_digest(("v1=" + digest).encode(), signature.encode("utf-8", "surrogateescape")):
        return "bad_signature"
    return "accepted"


if __name__ == "__main__":
    outcome = verify(
        os.environ["WEBHOOK_SECRET"], sys.argv[1], sys.argv[2], sys.stdin.buffer.read(), int(sys.argv[3])
    )
    sys.stdout.write(outcome + "\n")
    sys.exit(0 if outcome == "accepted" else 1)
