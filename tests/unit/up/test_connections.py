"""A process has no more connections than leave it files for its work."""

import resource

import pytest

from vigie.up.serving import CONNECTIONS_MAX, FILES_KEPT, connections_max

INFINITE = resource.RLIM_INFINITY


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What this process may open and how much it may ask for, the newest last."""
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _which: seen[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _which, both: seen.append(both))
    return seen


@pytest.mark.parametrize(
    ("allowed", "most", "connections", "then"),
    [
        (1_024, 1_024, 1_024 - FILES_KEPT, 1_024),
        (1_024, 2_048, 2_048 - FILES_KEPT, 2_048),
        (1_024, 1_000_000, CONNECTIONS_MAX, CONNECTIONS_MAX + FILES_KEPT),
        (1_024, INFINITE, CONNECTIONS_MAX, CONNECTIONS_MAX + FILES_KEPT),
        (500_000, 500_000, CONNECTIONS_MAX, 500_000),
        (INFINITE, INFINITE, CONNECTIONS_MAX, INFINITE),
        (100, 100, 1, 100),
    ],
)
def test_files_are_left(
    allowed: int, most: int, connections: int, then: int, limits: list[tuple[int, int]]
) -> None:
    limits.append((allowed, most))
    assert connections_max() == connections
    assert limits[-1] == (then, most)
