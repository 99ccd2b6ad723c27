"""The logs of the child processes: kept within a size, and their warnings shown to whoever watches.

It writes no log itself; a child's lines go to its file as they are, one JSON object a line where the child can.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LOG_BYTES_MAX = 20_000_000
LINES_SHOWN_PER_WINDOW = 10
WINDOW_S = 10.0

_READ_BYTES_MAX = 1_000_000
_LINE_CHARS_SHOWN = 300
_LEVELS_SHOWN = ("WARNING", "ERROR", "CRITICAL")


@dataclass
class Tail:
    """Follows one log from its present end."""

    path: Path
    _position: int = 0
    _window_began_s: float = 0.0
    _shown: int = 0
    _rest: bytes = field(default=b"", repr=False)

    def skip(self) -> None:
        """Go to the end: what is there already is known."""
        self._position = self.path.stat().st_size if self.path.exists() else 0
        self._rest = b""

    def new_warnings(self, *, now_s: float) -> Iterator[str]:
        """Warnings written since the last call, at most `LINES_SHOWN_PER_WINDOW` in ten seconds."""
        if now_s - self._window_began_s > WINDOW_S:
            self._window_began_s, self._shown = now_s, 0
        for line in self._new_lines():
            text = warning_in(line)
            if text is None:
                continue
            self._shown += 1
            if self._shown < LINES_SHOWN_PER_WINDOW:
                yield text
            elif self._shown == LINES_SHOWN_PER_WINDOW:
                yield f"more warnings in {self.path.name}"

    def rotate(self) -> None:
        """Keep one earlier log when this one is full; writers append, so they go on in the emptied file."""
        if not self.path.exists() or self.path.stat().st_size <= LOG_BYTES_MAX:
            return
        with self.path.open("rb") as full, self.path.with_suffix(".1.log").open("wb") as earlier:
            while chunk := full.read(_READ_BYTES_MAX):
                earlier.write(chunk)
        with self.path.open("r+b") as full:
            full.truncate(0)
        self._position, self._rest = 0, b""

    def _new_lines(self) -> Iterator[str]:
        if not self.path.exists():
            return
        with self.path.open("rb") as log:
            log.seek(self._position)
            fresh = log.read(_READ_BYTES_MAX)
        self._position += len(fresh)
        *lines, self._rest = (self._rest + fresh).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace")


def warning_in(line: str) -> str | None:
    """What a log line warns of, or None: a JSON line by its level, a bare traceback by its heading."""
    if line.startswith("Traceback (most recent call last)"):
        return "an error that nobody expected; the log has the traceback"
    if " PANIC: " in line:
        return line[:_LINE_CHARS_SHOWN]
    if not line.startswith("{"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    if not isinstance(record, dict) or record.get("level") not in _LEVELS_SHOWN:
        return None
    message = record.get("message") or record.get("action") or "see the log"
    return str(message)[:_LINE_CHARS_SHOWN]


def last_lines(path: Path, *, count: int) -> list[str]:
    """The last `count` lines of a log, oldest first; empty when there is none."""
    if not path.exists():
        return []
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 65_536))
        return [line.decode(errors="replace") for line in log.read().splitlines()[-count:]]
