"""The kernel's reader of plain multipart bodies beside the package that knows all forms."""

import vigie_kernel
from hypothesis import given
from hypothesis import strategies as st
from multipart import MultipartError, MultipartSegment, PushMultipartParser

BOUNDARY = b"heron"
PARTS_MAX = 4
NAMES = st.one_of(
    st.sampled_from(["content", "m1", "", "a b", "\u00e9"]),
    st.text(st.characters(codec="utf-8", exclude_characters='"%\\\r\n'), max_size=8),
)
DATA = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"", b"--heron", b"\r\n--hero", b"\r\n", b"\r\n\r\n", b"\r\n--heron\r\n"]),
)
HEADERS = st.sampled_from(
    [
        "",
        "Content-Type: image/jpeg\r\n",
        "Content-Length: 3\r\n",
        "X: y\r\n",
        "content-type: a/b\r\n",
        " folded\r\n",
    ]
)
FILE_NAMES = st.sampled_from(
    ["", '; filename="a.jpg"', '; filename="a%22b"', "; filename=a", '; filename="a\\b"']
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Bodies as callers write them, and such as nobody should."""
    pieces = []
    for _ in range(draw(st.integers(0, PARTS_MAX + 1))):
        head = f'Content-Disposition: form-data; name="{draw(NAMES)}"{draw(FILE_NAMES)}\r\n'
        pieces.append(b"--" + BOUNDARY + b"\r\n" + head.encode() + draw(HEADERS).encode() + b"\r\n")
        pieces.append(draw(DATA) + b"\r\n")
    return b"".join(
        [*pieces, b"--" + BOUNDARY + draw(st.sampled_from([b"--\r\n", b"--", b"--x", b"", b"\r\n"]))]
    )


def of_the_package(body: bytes) -> list[tuple[str, bytes]] | None:
    """(name, bytes) of each part; None for a body that it refuses."""
    parts: list[tuple[str, bytes]] = []
    try:
        with PushMultipartParser(
            BOUNDARY, content_length=len(body), max_segment_count=PARTS_MAX, strict=True
        ) as parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    parts.append((event.name, b""))
                elif event:
                    parts[-1] = (parts[-1][0], parts[-1][1] + event)
    except MultipartError:
        return None
    return parts


def of_the_kernel(body: bytes) -> list[tuple[str, bytes]] | None:
    """(name, bytes) of each part; None for a body that it leaves to the package."""
    places = vigie_kernel.split_multipart(body, BOUNDARY, parts_max=PARTS_MAX)
    return None if places is None else [(name, body[start:end]) for name, start, end in places]


def agrees(body: bytes) -> bool:
    """Whether the kernel reads nothing that the package reads otherwise."""
    found = of_the_kernel(body)
    return found is None or found == of_the_package(body)


@given(bodies())
def test_what_the_kernel_reads_the_package_reads_so_too(body: bytes) -> None:
    assert agrees(body)


@given(bodies(), st.data())
def test_so_it_is_when_bytes_were_changed_or_cut_off(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, max(len(body) - 1, 0)))
    piece = data.draw(st.one_of(st.binary(max_size=3), st.sampled_from([b"\r\n", b"--", b'"', b"%22"])))
    assert agrees(body[:at])
    assert agrees(body[:at] + piece + body[at + 1 :])


@given(
    st.lists(st.tuples(st.text("abc1", max_size=5), st.binary(max_size=40)), min_size=1, max_size=PARTS_MAX)
)
def test_what_callers_usually_send_is_read_by_the_kernel(parts: list[tuple[str, bytes]]) -> None:
    body = b"".join(
        b'--heron\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: image/png\r\n\r\n%s\r\n'
        % (name.encode(), name.encode(), data)
        for name, data in parts
    )
    found = of_the_kernel(body + b"--heron--\r\n")
    # Bytes that hold the boundary themselves are nobody's usual picture.
    assert found == parts or any(b"\r\n--heron" in b"\r\n" + data for _, data in parts)
