"""Forms as the console draws them: one template for every field, and the few kinds of input that Django has not.

A form parses and keeps what was typed; what is allowed is the services' to say.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vigie.banks.models import Entry
from vigie.banks.service import LEGAL_TYPES
from vigie.console import words
from vigie.foundation.errors import VigieError

FILES_AT_ONCE_MAX = 40


class ConsoleRenderer(DjangoTemplates):
    """Fields drawn by the console's own template."""

    field_template_name = "console/fields/field.html"


class ConsoleForm(forms.Form):
    """A form of the console."""

    default_renderer: Any = ConsoleRenderer
    required_css_class = "is-required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    @property
    def marks_required(self) -> bool:
        """Whether fields that must be filled in are marked, being the fewer, rather than those that need not."""
        required = [one.required for one in self.fields.values()]
        return 2 * sum(required) < len(required)

    def refuse(self, error: VigieError, sentence: str) -> None:
        """Show an error of a service above the fields, which keep what was typed."""
        self.add_error(None, forms.ValidationError(sentence, code=error.code))


class InstantField(forms.DateTimeField):
    """An instant typed in the zone that the page shows."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def prepare_value(self, value: Any) -> Any:
        """Aware instants are shown in the zone in which they are typed."""
        if isinstance(value, datetime) and value.tzinfo is not None:
            return timezone.localtime(value).replace(tzinfo=None)
        return value


class FilesInput(forms.ClearableFileInput):
    """Chooses several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, up to `FILES_AT_ONCE_MAX`."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file as Django's own field takes it; empty ones too, so that each gets its own answer."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise forms.ValidationError(_("Choose at least one file."), code="required")
        if len(given) > FILES_AT_ONCE_MAX:
            raise forms.ValidationError(
                _("Choose at most %(count)d files at once."), params={"count": FILES_AT_ONCE_MAX}
            )
        return list(given)


def legal_type_choices() -> list[tuple[str, Any]]:
    """The legal types of Article 2(7), with none told first."""
    return [("", _("not told"))] + [
        (one, f"({one}) {words.word(words.LEGAL_TYPES_SHORT, one)}") for one in LEGAL_TYPES
    ]


class ProvenanceFields(ConsoleForm):
    """What is said of new entries, however they come."""

    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("Who gave it, or where was it found? Kept with the entry."),
    )
    source_reference = forms.CharField(
        label=_("Reference at the source"),
        max_length=500,
        required=False,
        help_text=_("A number, a link, a report."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (Entry.Kind.KNOWN.value, _("Known material: is to be found")),
            (Entry.Kind.HARMLESS.value, _("Known to be harmless: what is near it does not match")),
        ],
        initial=Entry.Kind.KNOWN.value,
    )
    legal_type = forms.ChoiceField(label=_("Legal type"), choices=legal_type_choices, required=False)
    note = forms.CharField(
        label=_("Note"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    obtained_at = InstantField(label=_("Obtained at"), required=False)
    expires_at = InstantField(
        label=_("Expires at"), required=False, help_text=_("From then on it matches no more. Empty: never.")
    )
