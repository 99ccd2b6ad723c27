"""Import into a bank and export of it. An import runs on behind the page, which shows how far it is.

Rows that cannot be used are kept beside the record of the run, with line and reason, to be mended and sent again.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.banks import service
from vigie.banks.formats import COLUMNS, LOCAL_FILE_TYPES, About, Quarantined
from vigie.banks.models import Bank
from vigie.banks.transfer import (
    Format,
    ImportOrder,
    ImportReport,
    Progress,
    export_file,
    import_file,
)
from vigie.console.access import SENTENCES, actor_of, needs, signed_in
from vigie.console.answers import complain
from vigie.console.background import Run, Runs, Tell
from vigie.console.fields import ProvenanceFields
from vigie.console.names import names_of
from vigie.console.words import Words, word
from vigie.foundation.clock import now, utc_text
from vigie.foundation.errors import NotFound
from vigie.foundation.limits import IMPORT_ROWS_MAX
from vigie.foundation.settings import current
from vigie.ledger.actors import Actor

FILE_BYTES_MAX = 2_000_000_000
ROWS_SHOWN = 100
_RAW_CHARS_MAX = 20_000

REASONS: Words = {
    "not_utf8": gettext_lazy("not text in UTF-8"),
    "line_too_long": gettext_lazy("the line is too long"),
    "quote_not_closed": gettext_lazy("a quote is opened and never closed"),
    "malformed_row": gettext_lazy("not as many cells as columns, or otherwise damaged"),
    "type_missing": gettext_lazy("no signal type"),
    "type_unsupported": gettext_lazy("a signal type that Vigie does not take here"),
    "signal_malformed": gettext_lazy("the signal is not written as its type asks"),
    "quality_malformed": gettext_lazy("the quality is no whole number from 0 to 100"),
    "quality_too_low": gettext_lazy("a PDQ hash of too low quality, which would match anything"),
    "kind_unknown": gettext_lazy("a kind other than known and harmless"),
    "legal_type_unknown": gettext_lazy("a legal type other than a to e"),
    "instant_malformed": gettext_lazy("an instant that is none (2026-11-22T10:00:00Z)"),
    "text_too_long": gettext_lazy("a text is too long"),
    "source_missing": gettext_lazy("no source"),
    "entry_contradictory": gettext_lazy("says otherwise than the first row of its entry"),
    "entry_not_together": gettext_lazy("the rows of its entry do not stand together"),
    "entry_too_large": gettext_lazy("its entry has too many signals"),
    "too_many_rows": gettext_lazy("beyond the largest number of rows of one file"),
}


class ImportForm(ProvenanceFields):
    """A file of entries. What it says of an entry goes before what is said here."""

    file = forms.FileField(label=gettext_lazy("File"))
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[
            (Format.CSV.value, gettext_lazy("CSV, with a header")),
            (
                Format.LOCAL_FILE.value,
                gettext_lazy("ThreatExchange local file: a type and a signal on each line"),
            ),
        ],
    )
    signal_type = forms.ChoiceField(
        label=gettext_lazy("Type of signals that stand alone"),
        choices=[("", gettext_lazy("every line names its type")), *((one, one) for one in LOCAL_FILE_TYPES)],
        required=False,
        help_text=gettext_lazy("Only for local files whose lines have no type."),
    )
    field_order = ("file", "format", "signal_type")

    def clean_file(self) -> Any:
        """A file of acceptable size."""
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES_MAX:
            raise forms.ValidationError(_("The file is too large: at most 2 GB."))
        return file


@needs("banks:read")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, name: str) -> HttpResponse:
    """Import and export of a bank."""
    bank = service.find_bank(name)
    form = ImportForm(initial={"source": ""})
    if request.method == "GET":
        return _page(request, bank, form)
    if not signed_in(request).may("banks:write"):
        raise PermissionDenied(str(SENTENCES["banks:write"]))
    return _start_from_form(request, bank)


def _start_from_form(request: HttpRequest, bank: Bank) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, bank, form, status=422)
    given = form.cleaned_data
    runs = _runs()
    order = {"bank": bank.name, "file_name": str(given["file"].name)[:200], "bytes": given["file"].size}
    order |= {
        one: given[one]
        for one in ("format", "signal_type", "source", "source_reference", "kind", "legal_type")
    }
    order |= {"note": given["note"]}
    order |= {one: utc_text(given[one]) if given[one] else "" for one in ("obtained_at", "expires_at")}
    run = runs.prepare(order, started_by=str(actor_of(request)))
    with (runs.folder(run.id) / "input").open("wb") as kept:
        for piece in given["file"].chunks():
            kept.write(piece)
    _start(runs, run, actor=actor_of(request))
    return redirect("bank-import", bank.name, run.id)


@needs("banks:read")
@require_GET
def show_run(request: HttpRequest, name: str, run_id: str) -> HttpResponse:
    """How far an import is, or what came of it; htmx asks again while it runs."""
    bank, run = service.find_bank(name), _run_of(name, run_id)
    state = run.state_at(now())
    facts = run.facts
    read_bytes, all_bytes = facts.get("bytes", 0), run.order.get("bytes", 0)
    context = {
        "bank": bank,
        "tab": "transfer",
        "run": run,
        "state": state,
        "percent": 100 if state == "done" else min(99, int(100 * read_bytes / all_bytes)) if all_bytes else 0,
        "facts": facts,
        "already_there": facts.get("entries", 0) - facts.get("added", 0),
        "reasons": [(word(REASONS, code), count) for code, count in facts.get("reasons", {}).items()],
        "rows": [(row["line"], word(REASONS, row["reason"])) for row in _quarantined_rows(run)],
        "rows_shown": ROWS_SHOWN,
        "started_by": names_of([run.started_by]).get(run.started_by, run.started_by),
    }
    page = "import_state" if request.headers.get("HX-Request") else "import"
    return render(request, f"console/banks/{page}.html", context)


@needs("banks:write")
@require_POST
def go_on(request: HttpRequest, name: str, run_id: str) -> HttpResponse:
    """Start an import anew that was cut off or failed: what is in the bank is not added twice."""
    run = _run_of(name, run_id)
    if run.state_at(now()) in ("running", "done") or not (_runs().folder(run.id) / "input").exists():
        complain(request, _("This import cannot be started again."))
    else:
        _start(_runs(), run, actor=actor_of(request))
    return redirect("bank-import", name, run_id)


@needs("banks:read")
@require_GET
def quarantined(request: HttpRequest, name: str, run_id: str) -> HttpResponseBase:
    """The rows that were not used, with line and reason, as CSV."""
    run = _run_of(name, run_id)
    path = _runs().folder(run.id) / "quarantined.csv"
    if not path.exists():
        raise NotFound(gettext_noop("No row of this import was quarantined."))
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{name}-quarantined.csv", content_type="text/csv"
    )


@needs("banks:read")
@require_GET
def export(request: HttpRequest, name: str, ending: str) -> HttpResponseBase:
    """The bank as a file: `csv`, or `txt` in the field's local form."""
    form, content_type = (Format.CSV, "text/csv") if ending == "csv" else (Format.LOCAL_FILE, "text/plain")
    lines = export_file(name, form, at=now(), actor=actor_of(request))
    disposition = f'attachment; filename="{name}.{ending}"'
    return StreamingHttpResponse(
        _in_pieces(lines),
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


def _in_pieces(lines: Iterator[str]) -> Iterator[bytes]:
    piece: list[str] = []
    for line in lines:
        piece.append(line)
        if len(piece) >= 500:
            yield "".join(piece).encode()
            piece = []
    yield "".join(piece).encode()


def _start(runs: Runs, run: Run, *, actor: Actor) -> None:
    order = ImportOrder(
        bank=run.order["bank"],
        format=Format(run.order["format"]),
        about=About(
            source=run.order["source"],
            source_reference=run.order["source_reference"],
            kind=run.order["kind"],
            legal_type=run.order["legal_type"],
            note=run.order["note"],
            obtained_at=_instant(run.order["obtained_at"]),
            expires_at=_instant(run.order["expires_at"]),
        ),
        pdq_quality_min=current().pdq_quality_min,
        signal_type=run.order["signal_type"],
    )
    folder = runs.folder(run.id)

    def work(tell: Tell) -> Mapping[str, Any]:
        with (folder / "input").open("rb") as file, _Quarantine(folder / "quarantined.csv") as kept:
            report = import_file(
                file,
                order,
                actor=actor,
                quarantine=kept.add,
                progress=lambda progress: tell(_facts(progress, file)),
            )
        facts = _final_facts(report)
        # The file itself is not needed any more: it may be large, and the bank has what was in it.
        (folder / "input").unlink(missing_ok=True)
        return facts

    runs.start(run, work)


class _Quarantine:
    """Quarantined rows as CSV: line, reason, the row as it stood. Each attempt begins it anew."""

    def __init__(self, path: Any) -> None:
        self._path = path
        self._file: Any = None

    def __enter__(self) -> "_Quarantine":
        self._path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, item: Quarantined) -> None:
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8", errors="replace", newline="")
            csv.writer(self._file).writerow(["line", "reason", "row"])
        # A spreadsheet must not take a partner's row for a formula, nor the reader of this file choke on a long one.
        raw = item.raw[:_RAW_CHARS_MAX]
        shielded = f"'{raw}" if raw[:1] in ("=", "+", "-", "@", "\t", "\r") else raw
        csv.writer(self._file).writerow([item.line, item.reason.value, shielded])


def _facts(progress: Progress, file: BinaryIO) -> dict[str, Any]:
    return {
        "rows": progress.rows,
        "entries": progress.entries,
        "added": progress.added,
        "quarantined": progress.quarantined,
        "bytes": file.tell(),
    }


def _final_facts(report: ImportReport) -> dict[str, Any]:
    progress = report.progress
    return {
        "rows": progress.rows,
        "entries": progress.entries,
        "added": progress.added,
        "quarantined": progress.quarantined,
        "reasons": dict(report.reasons),
        "columns_unknown": list(report.columns_unknown),
        "columns_ignored": list(report.columns_ignored),
    }


def _quarantined_rows(run: Run) -> list[dict[str, str]]:
    path = _runs().folder(run.id) / "quarantined.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        return [row for row, _number in zip(reader, range(ROWS_SHOWN), strict=False)]


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _runs() -> Runs:
    return Runs(current(), "imports")


def _run_of(name: str, run_id: str) -> Run:
    run = _runs().find(run_id)
    if run.order.get("bank") != name:
        raise NotFound(gettext_noop("There is no such run."))
    return run


def _page(request: HttpRequest, bank: Bank, form: ImportForm, *, status: int = 200) -> HttpResponse:
    at = now()
    runs = [(run, run.state_at(at)) for run in _runs().newest() if run.order.get("bank") == bank.name]
    context = {
        "bank": bank,
        "tab": "transfer",
        "form": form,
        "runs": runs[:10],
        "columns": COLUMNS,
        "local_types": LOCAL_FILE_TYPES,
        "rows_max": IMPORT_ROWS_MAX,
    }
    return render(request, "console/banks/transfer.html", context, status=status)
