"""The file formats of banks: what is read, what is quarantined, and that what is written reads back the same."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.banks.csv_file import ENTRY_SIGNALS_MAX, RECORD_LINES_MAX, open_csv
from vigie.banks.formats import (
    COLUMNS,
    LINE_BYTES_MAX,
    LOCAL_FILE_TYPES,
    About,
    FileRefused,
    Quarantined,
    ReadEntry,
    ReadSignal,
    Reason,
    WrittenEntry,
    read_local_file,
    write_csv,
    write_local_file,
)
from vigie.signals.types import ALL

PDQ, SHA256, MD5 = "a5" * 32, "0f" * 32, "3c" * 16
ABOUT = About(source="Heron exchange")


def read(text: str | bytes, *, about: About = ABOUT) -> list[ReadEntry | Quarantined]:
    data = text.encode() if isinstance(text, str) else text
    return list(open_csv(BytesIO(data), about=about, pdq_quality_min=50).items)


def read_local(text: str, *, signal_type: str = "") -> list[ReadEntry | Quarantined]:
    return list(read_local_file(BytesIO(text.encode()), about=ABOUT, signal_type=signal_type))


def reasons(items: list[ReadEntry | Quarantined]) -> list[tuple[int, Reason]]:
    return [(one.line, one.reason) for one in items if isinstance(one, Quarantined)]


def entries(items: list[ReadEntry | Quarantined]) -> list[ReadEntry]:
    return [one for one in items if isinstance(one, ReadEntry)]


def test_two_columns_are_enough() -> None:
    [entry] = entries(read(f"signal_type,signal_value\npdq,{PDQ}\n"))
    assert entry == ReadEntry(2, (ReadSignal("pdq", bytes.fromhex(PDQ)),), ABOUT)


def test_rows_with_the_same_entry_make_one_entry() -> None:
    found = read(
        "entry,signal_type,signal_value,quality,note\n"
        f"x,pdq,{PDQ},80,A flag\nx,sha256,{SHA256},,\ny,md5,{MD5},,Another\n,md5,{MD5},,\n,md5,{MD5},,\n"
    )
    assert [(one.line, [s.type for s in one.signals], one.rows) for one in entries(found)] == [
        (2, ["pdq", "sha256"], 2),
        (4, ["md5"], 1),
        (5, ["md5"], 1),
        (6, ["md5"], 1),
    ]
    assert entries(found)[0].signals[0].quality == 80
    assert entries(found)[0].about.note == "A flag"


def test_what_a_row_says_goes_before_what_the_form_said() -> None:
    about = About(source="Form", kind="harmless", legal_type="a", note="from the form")
    found = entries(
        read(
            "signal_type,signal_value,kind,legal_type,source,note,obtained_at,expires_at,disabled_until\n"
            f"md5,{MD5},known,E,Row,mine,2026-01-02,2026-06-01T12:00:00+02:00,2026-03-01\nmd5,{MD5},,,,,,,\n",
            about=about,
        )
    )
    assert found[0].about == About(
        source="Row",
        kind="known",
        legal_type="e",
        note="mine",
        obtained_at=datetime(2026, 1, 2, tzinfo=UTC),
        expires_at=datetime(2026, 6, 1, 10, tzinfo=UTC),
        disabled_until=datetime(2026, 3, 1, tzinfo=UTC),
    )
    assert found[1].about == about


def test_unknown_and_ignored_columns_are_reported() -> None:
    header = open_csv(
        BytesIO(b"signal_type,signal_value,confirmed,colour\n"), about=ABOUT, pdq_quality_min=50
    ).header
    assert (header.unknown, header.ignored) == (("colour",), ("confirmed",))


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "pdq,abc\n", "signal_type,note\n", "signal_type,signal_value,signal_type\n", "\xff\n"],
)
def test_a_file_without_a_usable_header_is_refused_whole(text: str) -> None:
    with pytest.raises(FileRefused):
        read(text.encode("latin-1"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f",{PDQ},,,,,", Reason.TYPE_MISSING),
        (f"vpdq,{PDQ},,,,,", Reason.TYPE_UNSUPPORTED),
        (f"pdq,{PDQ[:-1]},,,,,", Reason.SIGNAL_MALFORMED),
        (f"md5,{PDQ},,,,,", Reason.SIGNAL_MALFORMED),
        (f"pdq,{PDQ},101,,,,", Reason.QUALITY_MALFORMED),
        (f"pdq,{PDQ},-1,,,,", Reason.QUALITY_MALFORMED),
        (f"pdq,{PDQ},49,,,,", Reason.QUALITY_TOO_LOW),
        (f"pdq,{PDQ},,bad,,,", Reason.KIND_UNKNOWN),
        (f"pdq,{PDQ},,,f,,", Reason.LEGAL_TYPE_UNKNOWN),
        (f"pdq,{PDQ},,,,yesterday,", Reason.INSTANT_MALFORMED),
        (f"pdq,{PDQ},,,,0001-01-01T00:00:00+14:00,", Reason.INSTANT_MALFORMED),
        (f"pdq,{PDQ},,,,,{'n' * 2_001}", Reason.TEXT_TOO_LONG),
        (f"pdq,{PDQ}", Reason.MALFORMED_ROW),
        (f'"pdq"x,{PDQ},,,,,', Reason.MALFORMED_ROW),
        (f"pdq,{PDQ},,,,,\0", Reason.NOT_UTF8),
        (f"pdq,{PDQ},,,,,{'x' * LINE_BYTES_MAX}", Reason.LINE_TOO_LONG),
    ],
)
def test_a_bad_row_is_quarantined_with_its_line_and_costs_no_other(row: str, reason: Reason) -> None:
    found = read(
        "signal_type,signal_value,quality,kind,legal_type,expires_at,note\n"
        f"md5,{MD5},,,,,\n{row}\nsha256,{SHA256},,,,,\n"
    )
    assert reasons(found) == [(3, reason)]
    assert [(one.line, one.signals[0].type) for one in entries(found)] == [(2, "md5"), (4, "sha256")]


def test_bytes_that_are_no_text_are_quarantined() -> None:
    found = read(f"signal_type,signal_value\nmd5,{MD5}".encode() + b"\xff\n" + f"md5,{MD5}\n".encode())
    assert reasons(found) == [(2, Reason.NOT_UTF8)]
    assert len(entries(found)) == 1


def test_a_row_without_any_source_is_quarantined() -> None:
    assert reasons(read(f"signal_type,signal_value\nmd5,{MD5}\n", about=About(source=" "))) == [
        (2, Reason.SOURCE_MISSING)
    ]


def test_a_quote_that_is_never_closed_costs_its_line_only() -> None:
    good = f"md5,{MD5},\n"
    found = read(f'signal_type,signal_value,note\nmd5,{MD5},"open\n' + good * (RECORD_LINES_MAX + 5))
    assert reasons(found) == [(2, Reason.QUOTE_NOT_CLOSED)]
    assert len(entries(found)) == RECORD_LINES_MAX + 5


def test_a_note_may_have_lines_commas_and_quotes() -> None:
    [entry] = entries(read(f'signal_type,signal_value,note\r\nmd5,{MD5},"one,\r\ntwo ""and"" three"\r\n'))
    assert entry.about.note == 'one,\r\ntwo "and" three'


def test_rows_of_one_entry_that_contradict_each_other_are_quarantined() -> None:
    found = read(f"entry,signal_type,signal_value,kind\nx,pdq,{PDQ},known\nx,md5,{MD5},harmless\n")
    assert reasons(found) == [(3, Reason.ENTRY_CONTRADICTORY)]
    assert [one.signals[0].type for one in entries(found)] == ["pdq"]


def test_rows_of_one_entry_must_stand_together() -> None:
    found = read(f"entry,signal_type,signal_value\nx,pdq,{PDQ}\ny,md5,{MD5}\nx,sha256,{SHA256}\n")
    assert reasons(found) == [(4, Reason.ENTRY_NOT_TOGETHER)]


def test_an_entry_has_a_limit_of_signals() -> None:
    rows = "".join(f"x,md5,{number:032x}\n" for number in range(ENTRY_SIGNALS_MAX + 1))
    found = read(f"entry,signal_type,signal_value\n{rows}")
    assert reasons(found) == [(ENTRY_SIGNALS_MAX + 2, Reason.ENTRY_TOO_LARGE)]


def test_a_byte_order_mark_and_spaces_around_cells_do_no_harm() -> None:
    [entry] = entries(read(f"\ufeff Signal_Type , signal_value \n PDQ , {PDQ.upper()} \n"))
    assert entry.signals == (ReadSignal("pdq", bytes.fromhex(PDQ)),)


def test_a_local_file_has_one_signal_a_line() -> None:
    found = read_local(f"pdq {PDQ}\n\nmd5 {MD5}\nsha256 {SHA256}\n")
    assert [(one.line, one.signals[0].type) for one in entries(found)] == [
        (1, "pdq"),
        (3, "md5"),
        (4, "sha256"),
    ]


def test_bare_signals_need_a_type() -> None:
    assert reasons(read_local(f"{MD5}\n")) == [(1, Reason.TYPE_MISSING)]
    assert [one.signals[0].type for one in entries(read_local(f"{MD5}\n", signal_type="md5"))] == ["md5"]


def test_a_local_file_quarantines_what_it_cannot_use() -> None:
    found = read_local(
        f"video_md5 {MD5}\ntext_sha256 {SHA256}\npdq nonsense\nmd5 {MD5} more\n" + "x" * 20_000
    )
    assert reasons(found) == [
        (1, Reason.TYPE_UNSUPPORTED),
        (2, Reason.TYPE_UNSUPPORTED),
        (3, Reason.SIGNAL_MALFORMED),
        (4, Reason.MALFORMED_ROW),
        (5, Reason.LINE_TOO_LONG),
    ]


def test_a_harmless_entry_is_never_written_among_what_is_to_be_found() -> None:
    harmless = WrittenEntry(
        "E-000001", (ReadSignal("md5", bytes(16)),), About("s", kind="harmless"), confirmed=True
    )
    with pytest.raises(ValueError, match="to be found"):
        list(write_local_file([harmless]))


def test_a_spreadsheet_sees_no_formula() -> None:
    evil = WrittenEntry(
        "E-000001", (ReadSignal("md5", bytes(16)),), About('=HYPERLINK("x")', note="@cmd"), confirmed=False
    )
    row = list(write_csv([evil]))[1]
    assert ",\"'=HYPERLINK" in row
    assert ",'@cmd," in row


_texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=60).filter(
    lambda text: len(text.encode()) < 400
)
_trimmed = _texts.map(str.strip)
_instants = st.none() | st.datetimes(
    min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)
)
_signals = st.sampled_from(sorted(ALL)).flatmap(
    lambda name: st.builds(
        ReadSignal,
        st.just(name),
        st.binary(min_size=ALL[name].value_bytes, max_size=ALL[name].value_bytes),
        st.none() | st.integers(50, 100) if name == "pdq" else st.none(),
    )
)
_about = st.builds(
    About,
    source=_trimmed.filter(bool),
    source_reference=_trimmed,
    kind=st.sampled_from(["known", "harmless"]),
    legal_type=st.sampled_from(["", *"abcde"]),
    note=_texts,
    obtained_at=_instants,
    expires_at=_instants,
    disabled_until=_instants,
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.lists(_signals, min_size=1, max_size=4), _about), max_size=6))
def test_what_is_written_as_csv_reads_back_the_same(drafts: list[tuple[list[ReadSignal], About]]) -> None:
    written = [
        WrittenEntry(f"E-{number:06d}", tuple(signals), about, confirmed=bool(number % 2))
        for number, (signals, about) in enumerate(drafts)
    ]
    text = "".join(write_csv(written))
    # Nothing is filled in but the source, which every written row has.
    found = read(text, about=About(source="unused"))
    assert [(one.signals, one.about) for one in entries(found)] == [
        (one.signals, one.about) for one in written
    ]
    assert reasons(found) == []


@settings(deadline=None)
@given(st.lists(_signals, max_size=8))
def test_what_is_written_as_a_local_file_reads_back_the_same(signals: list[ReadSignal]) -> None:
    written = [WrittenEntry("E-000001", tuple(signals), ABOUT, confirmed=False)]
    found = read_local("".join(write_local_file(written)))
    assert [(s.type, s.value) for one in entries(found) for s in one.signals] == [
        (one.type, one.value) for one in signals if one.type in LOCAL_FILE_TYPES
    ]


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_break_the_reader_and_every_record_is_accounted_for(data: bytes) -> None:
    found = read(",".join(COLUMNS).encode() + b"\n" + data)
    lines_with_something = [one for one in data.split(b"\n") if one.strip()]
    assert bool(found) or not any(one.decode("utf-8", "replace").strip() for one in lines_with_something)
