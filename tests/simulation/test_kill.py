"""Kill -9 in the middle of a thousand decisions: each accepted one arrives, once by its idempotency key."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from pictures import as_bytes, picture
from running import RunningVigie, StartVigie
from vigie.banks import service as banks
from vigie.flows.banking import Banking, bank_file
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.platforms.service import add_platform

DECISIONS = 1_000
CALLERS = 8
PATIENCE_S = 240.0


class Receiver:
    """A platform that writes down what it is told, on loopback."""

    def __init__(self) -> None:
        self.deliveries: Counter[str] = Counter()
        self.decisions: dict[str, set[str]] = {}
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.take(self.headers["Idempotency-Key"], body)
                self.send_response(204)
                self.end_headers()

            def do_GET(self) -> None:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is inherited
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, key: str, body: dict[str, object]) -> None:
        """Note one delivery."""
        with self._lock:
            self.deliveries[key] += 1
            self.decisions.setdefault(str(body["decision"]), set()).add(key)


def persist(client: httpx.Client, path: str, **call: object) -> dict[str, object]:
    """Call until it is answered with success, as a careful platform does; always with the same key."""
    began_s = monotonic_s()
    while True:
        try:
            answer = client.post(path, **call)  # type: ignore[arg-type]
            if answer.status_code < 300:
                found: dict[str, object] = answer.json()
                return found
            assert answer.status_code >= 500, answer.text
        except httpx.TransportError:
            pass
        assert monotonic_s() - began_s < PATIENCE_S, "no answer for too long"
        sleep_s(0.2)


def prepare(vigie: RunningVigie, receiver: Receiver) -> tuple[httpx.Client, httpx.Client]:
    """A platform, a bank with one unconfirmed entry, and clients of the platform and of a reviewer."""
    with vigie.domain():
        hook = f"{receiver.url}/hook"
        add_platform(name="forum", title="Forum", url=hook, actor=COMMAND_LINE, settings=current())
        banks.create_bank(name="grey-heron", title="Grey Heron", actor=COMMAND_LINE)
        banking = Banking("grey-heron", banks.Provenance("unit A"))
        bank_file(as_bytes(picture(1)), banking, actor=COMMAND_LINE, settings=current())
    service = vigie.token("content:write", platform="forum")
    person = vigie.token("cases:decide", "cases:read", role="reviewer")

    def client(token: str) -> httpx.Client:
        limits = httpx.Limits(max_connections=CALLERS)
        return httpx.Client(
            base_url=vigie.url, headers={"Authorization": f"Bearer {token}"}, timeout=30, limits=limits
        )

    return client(service), client(person)


@pytest.mark.timeout(900)
def test_every_accepted_decision_arrives_once_although_everything_is_killed(
    vigie_starter: StartVigie,
) -> None:
    receiver = Receiver()
    vigie: RunningVigie = vigie_starter(VIGIE_ALLOWED_FETCH_HOSTS="127.0.0.1", VIGIE_RECHECK_AFTER_S="1")
    platform, reviewer = prepare(vigie, receiver)
    copy = as_bytes(picture(1).resize((160, 120)), "JPEG", quality=60)

    def ask(number: int) -> str:
        content = {"id": f"p{number}", "url": f"{receiver.url}/p/{number}", "media": [{"id": "m"}]}
        files = {"content": (None, json.dumps(content)), "m": ("m", copy)}
        return str(persist(platform, "/v1/content", files=files)["case"])

    accepted: list[str] = []

    def decide(case: str) -> None:
        body = {"action": "remove", "legal_type": "a", "exemption": "none", "reason": "a copy"}
        headers = {"Idempotency-Key": f"decide-{case}"}
        answer = persist(reviewer, f"/v1/cases/{case}/decisions", json=body, headers=headers)
        accepted.append(str(answer["number"]))

    with platform, reviewer, ThreadPoolExecutor(CALLERS) as callers:
        cases = list(callers.map(ask, range(DECISIONS)))
        assert len(set(cases)) == DECISIONS
        work = [callers.submit(decide, case) for case in cases]
        # Early: what a killed process had in hand is leased for a minute, which runs while the others go on.
        for share, role in (
            (0.05, "worker"),
            (0.15, "api_workers"),
            (0.25, "database"),
            (0.35, "api"),
            (0.45, "worker"),
            (0.55, "database"),
        ):
            while len(accepted) < share * DECISIONS:
                sleep_s(0.02)
            if role in vigie.pids():  # the database of VIGIE_DATABASE_URL is not ours to kill
                vigie.kill(role)
        for one in work:
            one.result()

    assert len(set(accepted)) == DECISIONS
    began_s = monotonic_s()
    while set(receiver.decisions) < set(accepted) and monotonic_s() - began_s < PATIENCE_S:
        sleep_s(0.5)
    assert set(receiver.decisions) == set(accepted), (
        "a decision did not arrive, or one arrived that nobody took"
    )
    assert all(len(keys) == 1 for keys in receiver.decisions.values()), "a decision came under two keys"
    assert len(receiver.deliveries) == DECISIONS
    vigie.wait_until_serving(seconds_max=60)
    assert vigie.command("ledger", "verify")["whole"] is True
    repeated = sum(count - 1 for count in receiver.deliveries.values())
    print(f"{DECISIONS} decisions, {repeated} repeated deliveries, all with their own key")
    receiver.server.shutdown()
    receiver.server.server_close()
