"""The desk of orders that we issue, over the real database, without a browser."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from issuing_world import CONTENT, PROFILE, URL, IssuingWorld, again, make_issuing_world
from vigie.console.views.issuing import DraftForm
from vigie.flows import issuing_watch
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.issuing import holds, replies
from vigie.issuing.models import Hold, IssuedOrder, Provider
from vigie.people.models import User

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IssuingWorld:
    made = make_issuing_world(tmp_path)
    monkeypatch.setenv("VIGIE_ISSUING_PROFILE_FILE", made.settings.issuing_profile_file)
    current.cache_clear()
    return replace(made, settings=current())


def browser_of(user: User) -> Client:
    """A signed-in browser."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, path: str) -> str:
    """A page's text, without tags and with single spaces."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def typed(**changes: object) -> dict[str, object]:
    """What somebody types into the form of a draft."""
    return {
        **PROFILE["fields"],
        **CONTENT,
        "urls": URL,
        "do_not_inform": "no",
        "provider": "forum",
        **changes,
    }


def test_empty_pages_say_what_will_come(world: IssuingWorld) -> None:
    client = browser_of(world.ana)
    assert "As a competent authority you draft a removal order" in page(client, "/issuing/")
    assert "Nothing is overdue" in page(client, "/issuing/?show=overdue")
    assert "Nothing is held" in page(client, "/issuing/holds")
    Provider.objects.all().delete()
    assert "No provider is entered" in page(client, "/issuing/providers")
    assert "Share executed within one hour" in page(client, "/issuing/figures")


def test_from_draft_to_done_by_three_persons(world: IssuingWorld) -> None:
    ana, lea = browser_of(world.ana), browser_of(world.lea)
    assert "Example Prefecture of Lutèce" in ana.get("/issuing/new").content.decode()
    made = ana.post("/issuing/new", typed(legal_types=[]))
    order = IssuedOrder.objects.get()
    assert made["Location"] == f"/issuing/{order.number}"
    at = f"/issuing/{order.number}"
    assert "Before it can be approved:" in page(ana, at)
    ana.post(f"{at}/change", typed(reference=order.reference))
    ana.post(f"{at}/steps/check")
    assert "Clear." in page(ana, at)
    assert "You are the second person" not in page(ana, at)
    told = lea.post(f"{at}/steps/approve", follow=True).content.decode()
    assert "Done: Approve." in told, " ".join(re.sub(r"<[^>]*>", " ", told).split())
    ana.post("/issuing/providers/forum/inform", {"informed_at": "2026-01-01T00:00", "proof": "By letter."})
    ana.post(f"{at}/steps/issue")
    assert again(order).stage == "issued"
    assert "to be handed over" in page(ana, at)
    ana.post(f"{at}/steps/handed_over")
    receipt = (again(order).issued_at or now()).strftime("%Y-%m-%dT%H:%M:%S.%f")
    ana.post(f"{at}/steps/received", {"received_at": receipt, "proof": "They rang back."})
    assert re.search(r"(59|60) min left", page(ana, at))
    assert re.search(r"(59|60) min left", page(ana, "/issuing/"))
    form = {"form": "annex_ii", "measure": "removed", "measure_at": f"{receipt}Z"}
    file = SimpleUploadedFile("annex-ii.json", json.dumps(form).encode())
    ana.post(f"{at}/answer", {"file": file})
    shown = page(ana, at)
    assert again(order).stage == "done"
    assert "Annex II" in shown
    assert "hxxps://forum[.]example/p/heron-1" in shown
    assert f'href="{URL}"' not in ana.get(at).content.decode()


def test_a_hold_is_shown_as_whom_to_ask(world: IssuingWorld) -> None:
    ana, lea = browser_of(world.ana), browser_of(world.lea)
    until = (now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    form = {
        "kind": "account",
        "pattern": "https://forum.example/p",
        "unit": "Unit 4",
        "contact": "4@unit.example",
    }
    assert ana.post("/issuing/holds", {**form, "until": until, "reason": "A secret."}).status_code == 302
    order = world.draft(by=world.lea, at=now())
    lea.post(f"/issuing/{order.number}/steps/check")
    shown = page(lea, f"/issuing/{order.number}")
    assert "Hold: ask Unit 4: 4@unit.example." in shown
    assert "secret" not in shown
    assert lea.get("/issuing/holds").status_code == 403
    assert "hxxps://forum[.]example/p" in page(ana, "/issuing/holds")
    ana.post(f"/issuing/holds/{Hold.objects.get().number}/release")
    lea.post(f"/issuing/{order.number}/steps/check")
    assert again(order).stage == "clear"


def test_what_cannot_be_done_is_said_and_changes_nothing(world: IssuingWorld) -> None:
    order = world.draft(at=now())
    lea = browser_of(world.lea)
    answer = lea.post(f"/issuing/{order.number}/steps/approve", follow=True)
    assert "This cannot happen to the order as it stands now." in answer.content.decode()
    wrong = browser_of(world.ana).post(f"/issuing/{order.number}/change", typed(urls="nowhere"))
    assert wrong.status_code == 422
    assert "nowhere" in wrong.content.decode()
    assert again(order).fields["urls"] == [URL]


def test_a_change_of_what_is_out_is_proposed_and_sent_by_another_person(world: IssuingWorld) -> None:
    order = world.received(at=now() - timedelta(minutes=5))
    client = browser_of(world.ana)
    text = "Glorifies the Grey Heron Column, at minute two of the film."
    assert "How it should read" in page(client, f"/issuing/{order.number}/change")
    typed_again = {key: "" if value is None else value for key, value in DraftForm.of(order).initial.items()}
    sent = client.post(f"/issuing/{order.number}/change", {**typed_again, "additional_reasons": text})
    assert sent.status_code == 302, " ".join(re.sub(r"<[^>]*>", " ", sent.content.decode()).split())
    assert again(order).proposed == {"additional_reasons": text}
    assert "Proposed to read" in page(client, f"/issuing/{order.number}")
    browser_of(world.lea).post(f"/issuing/{order.number}/steps/resend")
    assert again(order).fields["additional_reasons"] == text


def test_a_provider_is_entered_and_its_token_never_shown(world: IssuingWorld) -> None:
    lea = browser_of(world.lea)
    form = {
        "name": "gallery",
        "title": "Gallery",
        "home_state": "IT",
        "channel": "api",
        "api_url": "https://vigie.gallery.example/",
        "token": "vgt_secret",
    }
    assert lea.post("/issuing/providers", form)["Location"] == "/issuing/providers/gallery"
    assert "vgt_secret" not in lea.get("/issuing/providers/gallery").content.decode()
    lea.post("/issuing/providers/gallery", {**form, "token": "", "title": "The gallery"})
    found = Provider.objects.get(name="gallery")
    assert (found.title, found.api_url, bool(found.locked_token)) == (
        "The gallery",
        "https://vigie.gallery.example",
        True,
    )
    ana = browser_of(world.ana)
    assert ana.post("/issuing/providers", {**form, "name": "other"}).status_code == 200
    assert not Provider.objects.filter(name="other").exists()


def test_others_see_nothing_of_it(world: IssuingWorld) -> None:
    reviewer = browser_of(User.objects.create(username="rita", role="reviewer"))
    assert "Orders out" not in page(reviewer, "/")
    assert reviewer.get("/issuing/").status_code == 403
    auditor = browser_of(User.objects.create(username="olga", role="auditor"))
    order = world.draft(at=now())
    assert "Compare with holds" not in page(auditor, f"/issuing/{order.number}")
    assert auditor.post(f"/issuing/{order.number}/steps/check").status_code == 403


def test_annex_one_is_downloaded(world: IssuingWorld) -> None:
    order = world.draft(at=now())
    answer = browser_of(world.ana).get(f"/issuing/{order.number}/order.pdf")
    assert answer.content.startswith(b"%PDF-")
    read = json.loads(browser_of(world.ana).get(f"/issuing/{order.number}/order.json").content)
    assert (read["form"], read["urls"]) == ("annex_i", [URL])


def test_the_desk_speaks_french(world: IssuingWorld) -> None:
    order = world.draft(at=now())
    world.ana.language = "fr"
    world.ana.save()
    with translation.override("en"):
        shown = page(browser_of(world.ana), f"/issuing/{order.number}")
    assert "Comparer aux réserves et à nos injonctions" in shown
    assert "Injonctions émises" in shown


def test_the_profile_in_the_documents_can_be_used(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "how-to" / "order-out.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(one) for one in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]
    assert [sorted(one) for one in blocks] == [["appeal_days", "fields"], ["providers"]]
    assert holds.HOLD_DAYS_MAX == 366


def test_a_reply_waits_and_is_placed_and_an_alarm_is_on_every_page(world: IssuingWorld) -> None:
    order = world.issued(at=now() - timedelta(hours=2))
    raw = (
        f"From: orders@forum.example\nSubject: Re: {order.reference}\n\n<b>Which post</b> do you mean?\n"
    ).encode()
    reply = replies.take_in(raw, received_at=now(), at=now(), settings=world.settings)
    issuing_watch.sweep(at=now(), settings=world.settings)
    ana = browser_of(world.ana)
    home = page(ana, "/issuing/")
    assert "1 order of ours needs somebody." in home
    assert "1 reply waits for a person." in home
    assert "The order did not reach the provider." in page(ana, f"/issuing/{order.number}")
    assert reply.number in page(ana, f"/issuing/{order.number}")
    assert reply.number in page(ana, "/issuing/replies")
    at = f"/issuing/replies/{reply.number}"
    assert "&lt;b&gt;Which post&lt;/b&gt; do you mean?" in page(ana, at)
    refused = ana.post(f"{at}/place", {"meaning": "answer", "order": order.number}, follow=True)
    assert "Nothing in it reads like Annex II or III." in refused.content.decode()
    ana.post(f"{at}/place", {"meaning": "receipt", "order": order.number})
    assert again(order).stage == "received"
    assert "waits for a person" not in page(ana, "/issuing/")
    assert "No reply waits for a person" in page(ana, "/issuing/replies")
    assert reply.number in page(ana, "/issuing/replies?show=all")
    # Whoever only reads says nothing.
    auditor = browser_of(User.objects.create(username="otto", role="auditor"))
    assert auditor.post(f"{at}/place", {"meaning": "noted", "reason": "x x"}).status_code == 403


def test_the_dossier_of_a_provider_is_kept_on_its_page(world: IssuingWorld) -> None:
    ana, lea = browser_of(world.ana), browser_of(world.lea)
    at = "/issuing/providers/forum"
    assert "not exposed" in page(lea, at)
    # A decision is not an analyst's, and is not even offered.
    assert "Decide that it is exposed" in page(lea, at)
    assert "Decide that it is exposed" not in page(ana, at)
    penalty = {"at": "2020-01-05T10:00", "infringed": "3(6)", "penalty": "fine", "amount_eur": "5000"}
    assert ana.post(f"{at}/acts/penalty", {**penalty, "reason": "Silence."}).status_code == 302
    assert Provider.objects.get().acts.count() == 0
    lea.post(f"{at}/acts/penalty", {**penalty, "reason": "Silence."})
    ana.post(
        f"{at}/acts/access_requested", {"at": "2020-01-05T10:00", "order": "", "reason": "Article 6(1)(b)."}
    )
    text = page(lea, at)
    assert "fine , Article 3(6), 5000 €" in text or "fine, Article 3(6), 5000 €" in text
    assert "Access to preserved content was asked for" in text
    refused = lea.post(f"{at}/acts/exposed", {"reason": "It should be."}, follow=True).content.decode()
    assert "Fewer than two orders of yours" in refused
    figures = page(lea, "/issuing/figures?year=2020")
    assert "Decisions imposing penalties" in figures


def test_a_legal_officer_releases_a_hold_where_it_stops_an_order(world: IssuingWorld) -> None:
    made = holds.enter_hold(
        kind="url",
        pattern=URL,
        unit="Unit 4",
        contact="+33 1 22 22 22 22",
        until=now() + timedelta(days=30),
        reason="",
        user=world.ana,
        at=now(),
    )
    order = world.draft(at=now())
    world.step(order, "check", at=now())
    other = browser_of(User.objects.create(username="abel", role="analyst"))
    assert f"/issuing/holds/{made.number}/release" not in other.get("/issuing/holds").content.decode()
    lea = browser_of(world.lea)
    assert "Release the hold" in page(lea, f"/issuing/{order.number}")
    answered = lea.post(
        f"/issuing/holds/{made.number}/release", {"order": order.number, "reason": "The unit agreed."}
    )
    assert answered["Location"] == f"/issuing/{order.number}"
    assert Hold.objects.get().released_reason == "The unit agreed."
