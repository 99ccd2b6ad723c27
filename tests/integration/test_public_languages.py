"""What people outside read is there in six languages, and their browser says which; the console stays in its own."""

import pytest
from django.conf import settings
from django.test import Client

from domain import Domain, make_domain
from redress_world import open_case
from vigie.cases.decisions import DecisionDraft
from vigie.flows.decision import decide
from vigie.foundation.links import link_token
from vigie.foundation.settings import current
from vigie.redress.models import Statement

pytestmark = pytest.mark.usefixtures("database")

HEADINGS = {
    "en": "Report illegal content",
    "fr": "Signaler un contenu illicite",
    "de": "Rechtswidrige Inhalte melden",
    "es": "Notificar contenidos ilícitos",
    "it": "Segnalare contenuti illegali",
    "ar": "الإخطار عن محتوى غير قانوني",
}
REMOVE = DecisionDraft("remove", "it is so", legal_type="c", exemption="none")


@pytest.fixture
def domain(database: str) -> Domain:
    return make_domain()


def page(path: str, *, browser: str = "", chosen: str = "") -> str:
    """What a stranger's browser of this language is shown."""
    client = Client(SERVER_NAME="127.0.0.1", headers={"Accept-Language": browser} if browser else {})
    if chosen:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = chosen
    return client.get(path).content.decode()


def test_the_browsers_language_is_answered_and_arabic_is_written_from_right_to_left(domain: Domain) -> None:
    assert set(HEADINGS) == {code for code, _ in settings.LANGUAGES}
    for code, heading in HEADINGS.items():
        shown = page("/report", browser=f"{code}-XX,{code};q=0.9,en;q=0.1")
        assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">' in shown
        assert heading in shown
        for name in dict(settings.LANGUAGES).values():
            assert name in shown


def test_a_language_that_vigie_does_not_write_is_answered_in_english(domain: Domain) -> None:
    assert HEADINGS["en"] in page("/report", browser="zh-CN,ja;q=0.9")
    assert HEADINGS["es"] in page("/report", browser="zh-CN,es;q=0.5")
    assert HEADINGS["en"] in page("/report", browser=",;q=x,")


def test_what_was_chosen_in_the_menu_goes_before_the_browser(domain: Domain) -> None:
    assert HEADINGS["ar"] in page("/report", browser="de", chosen="ar")
    assert HEADINGS["de"] in page("/report", browser="de", chosen="xx")
    client = Client(SERVER_NAME="127.0.0.1", headers={"Accept-Language": "de"})
    client.post("/language", {"language": "it", "next": "/report"})
    assert HEADINGS["it"] in client.get("/report").content.decode()


def test_the_console_speaks_its_own_languages_to_every_browser(domain: Domain) -> None:
    for browser, wanted in (("de", "en"), ("ar", "en"), ("fr", "fr")):
        shown = page("/accounts/login/", browser=browser)
        assert f'<html lang="{wanted}" dir="ltr">' in shown
        assert "Deutsch" not in shown


def test_a_problem_on_a_public_page_is_told_in_its_language(domain: Domain) -> None:
    client = Client(SERVER_NAME="127.0.0.1", headers={"Accept-Language": "es"})
    refused = client.post(
        "/report", {"url": "https://forum.example/p/1", "text": "x", "category": "terrorism"}
    )
    assert "Diga con palabras por qué el contenido es ilícito. Al menos 10" in refused.content.decode()
    assert "No hay ninguna página en esta dirección." in page("/notice/" + "a" * 43, browser="es")


def test_a_statement_keeps_its_language_on_a_page_in_the_readers(domain: Domain) -> None:
    domain.bank_confirmed(1)
    decide(open_case(domain), REMOVE, user=domain.anna)
    statement = Statement.objects.get()
    shown = page(f"/complaint/{link_token(statement.number, settings=current())}", browser="ar")
    assert '<html lang="ar" dir="rtl">' in shown
    assert f'<div class="letter" dir="auto" lang="{statement.language}">' in shown
    assert "Statement of reasons" in shown
