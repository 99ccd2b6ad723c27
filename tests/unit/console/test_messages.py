"""Every text of the console is translated, and the tool that says so would see one that is not."""

from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from click.testing import CliRunner
from django.conf import settings

from vigie.console import messages


def test_every_text_has_its_translations_with_the_same_placeholders() -> None:
    result = CliRunner().invoke(messages.main, ["check"])

    assert result.exit_code == 0, result.stderr


def test_texts_are_found_in_templates_python_errors_and_data() -> None:
    found = {one.id for one in messages.find_texts()}

    assert "Take the next case" in found  # a template
    assert ("%(count)d day", "%(count)d days") in found  # Python, with a plural
    assert "A decision needs a reason in words." in found  # an error of a domain
    assert "A senior reviewer or a legal officer can." in found  # its hint
    assert "Copy of material that a person confirmed." in found  # the default policy


def test_every_language_has_its_catalogue_of_what_people_outside_read() -> None:
    assert {path.name for path in messages.LOCALE.iterdir()} == {code for code, _ in settings.LANGUAGES} - {
        "en"
    }
    public = {one.id for one in messages.find_public_texts()}
    assert "Report illegal content" in public  # a public template
    assert "Confirm that you report in good faith that what you say is accurate." in public  # an error there
    assert "The form was filled in by a program." in public  # an error of a public view
    assert "Take the next case" not in public  # the console's own
    assert public <= {one.id for one in messages.find_texts()}


def test_a_missing_translation_and_a_lost_placeholder_are_reported() -> None:
    template, french = Catalog(), Catalog(locale="fr")
    for text in ("Sign in", "%(count)d open", "Queue"):
        template.add(text)
    french.add("Sign in", "Se connecter")
    french.add("%(count)d open", "ouverts")

    problems = list(messages.problems_of(french, template))

    assert problems == [
        "fr: other placeholders in the translation of '%(count)d open'",
        "fr: no translation of 'Queue'",
    ]


def test_compiled_texts_are_what_django_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = messages.LOCALE / "fr" / "LC_MESSAGES" / "django.po"
    (folder / "django.po").write_bytes(source.read_bytes())
    monkeypatch.setattr(messages, "LOCALE", tmp_path)

    assert CliRunner().invoke(messages.main, ["compile"]).exit_code == 0

    with (folder / "django.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    assert compiled.gettext("Take the next case") != "Take the next case"
