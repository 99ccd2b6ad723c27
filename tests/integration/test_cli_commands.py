"""What the commands answer: to programs with `--json`, to people with sentences, and with which exit status."""

import itertools
import json
from pathlib import Path

import pytest
from django.db import connection

from command_line import done, run
from domain import Domain, make_domain
from loopback import LoopbackServer, answer
from pictures import as_bytes, flat_picture, picture
from vigie.banks.models import Entry
from vigie.cases.decisions import DecisionDraft
from vigie.flows.decision import decide
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.people.models import Token, User
from vigie.policy import default_policy_text

PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"


@pytest.fixture
def domain(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Domain:
    monkeypatch.chdir(tmp_path)
    return make_domain()


def held_case(domain: Domain) -> str:
    """A case about a near copy."""
    domain.bank_confirmed(1)
    return str(domain.ask("p1", as_bytes(picture(1).resize((400, 300)), "JPEG", quality=70))["case"])


def test_a_password_is_read_or_made_and_never_stored_in_clear(domain: Domain) -> None:
    read = done(
        "user", "add", "dora", "--role", "auditor", "--password-stdin", input_text="a long enough one\n"
    )
    assert "password" not in read
    assert User.objects.get(username="dora").check_password("a long enough one")
    made = done("user", "add", "emil", "--role", "reviewer", "--generate", "--name", "Emil Example")
    assert User.objects.get(username="emil").check_password(made["password"])
    assert made["password"] not in json.dumps(list(LedgerEntry.objects.values_list("facts", flat=True)))
    nobody_there = run("user", "add", "fred", "--role", "reviewer", input_text="")
    assert nobody_there.exit_code == 1
    assert "--password-stdin or --generate" in nobody_there.stderr
    weak = run("user", "add", "fred", "--role", "reviewer", "--password-stdin", input_text="short\n")
    assert (weak.exit_code, "short" in weak.stderr.lower()) == (1, True)
    taken = run("user", "add", "dora", "--role", "reviewer", "--generate")
    assert (taken.exit_code, "taken" in taken.stderr) == (1, True)


def test_a_person_who_left_cannot_act(domain: Domain) -> None:
    number = domain.bank(2).number
    assert done("user", "off", "ben")["active"] is False
    refused = run("bank", "confirm", number, "--by", "ben")
    assert refused.exit_code == 1
    assert "Nobody named 'ben' has access." in refused.stderr


def test_a_token_is_printed_once(domain: Domain) -> None:
    made = done("token", "add", "gallery", "--scope", "content:write", "--platform", "forum")
    assert made["token"].startswith(f"vgt_{made['prefix']}_")
    assert made["token"] not in run("token", "list").output
    assert done("token", "revoke", str(made["id"]))["revoked_at"]
    assert done("token", "list")["tokens"] == []
    assert len(done("token", "list", "--revoked")["tokens"]) == 1
    own = done("token", "add", "scripts", "--for", "anna", "--scope", "cases:decide")
    assert Token.objects.get(pk=own["id"]).user == domain.anna
    for wrong in (["--scope", "cases:decide"], ["--scope", "content:write", "--platform", "none"]):
        assert run("token", "add", "x", *wrong).exit_code == 1
    assert run("token", "add", "x", "--scope", "match:read", "--expires", "soon").exit_code == 2
    assert run("token", "revoke", "999").exit_code == 1


def test_pictures_addresses_and_hashes_are_banked_and_the_rest_is_told(
    domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.png").write_bytes(as_bytes(picture(5)))
    Path("flat.png").write_bytes(as_bytes(flat_picture()))
    Path("broken.png").write_bytes(as_bytes(picture(6))[:900])
    server = LoopbackServer(answer(200, as_bytes(picture(7)), "Content-Type: image/png"))
    monkeypatch.setenv("VIGIE_ALLOWED_FETCH_HOSTS", "127.0.0.1")
    items = ["a.png", "flat.png", "broken.png", f"{server.url}/p.png", PDQ, "nonsense", "sha256:12"]
    try:
        result = run("bank", "add", "grey-heron", *items, "--source", "unit A", "--by", "anna", "--json")
    finally:
        server.close()
    assert result.exit_code == 1
    answers = json.loads(result.stdout)["items"]
    assert ["entry" in one for one in answers] == [True, True, False, True, True, False, False]
    assert [one["pdq_banked"] for one in answers if "entry" in one] == [True, False, True, True]
    assert answers[2]["error"]["code"] == "medium_malformed"
    assert Entry.objects.filter(added_by=f"person:{domain.anna.pk}").count() == 4
    assert "neither a file nor a hash" in run("bank", "add", "grey-heron", "nonsense", "--source", "x").output
    assert run("bank", "add", "no-bank", "a.png", "--source", "x").exit_code == 1


def test_only_a_second_person_with_the_right_confirms(domain: Domain) -> None:
    number = domain.bank(2).number
    assert run("bank", "confirm", number).exit_code == 2
    reviewer = run("bank", "confirm", number, "--by", "anna")
    assert (reviewer.exit_code, "may not confirm" in reviewer.stderr) == (1, True)
    assert done("bank", "confirm", number, "--by", "ben")["entries"][0]["confirmed"] is True
    assert done("bank", "show", number)["confirmed_by"] == f"person:{domain.ben.pk}"
    Path("a.png").write_bytes(as_bytes(picture(5)))
    added = done("bank", "add", "grey-heron", "a.png", "--source", "x", "--by", "ben")["items"][0]["entry"]
    assert "second person" in run("bank", "confirm", added, "--by", "ben").stderr


def test_a_bank_goes_out_and_comes_back_in(domain: Domain) -> None:
    domain.bank(2)
    done("bank", "add", "grey-heron", PDQ, "--source", "unit A", "--harmless")
    assert done("bank", "export", "grey-heron", "--output", "out.csv")["lines"] == 5
    assert run("bank", "export", "grey-heron").stdout == Path("out.csv").read_text()
    done("bank", "create", "copy")
    report = done("bank", "import", "copy", "out.csv", "--source", "own")
    assert (report["added"], report["quarantined"]) == (2, 0)
    Path("list.txt").write_text(f"pdq {PDQ}\npdq nonsense\n")
    report = done("bank", "import", "copy", "list.txt", "--source", "own", "--quarantine", "left.csv")
    assert (report["added"], report["quarantined"], report["reasons"]) == (1, 1, {"signal_malformed": 1})
    assert Path("left.csv").read_text().splitlines()[1] == "2,signal_malformed,pdq nonsense"
    assert run("bank", "import", "copy", "none.csv", "--source", "own").exit_code == 2


def test_what_is_known_is_found_and_what_is_not_is_not(domain: Domain) -> None:
    entry = domain.bank_confirmed(1).number
    Path("copy.jpeg").write_bytes(as_bytes(picture(1).resize((400, 300)), "JPEG", quality=70))
    Path("other.png").write_bytes(as_bytes(picture(9)))
    copy, other = done("match", "copy.jpeg", "other.png")["items"]
    assert [(one["entry"], one["signal"], one["confirmed"]) for one in copy["matches"]] == [
        (entry, "pdq", True)
    ]
    assert other["matches"] == []
    assert run("match", "other.png").output.strip() == "Nothing matches."
    assert done("match", "copy.jpeg", "--distance", "0")["items"][0]["matches"] == []
    Path("flat.png").write_bytes(as_bytes(flat_picture()))
    assert "too little structure" in run("match", "flat.png").output
    assert done("match", "flat.png")["items"][0]["pdq_quality_low"] is True
    sha = next(one["value"] for one in done("bank", "show", entry)["signals"] if one["type"] == "sha256")
    assert done("match", sha)["items"][0]["matches"][0]["signal"] == "sha256"
    assert done("match", f"sha256:{sha.upper()}")["items"][0]["matches"][0]["entry"] == entry
    assert run("match", sha, "--bank", "none").exit_code == 1
    assert run("match", "12").exit_code == 1


def test_hashing_needs_no_database_and_tells_what_it_cannot_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.png").write_bytes(as_bytes(picture(1)))
    Path("b.png").write_bytes(b"no picture")
    result = run("hash", "a.png", "b.png", "--json")
    good, bad = json.loads(result.stdout)["files"]
    assert result.exit_code == 1
    assert (good["format"], len(good["pdq"]), good["pdq_quality"] > 50) == ("png", 64, True)
    assert bad["error"]["code"] == "medium_unknown_format"
    Path("c.jpeg").write_bytes(as_bytes(picture(1), "JPEG", quality=90))
    found = [
        json.loads(run("hash", "c.jpeg", "--fidelity", how, "--json").stdout) for how in ("full", "fast")
    ]
    full, fast = (int(one["files"][0]["pdq"], 16) for one in found)
    assert (full ^ fast).bit_count() <= 8


def test_a_case_is_decided_by_a_person_with_the_right(domain: Domain) -> None:
    number = held_case(domain)
    User.objects.create(username="olaf", role="auditor")
    how = ["--type", "a", "--exemption", "none", "--reason", "a copy"]
    assert done("case", "list", "--bank", "grey-heron")["cases"][0]["number"] == number
    assert run("case", "decide", number, "remove", *how, "--by", "olaf").exit_code == 1
    incomplete = run(
        "case", "decide", number, "remove", "--exemption", "none", "--reason", "a copy", "--by", "anna"
    )
    assert (incomplete.exit_code, "legal type" in incomplete.stderr) == (1, True)
    assert done("case", "decide", number, "remove", *how, "--by", "anna")["taken_by"] == "anna"
    assert done("case", "list")["cases"] == []
    assert done("case", "show", number)["decisions"][0]["action"] == "remove"
    assert OutboxMessage.objects.count() == 1
    assert "decided already" in run("case", "decide", number, "remove", *how, "--by", "anna").stderr
    assert done("case", "undo", number, "--reason", "wrong", "--by", "anna")["action"] == "undo"
    assert run("case", "show", "C-999").exit_code == 1


def test_evidence_needs_a_purpose_and_a_person_with_the_right(domain: Domain) -> None:
    number = held_case(domain)
    User.objects.create(username="alan", role="analyst")
    items = done("evidence", "list", number)["items"]
    reference = next(one["reference"] for one in items if one["kind"] == "medium")
    assert run("evidence", "read", reference, "--purpose", "a complaint", "--by", "alan").exit_code == 1
    assert run("evidence", "read", reference, "--purpose", " ", "--by", "anna").exit_code == 1
    assert not LedgerEntry.objects.filter(event="evidence.read.v1").exists()
    read = run("evidence", "read", reference, "--purpose", "a complaint", "--by", "anna")
    assert read.stdout_bytes.startswith(b"\xff\xd8")
    row = LedgerEntry.objects.get(event="evidence.read.v1")
    assert (row.actor, row.facts["purpose"]) == (f"person:{domain.anna.pk}", "a complaint")


def test_a_damaged_ledger_is_told_with_the_first_row_and_exit_status_1(domain: Domain) -> None:
    assert done("ledger", "verify")["whole"] is True
    assert done("ledger", "checkpoint")["through"] == LedgerEntry.objects.count() - 1
    assert done("ledger", "checkpoint")["through"] is None
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM ledger_entry WHERE seq = 2")
    told = run("ledger", "verify")
    assert (told.exit_code, "Row 2 was removed." in told.stdout) == (1, True)
    as_json = run("ledger", "verify", "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["first_broken"] == 2


def test_the_ledger_is_written_out_whole(domain: Domain) -> None:
    lines = run("ledger", "export").stdout.splitlines()
    assert len(lines) == LedgerEntry.objects.count()
    rows = [json.loads(one) for one in lines]
    assert [one["seq"] for one in rows] == list(range(1, len(rows) + 1))
    assert all(later["previous_hash"] == one["hash"] for one, later in itertools.pairwise(rows))
    assert done("ledger", "export", "--after", "2", "--output", "l.jsonl")["rows"] == len(rows) - 2


def test_a_policy_with_errors_is_shown_with_carets_and_not_activated(domain: Domain) -> None:
    Path("bad.yaml").write_text(default_policy_text().replace("match.distance_bits", "match.distance_bit"))
    for command in (["check", "bad.yaml"], ["activate", "bad.yaml"]):
        told = run("policy", *command)
        assert told.exit_code == 1
        assert "^" in told.stderr
        assert "distance_bits" in told.stderr
        as_json = run("policy", *command, "--json")
        assert json.loads(as_json.stdout)["errors"][0]["line"] > 1
    assert len(done("policy", "versions")["versions"]) == 1
    Path("good.yaml").write_text(default_policy_text() + "# mine\n")
    assert done("policy", "activate", "good.yaml")["number"] == 2
    assert done("policy", "show")["text"].endswith("# mine\n")
    assert run("policy", "show", "--version", "1").stdout == default_policy_text()
    assert run("policy", "show", "--version", "9").exit_code == 1


def test_a_platform_is_added_with_a_secret_of_ones_own(domain: Domain) -> None:
    added = done(
        "platform", "add", "gallery", "--secret-stdin", "--gone", "404", input_text="a shared secret\n"
    )
    assert (added["secret"], added["gone_statuses"]) == ("a shared secret", [404])
    assert done("platform", "change", "gallery", "--inactive", "--no-rechecks")["active"] is False
    assert done("platform", "secret", "gallery")["secret"] != "a shared secret"
    assert run("platform", "change", "gallery").exit_code == 2
    assert run("platform", "change", "none", "--title", "x").exit_code == 1
    assert "a shared secret" not in run("platform", "list").output


def test_dead_letters_are_shown_and_sent_again(domain: Domain) -> None:
    number = held_case(domain)
    decide(number, DecisionDraft("remove", "a copy", legal_type="a", exemption="none"), user=domain.anna)
    pending = done("deliveries", "list")["deliveries"][0]
    assert (pending["state"], pending["measures"], pending["content"]) == (
        "pending",
        ["remove_content"],
        "p1",
    )
    assert run("deliveries", "replay", str(pending["id"])).exit_code == 1
    assert run("deliveries", "replay").exit_code == 2
    assert run("deliveries", "replay", "99999").exit_code == 1
    OutboxMessage.objects.update(state="dead")
    assert [one["id"] for one in done("deliveries", "list", "--state", "dead")["deliveries"]] == [
        pending["id"]
    ]
    assert done("deliveries", "replay", "--all-dead")["replayed"][0]["state"] == "pending"
