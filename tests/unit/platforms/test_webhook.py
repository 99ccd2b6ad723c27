"""What the webhook connector puts on the wire."""

import json
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser

from loopback import LoopbackServer, answer
from vigie.foundation.outbound import OutboundDoor
from vigie.platforms.connectors import PlatformConfig, WebhookConnector
from vigie.platforms.messages import EnforcementMessage, Measure
from vigie.platforms.signatures import SignatureAccepted, verify

AT = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
MESSAGE = EnforcementMessage(
    id="key-1",
    sequence=4711,
    at=AT,
    test=True,
    content_id="post-8731",
    content_kind="post",
    content_url="https://forum.example/p/8731",
    author_id="u-55",
    case="C-000123",
    decision=None,
    rule="confirmed-copy",
    measures=(Measure.REMOVE_CONTENT,),
)


def test_each_attempt_is_signed_anew_over_the_same_body_and_key() -> None:
    server = LoopbackServer(answer(500))
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
    config = PlatformConfig(url=server.url + "/hook?x=1", secret="shared secret")
    instants = [AT, AT + timedelta(hours=3)]
    for instant in instants:
        WebhookConnector(now=lambda at=instant: at).deliver(MESSAGE, config=config, door=door)  # type: ignore[misc]
    server.close()

    bodies = set()
    for request, instant in zip(server.requests, instants, strict=True):
        head, _, body = request.partition(b"\r\n\r\n")
        line, _, header_lines = head.partition(b"\r\n")
        headers = BytesHeaderParser().parsebytes(header_lines)
        assert line == b"POST /hook?x=1 HTTP/1.1"
        assert headers["Content-Type"] == "application/json"
        assert headers["Idempotency-Key"] == json.loads(body)["id"] == "key-1"
        assert headers["Vigie-Timestamp"] == str(int(instant.timestamp()))
        assert (
            verify(
                "shared secret",
                timestamp_header=headers["Vigie-Timestamp"],
                signature_header=headers["Vigie-Signature"],
                body=body,
                at=instant,
            )
            == SignatureAccepted()
        )
        bodies.add(body)
    assert bodies == {MESSAGE.to_body()}
