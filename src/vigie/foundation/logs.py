"""Structured logs: one JSON object a line, with an `action`, on standard error.

No content, no hash and nobody's name goes into a log.
"""

import json
import logging
import sys

from vigie.foundation.clock import now, utc_text

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Formats a record as JSON; what was given as `extra` becomes fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without a line break inside."""
        body = {
            "at": utc_text(now()),
            "level": record.levelname,
            "action": getattr(record, "action", record.name),
            "message": record.getMessage(),
        }
        body |= {key: value for key, value in vars(record).items() if key not in _OWN and key != "action"}
        if record.exc_info:
            body["error"] = self.formatException(record.exc_info)
        return json.dumps(body, default=str, ensure_ascii=False)


def configure(level: str) -> None:
    """Send all logging of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("httpx").setLevel(logging.WARNING)
