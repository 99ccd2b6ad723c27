"""Logs keep within a size, and their warnings come to the terminal."""

import json
import logging
from pathlib import Path

import pytest

from vigie.foundation.logs import JsonLines
from vigie.up import logs
from vigie.up.logs import LINES_SHOWN_PER_WINDOW, WINDOW_S, Tail, last_lines, warning_in


def _line(level: str, message: str) -> str:
    return json.dumps({"level": level, "message": message}) + "\n"


def _append(log: Path, text: str) -> None:
    with log.open("a") as file:
        file.write(text)


def test_warnings_are_shown_and_information_is_not(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    tail = Tail(log)
    _append(
        log, _line("INFO", "all is well") + _line("WARNING", "disk nearly full") + _line("ERROR", "broken")
    )
    assert list(tail.new_warnings(now_s=1)) == ["disk nearly full", "broken"]
    assert list(tail.new_warnings(now_s=2)) == []


def test_what_was_in_the_log_before_is_not_shown_again(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    _append(log, _line("ERROR", "yesterday"))
    tail = Tail(log)
    tail.skip()
    _append(log, _line("ERROR", "today"))
    assert list(tail.new_warnings(now_s=1)) == ["today"]


def test_a_line_written_in_two_halves_is_shown_once_and_whole(tmp_path: Path) -> None:
    log, line = tmp_path / "api.log", _line("ERROR", "in two halves")
    tail = Tail(log)
    _append(log, line[:10])
    assert list(tail.new_warnings(now_s=1)) == []
    _append(log, line[10:])
    assert list(tail.new_warnings(now_s=2)) == ["in two halves"]


def test_a_flood_of_warnings_is_cut_and_begins_anew_later(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    tail = Tail(log)
    _append(log, _line("ERROR", "again") * 1_000)
    assert len(list(tail.new_warnings(now_s=100))) == LINES_SHOWN_PER_WINDOW
    _append(log, _line("ERROR", "later"))
    assert list(tail.new_warnings(now_s=101)) == []
    _append(log, _line("ERROR", "much later"))
    assert list(tail.new_warnings(now_s=101 + WINDOW_S)) == ["much later"]


def test_a_full_log_is_set_aside_and_writers_go_on_in_the_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LOG_BYTES_MAX", 1_000)
    log = tmp_path / "api.log"
    tail = Tail(log)
    with log.open("a") as writer:
        writer.write(_line("ERROR", "x" * 1_000))
        writer.flush()
        assert len(list(tail.new_warnings(now_s=1))) == 1
        tail.rotate()
        writer.write(_line("ERROR", "after"))
    assert (tmp_path / "api.1.log").stat().st_size > 1_000
    assert list(tail.new_warnings(now_s=2)) == ["after"]


@pytest.mark.parametrize(
    "line", ["", "plain text", "{", "[]", '{"level": 3}', '{"level": "INFO"}', '{"a": NaN}']
)
def test_other_lines_are_no_warnings(line: str) -> None:
    assert warning_in(line) is None


def test_a_bare_traceback_is_announced_without_its_content() -> None:
    shown = warning_in("Traceback (most recent call last):")
    assert shown is not None
    assert "log" in shown


def test_the_end_of_a_log_is_found_and_a_missing_log_is_empty(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    assert last_lines(log, count=2) == []
    log.write_text("1\n2\n3\n")
    assert last_lines(log, count=2) == ["2", "3"]


def test_what_the_formatter_writes_is_one_json_line_that_the_tail_understands() -> None:
    record = logging.LogRecord("vigie.x", logging.WARNING, "", 0, "two\nlines %s", ("here",), None)
    record.__dict__["action"] = "delivery_failed"
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["action"] == "delivery_failed"
    assert warning_in(line) == "two\nlines here"
