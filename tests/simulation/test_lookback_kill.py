"""Kill -9 among two API processes and the worker: every upload that got its verdict is found, each by one case."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from archive_world import flipped
from running import RunningVigie, StartVigie
from vigie.banks import service as banks
from vigie.cases.models import Case
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.matching.models import Lookback
from vigie.platforms.service import add_platform

UPLOADS = 160
PATIENCE_S = 240.0


def kill(vigie: RunningVigie, role: str) -> None:
    """Kill -9 one process of this role, as soon as there is one: after an earlier kill it may be on its way."""
    began_s = monotonic_s()
    while True:
        try:
            vigie.kill(role)
        except (KeyError, IndexError, ProcessLookupError):
            assert monotonic_s() - began_s < PATIENCE_S, vigie.last_log_lines()
            sleep_s(0.05)
        else:
            return


def test_every_answered_upload_is_found_once_although_processes_are_killed(vigie_starter: StartVigie) -> None:
    vigie = vigie_starter(VIGIE_API_PROCESSES="2")
    with vigie.domain():
        add_platform(name="forum", title="Forum", url="", actor=COMMAND_LINE, settings=current())
        banks.create_bank(name="grey-heron", title="Grey Heron", actor=COMMAND_LINE)
    token = vigie.token("content:write", "content:erase", platform="forum")
    headers = {"Authorization": f"Bearer {token}"}
    generator = random.Random(5)
    value = generator.randbytes(32)
    near = [flipped(value, generator.randint(0, 31), generator).hex() for _ in range(UPLOADS)]

    answered: set[str] = set()

    def ask(number: int) -> None:
        body = {
            "id": f"p{number}",
            "media": [{"id": "m", "signals": {"pdq": near[number]}, "pdq_quality": 100}],
        }
        began_s = monotonic_s()
        while True:
            try:
                # A connection of its own each time, so that both processes get some.
                with httpx.Client(headers=headers, timeout=30, verify=False) as client:
                    answer = client.post(f"{vigie.url}/v1/content", json=body)
                if answer.status_code == 200:
                    assert answer.json()["verdict"] == "allow"
                    answered.add(f"p{number}")
                    return
                assert answer.status_code >= 500, answer.text
            except httpx.TransportError:
                pass
            assert monotonic_s() - began_s < PATIENCE_S
            sleep_s(0.1)

    with ThreadPoolExecutor(8) as callers:
        work = [callers.submit(ask, number) for number in range(UPLOADS)]
        for share, role in ((0.2, "api_workers"), (0.5, "api_workers"), (0.7, "worker")):
            while len(answered) < share * UPLOADS:
                sleep_s(0.01)
            kill(vigie, role)
        for one in work:
            one.result()
    vigie.wait_until_serving(seconds_max=60)
    erased = httpx.delete(f"{vigie.url}/v1/content/p0", headers=headers, timeout=30)
    assert erased.status_code == 202, erased.text

    with vigie.domain():
        draft = banks.EntryDraft((banks.SignalValue("pdq", value, 100),), banks.Provenance("unit A"))
        entry = banks.add_entry("grey-heron", draft, actor=COMMAND_LINE)
        began_s = monotonic_s()
        is_killed = False
        while Lookback.objects.filter(state=Lookback.State.DONE).count() < 1:
            if not is_killed and Case.objects.count() > UPLOADS // 4:
                kill(vigie, "worker")
                is_killed = True
            assert monotonic_s() - began_s < PATIENCE_S, (Lookback.objects.values(), vigie.last_log_lines())
            sleep_s(0.02)
        found = Counter(Case.objects.values_list("content__external_id", flat=True))
        assert set(found) == answered - {"p0"}
        assert set(found.values()) == {1}
        assert Case.objects.filter(matches__entry=entry).distinct().count() == UPLOADS - 1
    shown = vigie.command("lookback")["lookbacks"][0]
    assert (shown["state"], shown["percent"]) == ("done", 100)
    assert vigie.command("ledger", "verify")["whole"] is True
