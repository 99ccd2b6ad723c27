"""The register of authorities is read as a whole or refused with a sentence."""

import pytest

from vigie.foundation.settings import Settings
from vigie.orders.authorities import RegisterInvalid, folded, parse_register
from vigie.orders.senders import register

GOOD = """
provenance: {source: a test, checked_on: 2026-11-25}
authorities:
- {key: a, name: Example Prefecture of Lutèce, member_state: FR, competences: [issue], domains: [gouv.example]}
"""


def test_the_register_that_comes_with_vigie_holds_examples_only() -> None:
    shipped = register(Settings())
    assert shipped.authorities
    assert all(one.example for one in shipped.authorities)
    assert all(domain.endswith(".example") for one in shipped.authorities for domain in one.domains)


def test_an_authority_is_found_by_its_domain_and_those_below_it() -> None:
    found = parse_register(GOOD)
    assert found.of_domain("gouv.example") is found.authorities[0]
    assert found.of_domain("mail.GOUV.example") is found.authorities[0]
    assert found.of_domain("xgouv.example") is None
    assert found.of_domain("example") is None
    assert found.of_domain("") is None


def test_a_name_is_one_name_however_it_is_written() -> None:
    found = parse_register(GOOD)
    assert found.key_of("EXAMPLE prefecture, of Lutece", "FR") == "a"
    assert found.key_of("Example Prefecture of Lutèce", "DE") != "a"
    assert found.key_of("Somebody", "DE") == "de:somebody"
    assert found.key_of(" – ", "DE") == ""
    assert folded("Ä. b") == folded("a B")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "provenance: {source: x}",
        GOOD.replace("FR", "US"),
        GOOD.replace("[issue]", "[judge]"),
        GOOD.replace("[gouv.example]", "[example]"),
        GOOD.replace("key: a, ", ""),
        GOOD.replace("authorities:\n", "authorities: 7\n# "),
        GOOD + GOOD.partition("authorities:\n")[2],
        "provenance: !!python/object/apply:os.system ['true']\nauthorities: []",
        "a: &a [x]\n" + "b: [*a, *a\n",
    ],
)
def test_a_register_with_a_mistake_is_refused(text: str) -> None:
    with pytest.raises(RegisterInvalid):
        parse_register(text)
