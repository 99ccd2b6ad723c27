"""The figures of Article 7(3), each with what counts and what does not."""

from datetime import UTC, datetime

import pytest

from report_rows import Ledger
from vigie.banks.events import EntryAdded
from vigie.cases.events import CaseOpened, DecisionUndone
from vigie.orders.events import (
    ContentReinstated,
    OrderAnnulled,
    OrderRefused,
    OrderRepeated,
    ScrutinyChanged,
)
from vigie.redress.events import ContentReinstated as GivenBack
from vigie.reports.periods import year
from vigie.reports.tco import GROUNDS, LINES, Figure, figures


def values(ledger: Ledger, number: int = 2026) -> dict[str, int]:
    return {one.line.id: one.value for one in figures(ledger.read(year(number)))}


def figure(ledger: Ledger, name: str) -> Figure:
    return next(one for one in figures(ledger.read()) if one.line.id == name)


def test_an_empty_year_has_every_line_and_each_is_zero() -> None:
    found = values(Ledger())

    assert set(found.values()) == {0}
    assert list(found) == [one.id for one in LINES]


def test_c1_counts_each_content_once_however_many_orders_name_it() -> None:
    ledger = Ledger()
    ledger.order("O-1", items=2)
    ledger.order("O-2", state="DE")
    first = ledger.executed("O-1", "forum/a", "forum/b")
    second = ledger.executed("O-2", "forum/b")

    assert figure(ledger, "c1") == Figure(figure(ledger, "c1").line, 2, (first, second))
    assert values(ledger)["c1_orders"] == 2


def test_c1_does_not_count_what_was_down_before() -> None:
    ledger = Ledger()
    ledger.order("O-1", items=2)
    ledger.executed("O-1", "forum/a", gone_before=1)
    ledger.order("O-2")
    ledger.executed("O-2", gone_before=1)

    found = values(ledger)
    assert (found["orders"], found["c1"], found["c1_orders"]) == (2, 1, 1)


def test_c1_of_rows_from_before_contents_were_named_counts_their_items() -> None:
    ledger = Ledger()
    ledger.order("O-1", items=2)
    ledger.executed("O-1", "forum/a", "forum/b")
    ledger.rows[-1].facts["contents"] = []

    assert values(ledger)["c1"] == 2


def test_a_measure_counts_in_the_year_in_which_it_was_taken() -> None:
    ledger = Ledger(at=datetime(2026, 12, 31, 23, 45, tzinfo=UTC))
    ledger.order()
    ledger.executed("O-000001", "forum/a", hours=0.5)

    assert (values(ledger, 2026)["orders"], values(ledger, 2026)["c1"]) == (1, 0)
    assert (values(ledger, 2027)["orders"], values(ledger, 2027)["c1"]) == (0, 1)


def test_what_was_refused_as_forged_or_quarantined_or_repeated_is_no_order() -> None:
    ledger = Ledger()
    ledger.order("O-1")
    ledger.cannot("O-1")
    ledger.add(OrderRefused(order="O-1", check="contradicted"))
    ledger.order("O-2")
    ledger.add(OrderRepeated(order="O-2", intake="I-9", differs=False))

    found = values(ledger)
    assert (found["orders"], found["orders_not_genuine"], found["c3"]) == (1, 1, 0)


@pytest.mark.parametrize("ground", GROUNDS)
def test_c3_counts_orders_not_executed_by_their_ground(ground: str) -> None:
    ledger = Ledger()
    ledger.order()
    row = ledger.cannot(ground=ground)

    found = figure(ledger, f"c3_{ground}")
    assert (found.value, found.rows) == (1, (row,))
    assert values(ledger)["c3"] == 1
    assert sum(values(ledger)[f"c3_{one}"] for one in GROUNDS) == 1


def test_c3_takes_the_last_ground_and_forgets_it_once_executed() -> None:
    ledger = Ledger()
    ledger.order("O-1")
    ledger.cannot("O-1", ground="manifest_errors")
    ledger.cannot("O-1", ground="force_majeure")
    ledger.order("O-2")
    ledger.cannot("O-2")
    ledger.executed("O-2", "forum/b")

    found = values(ledger)
    assert (found["c3"], found["c3_force_majeure"], found["c1"]) == (1, 1, 1)


def test_an_order_executed_after_the_year_was_not_executed_in_it() -> None:
    ledger = Ledger(at=datetime(2026, 12, 31, 20, tzinfo=UTC))
    ledger.order()
    ledger.cannot()
    ledger.executed("O-000001", "forum/a", hours=6)

    assert (values(ledger, 2026)["c3"], values(ledger, 2027)["c3"]) == (1, 0)


def test_late_orders_are_executed_and_said_to_be_late() -> None:
    ledger = Ledger()
    ledger.order("O-1")
    ledger.executed("O-1", "forum/a", hours=2, in_time=False)
    ledger.order("O-2")
    ledger.executed("O-2", "forum/b")

    found = values(ledger)
    assert (found["c1"], found["c3"], found["c3_late"]) == (2, 0, 1)


def test_c2_is_only_what_an_exposed_provider_did_under_its_measures() -> None:
    ledger = Ledger()
    ledger.restricted("a", number=1, specific=True)
    ledger.restricted("a", number=2, specific=True)
    ledger.restricted("b", number=3)
    ledger.restricted("c", number=4, cause="notice")
    ledger.restricted("d", number=5, legal_type="")
    ledger.restricted("e", number=6, by_rule=True)
    ledger.restricted("f", number=7, cause="referral")

    found = values(ledger)
    assert (found["c2"], found["own_initiative"], found["after_notices"]) == (1, 3, 1)


def test_reappearance_counts_what_matches_content_that_was_removed_before() -> None:
    ledger = Ledger()
    for entry, source in ((1, "review"), (2, "unit A")):
        ledger.add(EntryAdded(entry=entry, bank="b", kind="known", source=source, signal_types=("pdq",)))
    for case, verdict, entry in (("C-1", "hold", 1), ("C-2", "review", 1), ("C-3", "remove", 2)):
        ledger.add(
            CaseOpened(
                case=case,
                platform="forum",
                content=case,
                verdict=verdict,
                rules=("near-copy",),
                entries=(f"E-{entry:06d}",),
                policy="p",
                quarantined=0,
            )
        )

    assert (figure(ledger, "b_matches").value, figure(ledger, "b_matches").rows) == (1, (3,))


def test_complaints_of_article_10_and_of_article_20_are_apart() -> None:
    ledger = Ledger()
    ledger.restricted("a", number=1, specific=True)
    ledger.restricted("b", number=2)
    ledger.complained(1, about="S-000001", basis="tco10")
    ledger.complained(2, about="S-000002", basis="dsa20")
    ledger.complained(3, about="S-000001", basis="tco10")
    ledger.answered(1, basis="tco10", outcome="reversed")
    ledger.answered(2, outcome="upheld")
    ledger.add(GivenBack(complaint="CP-000001", platform="forum", content="a"))
    ledger.add(GivenBack(complaint="CP-000001", platform="forum", content="copy"))
    ledger.add(GivenBack(complaint="CP-000002", platform="forum", content="b"))

    found = values(ledger)
    assert {name: found[name] for name in ("d", "d_upheld", "d_partial", "d_reversed", "d_open")} == {
        "d": 2,
        "d_upheld": 0,
        "d_partial": 0,
        "d_reversed": 1,
        "d_open": 1,
    }
    assert (found["dsa20"], found["dsa20_upheld"], found["dsa20_reversed"]) == (1, 1, 0)
    assert (found["g"], found["g_dsa20"]) == (2, 1)


def test_a_complaint_decided_after_the_year_is_open_in_it() -> None:
    ledger = Ledger(at=datetime(2026, 12, 31, 20, tzinfo=UTC))
    ledger.complained(1, basis="tco10")
    ledger.answered(1, basis="tco10", hours=10)

    before, after = values(ledger, 2026), values(ledger, 2027)
    assert (before["d"], before["d_open"], before["d_reversed"]) == (1, 1, 0)
    assert (after["d"], after["d_open"], after["d_reversed"]) == (0, 0, 1)


def test_e_counts_scrutiny_that_the_provider_asked_for_and_what_it_found() -> None:
    ledger = Ledger()
    for order, asked_by, outcome in (
        ("O-1", "provider", "infringement"),
        ("O-2", "provider", "no_infringement"),
        ("O-3", "content_provider", "infringement"),
        ("O-4", "authority", "no_infringement"),
    ):
        ledger.order(order)
        ledger.add(
            ScrutinyChanged(order=order, scrutiny="requested", asked_by=asked_by),
            ScrutinyChanged(order=order, scrutiny=outcome, asked_by=""),
        )

    found = values(ledger)
    assert (found["e_scrutiny"], found["e_infringement"], found["e_no_infringement"]) == (2, 1, 1)


def test_f_counts_what_a_review_gave_back_and_not_what_a_refusal_did() -> None:
    ledger = Ledger()
    for order in ("O-1", "O-2", "O-3", "O-4"):
        ledger.order(order)
        ledger.executed(order, f"forum/{order}")
    ledger.add(
        ScrutinyChanged(order="O-1", scrutiny="infringement", asked_by=""),
        OrderAnnulled(order="O-1"),
        ContentReinstated(order="O-1", items=1, kept_down=0),
        OrderAnnulled(order="O-2"),
        ContentReinstated(order="O-2", items=1, kept_down=0),
        OrderAnnulled(order="O-3"),
        ContentReinstated(order="O-3", items=0, kept_down=1),  # something else keeps it down
        ContentReinstated(order="O-4", items=1, kept_down=0),  # asked for clarification after all
    )

    found = values(ledger)
    assert (found["f"], found["f_infringement"], found["c1"]) == (2, 1, 4)


def test_a_decision_taken_back_is_said_and_stays_counted() -> None:
    ledger = Ledger()
    ledger.restricted("a")
    ledger.add(DecisionUndone(case="C-000001", decision="D-000009", undoes="D-000001"))

    assert (values(ledger)["own_initiative"], values(ledger)["taken_back"]) == (1, 1)
