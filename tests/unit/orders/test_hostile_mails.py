"""Two hundred damaged and hostile mails and PDFs: no reader fails over one, and each is an order or says why not."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from hostile_mails import PLAIN, hostile
from vigie.foundation.settings import Settings
from vigie.orders.intake import INTAKE_BYTES_MAX, Understood, understand


def read(raw: bytes) -> Understood:
    """What is understood; whatever a reader raises fails the test."""
    return understand(raw, settings=Settings())


@pytest.mark.slow
def test_no_reader_fails_over_any_of_two_hundred() -> None:
    samples = hostile()
    assert len({hashlib.sha256(raw).digest() for _, raw in samples}) >= 200
    assert [name for name, raw in samples if len(raw) > INTAKE_BYTES_MAX] == []
    # Two at once: most of the time is spent in the child processes that read PDFs.
    with ThreadPoolExecutor(2) as pool:
        understood = list(pool.map(lambda one: read(one[1]), samples))
    for (name, _), found in zip(samples, understood, strict=True):
        # Whatever could not be read is said: a field that is needed is there or marked.
        assert found.problem or found.read.order.reference or "reference" in found.read.unread, name
    assert len({one.problem for one in understood}) >= 5


def test_the_valid_sample_is_read_whole() -> None:
    found = read(PLAIN)
    assert (found.problem, found.read.unread) == ("", {})
