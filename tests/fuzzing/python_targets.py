"""Targets in Python, fuzzed by Atheris: `python -m fuzzing.python_targets TARGET` and options of libFuzzer.

Each raises when something does not hold; a refusal that has a reason is no failure.
"""

import sys
from collections.abc import Callable, Mapping

import atheris

with atheris.instrument_imports(
    include=["vigie.matching.archive", "vigie.orders", "vigie.api", "multipart", "email"]
):
    from multipart import MultipartError, MultipartSegment, PushMultipartParser

    from vigie.api.fastlane_body import split_parts
    from vigie.foundation.errors import Invalid
    from vigie.matching.archive.records import (
        HEADER_BYTES,
        Torn,
        frame,
        read_header,
        read_journal,
        write_header,
    )
    from vigie.orders.mail_parts import MailUnreadable, looks_like_mail, take_apart
    from vigie.orders.reading import is_order, merged, read_json, read_text, read_xml

_BOUNDARY = "heron"


def multipart(data: bytes) -> None:
    """The parts of a body are those that the package finds, or both refuse it."""
    try:
        found = split_parts(data, {"boundary": _BOUNDARY})
    except Invalid:
        found = None
    assert found == _of_the_package(data), "the readers differ"


def _of_the_package(data: bytes) -> dict[str, bytes] | None:
    parts: list[tuple[str, bytes]] = []
    try:
        with PushMultipartParser(
            _BOUNDARY, content_length=len(data), max_segment_count=17, strict=True
        ) as parser:
            for event in parser.parse(data):
                if isinstance(event, MultipartSegment):
                    parts.append((event.name, b""))
                elif event:
                    parts[-1] = (parts[-1][0], parts[-1][1] + event)
    except MultipartError:
        return None
    return dict(parts) if len(dict(parts)) == len(parts) else None


def journals(data: bytes) -> None:
    """What is read of a journal is every byte of it, as records that were written or as damage."""
    read = list(read_journal(data))
    whole = b"".join(one.piece if isinstance(one, Torn) else frame(one) for one in read)
    header = read_header(data)
    assert header is None or write_header(header)[:32] == data[:32]
    rest = data if header is None else data[HEADER_BYTES:]
    assert len(whole) == len(rest)


def orders(data: bytes) -> None:
    """Whatever is sent is read as an order or not, and nothing is raised."""
    sources = [read_text(data.decode("utf-8", "replace"))]
    files = [data]
    if looks_like_mail(data):
        try:
            mail = take_apart(data)
        except MailUnreadable:
            return
        sources = [read_text(mail.text)]
        files = [file.data for file in mail.files]
    for file in files:
        sources += [one for one in (read_json(file), read_xml(file)) if one is not None]
    read, _ = merged(sources)
    assert is_order(read) or read.unread


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "multipart": multipart,
    "journals": journals,
    "orders": orders,
}


def main() -> None:
    """Fuzz one target until the time is over or something fails."""
    name, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
