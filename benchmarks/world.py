"""A running Vigie to be driven: `vigie up` on a folder of its own, with as many banked hashes as wanted.

Nothing in it is replaced; only the banking goes into the database in bulk, because a million calls would take hours.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from benchmarks.corpora import Codes
from benchmarks.load import Order, Report, pack, request

from vigie.demo.folder import fresh
from vigie.demo.processes import Processes, free_port, wait_for
from vigie.up.folder import running_processes

_LIVE_S_MAX = 180.0
_LOAD = Path(__file__).with_name("load.py")


@dataclass(frozen=True)
class World:
    """Where it listens, with which token it may be asked, and where it keeps its data."""

    url: str
    token: str
    data: Path

    @property
    def host(self) -> str:
        """`127.0.0.1:8080`."""
        return self.url.partition("//")[2]

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"Authorization": f"Bearer {self.token}"}

    def api_pids(self) -> list[int]:
        """The processes that answer."""
        return list(running_processes(self.data)["pids"]["api_workers"])

    def ask(self, path: str, question: Any) -> httpx.Response:
        """One question and its answer, whatever it is."""
        return httpx.post(self.url + path, json=question, headers=self.headers, timeout=120, trust_env=False)

    def drive(
        self,
        path: str,
        bodies: Sequence[bytes],
        *,
        connections: int,
        seconds: float,
        kind: str = "application/json",
        warm_up_s: float = 0.3,
    ) -> Report:
        """Drive `path` from a process of its own, with `bodies` in turn."""
        headers = {**self.headers, "Content-Type": kind}
        whole = [request(path, host=self.host, headers=headers, body=one) for one in bodies]
        host, _, port = self.host.partition(":")
        with tempfile.NamedTemporaryFile(prefix="vigie-bench-", suffix=".requests") as file:
            file.write(pack(whole))
            file.flush()
            order = Order(host, int(port), file.name, connections, seconds, warm_up_s)
            done = subprocess.run(
                [sys.executable, os.fspath(_LOAD)],
                input=json.dumps(asdict(order)),
                capture_output=True,
                text=True,
                check=True,
                timeout=seconds + 120,
            )
        return Report(**json.loads(done.stdout))


@contextmanager
def world(banked: Codes, settings: Mapping[str, str]) -> Iterator[World]:
    """A Vigie that has `banked` in its index and answers a token with the scopes content:write and match:read."""
    for name in [one for one in os.environ if one.startswith("VIGIE_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        data = Path(folder) / "vigie"
        processes = Processes(fresh(data))
        try:
            said = processes.start_vigie(port=free_port(8080), settings=settings)
            yield furnished(str(said["url"]), data, banked, name="bench")
        finally:
            processes.stop()


def furnished(url: str, data: Path, banked: Codes, *, name: str) -> World:
    """A Vigie that runs already, with a platform and a bank `name` that holds `banked`, once all of it is live."""
    made = World(url, _prepare(data, banked, name), data)
    _wait_until_live(made, banked)
    return made


def _prepare(data: Path, banked: Codes, name: str) -> str:
    """The token, from a process of its own: Django keeps to the first database that it was told."""
    with tempfile.NamedTemporaryFile(prefix="vigie-bench-", suffix=".npy") as file:
        np.save(file.name, banked)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.prepare", os.fspath(data), file.name, name],
            cwd=Path(__file__).resolve().parents[1],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=600,
        )
    return done.stdout.strip()


def _wait_until_live(made: World, banked: Codes) -> None:
    question = {"signals": [{"type": "pdq", "value": banked[-1].tobytes().hex()}], "distance_bits_max": 0}

    def live() -> bool:
        answer = made.ask("/v1/match", question)
        return answer.status_code == 200 and bool(answer.json()["matches"])

    assert wait_for(live, seconds_max=_LIVE_S_MAX) is not None, "the last banked hash is not matched"
