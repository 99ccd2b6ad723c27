"""Steps are read the same way from a form, a body and a command line; nothing misspelt passes."""

from datetime import UTC, datetime

import pytest

from vigie.foundation.commands import StepIncomplete
from vigie.orders.steps import STEPS, BecameFinal, Execute, Refuse, step_from


def test_steps_are_read_with_their_defaults() -> None:
    assert step_from("execute", {}) == Execute(measure="removed")
    assert step_from("execute", {"measure": "disabled"}) == Execute(measure="disabled")
    assert step_from("refuse", {"reason": " forged "}) == Refuse(reason="forged")
    at = datetime(2026, 11, 25, 2, 10, tzinfo=UTC)
    assert step_from("became_final", {"final_at": "2026-11-25T03:10:00+01:00"}) == BecameFinal(final_at=at)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("explode", {}),
        ("execute", {"measure": "burnt"}),
        ("execute", {"mesure": "removed"}),
        ("refuse", {}),
        ("refuse", {"reason": ""}),
        ("refuse", {"reason": "x" * 5_001}),
        ("refuse", {"reason": 7}),
        ("became_final", {"final_at": "2026-11-25T03:10:00"}),
        ("became_final", {"final_at": "yesterday"}),
        ("became_final", {"final_at": "0001-01-01T00:00:00+00:00"}),
        ("cannot_execute", {"ground": "laziness", "reason": "no"}),
    ],
)
def test_what_is_missing_or_wrong_is_named(name: str, values: dict[str, object]) -> None:
    with pytest.raises(StepIncomplete):
        step_from(name, values)


@pytest.mark.parametrize("name", list(STEPS))
def test_every_step_says_what_it_is_for(name: str) -> None:
    assert STEPS[name].__doc__
