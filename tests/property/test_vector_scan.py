"""Whatever the codes, where they lie and how many are asked for, the vector scan finds what comparing all finds."""

from hypothesis import given
from hypothesis import strategies as st
from vigie_kernel import scan_codes

_CENTRES = [0, 2**256 - 1, int("5a" * 32, 16), 2**128 - 1]
_NEAR = st.builds(
    lambda centre, flips: centre ^ sum(1 << bit for bit in flips),
    st.sampled_from(_CENTRES),
    st.sets(st.integers(min_value=0, max_value=255), max_size=70),
)
_CODES = st.one_of(st.sampled_from(_CENTRES), _NEAR, st.integers(min_value=0, max_value=2**256 - 1))


@given(
    codes=st.lists(_CODES, max_size=12),
    repeated=st.integers(min_value=1, max_value=50),
    rest=st.lists(_CODES, max_size=40),
    queries=st.lists(_CODES, min_size=1, max_size=6),
    radius=st.integers(min_value=0, max_value=64),
    offset=st.integers(min_value=0, max_value=63),
    threads=st.sampled_from([1, 3]),
)
def test_the_scan_finds_what_comparing_all_finds(
    codes: list[int],
    repeated: int,
    rest: list[int],
    queries: list[int],
    radius: int,
    offset: int,
    threads: int,
) -> None:
    all_codes = codes * repeated + rest
    buffer = bytes(offset) + b"".join(code.to_bytes(32) for code in all_codes)
    expected = [
        (query, place, (one ^ other).bit_count())
        for query, one in enumerate(queries)
        for place, other in enumerate(all_codes)
        if (one ^ other).bit_count() <= radius
    ]
    asked = b"".join(query.to_bytes(32) for query in queries)
    found = scan_codes(
        memoryview(buffer)[offset:], asked, distance_bits_max=radius, threads=threads, limit=1 << 20
    )
    assert found == expected
