"""What a contract changes for one organisation, from the files to the case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.batch.run import RunRequest, run
from engine.cli.main import main
from engine.language.load import require_pack
from engine.language.moments import format_instant, parse_instant
from engine.ledger.store import Ledger
from engine.review.case_view import load_case_view

PACK = """\
pack: contracts
version: "1"
owners: [trust-and-safety]
---
terms: usage
title: Usage Policy
versions:
  - version: "1"
    effective: 2026-01-01
    clauses:
      - {id: probing, section: "4.1", summary: No reading out of the model, url: https://example.org/1}
  - version: "2"
    effective: 2026-06-03
    clauses:
      - {id: probing, section: "4.2", summary: No extraction, url: https://example.org/2}
---
addendum: acme
title: Addendum with Acme
amends: usage
organisations: [org-acme]
versions:
  - version: "A"
    effective: 2026-02-01
    clauses:
      - {id: probing, section: "7", summary: Probing up to a quota, url: https://example.org/acme}
---
addendum: lab
title: Research addendum
amends: usage
organisations: [org-lab]
until: 2026-06-30
versions: [{version: "1", effective: 2026-02-01, waives: [probing]}]
---
links: devices
connect: [{shared: account.device_id}]
strength: {gte: 0.1}
members: {gte: 2}
---
policy: sweep
title: The output layer is read out
version: 1
status: enforce
owner: trust-and-safety
behaviour: logit-extraction
axis: content
severity: high
clauses: [usage/probing]
subject: SUBJECT
signals: {probes: {count: {logprobs: true}, window: 7d}}
when: {probes: {gte: 20}}
explain: "{probes} probes"
---
response: answer
subject: SUBJECT
when: {findings: {behaviour: logit-extraction}}
ladder: [{do: {restrict: {feature: logprobs}}, approval: none}]
"""
ORGANISATIONS = {"acme": "org-acme", "lab": "org-lab", "plain": "org-plain", "alone": None}


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four accounts on one device, one an organisation, that probe from June 2nd to 4th."""
    folder = tmp_path_factory.mktemp("activity")
    start = parse_instant("2026-06-02")
    rows = [
        {
            "event_id": f"{account}-{n}", "account_id": account, "model": "m", "logprobs": True,
            "ts": format_instant(start + n * 2 * 3_600_000_000), "org_id": organisation or "",
        }
        for account, organisation in ORGANISATIONS.items()
        for n in range(30)
    ]  # fmt: skip
    accounts = [{"account_id": account, "device_id": "d"} for account in ORGANISATIONS]
    for name, records in (("exchanges", rows), ("accounts", accounts)):
        text = "".join(json.dumps(row) + "\n" for row in records)
        (folder / f"{name}.jsonl").write_text(text)
    return folder


@pytest.fixture
def rules(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "all.yaml").write_text(PACK.replace("SUBJECT", request.param))
    return folder


@pytest.fixture
def ledger(tmp_path: Path, rules: Path, activity: Path) -> Iterator[Ledger]:
    with Ledger.open(str(tmp_path / "ledger.db")) as opened:
        run(require_pack(rules), RunRequest(str(activity)), opened)
        yield opened


def cited(ledger: Ledger, subject: str | None = None) -> list[dict[str, Any]]:
    """The citations of the only finding, or of the one about a subject."""
    (found,) = (f for f in ledger.findings() if subject in (None, f.subject_id))
    clauses: list[dict[str, Any]] = json.loads(found.clauses)
    return clauses


def statuses(ledger: Ledger) -> dict[str, tuple[str, str]]:
    return {action.account_id: (action.status, action.reason) for action in ledger.actions()}


WAIVED = ("exempt", "terms: sweep has no ground, for addendum lab waives usage/probing")


@pytest.mark.parametrize("rules", ["account"], indirect=True)
def test_each_account_is_held_to_the_words_that_bound_its_organisation(ledger: Ledger) -> None:
    versions = {
        account: [(c["terms"], c["version"], c["section"]) for c in cited(ledger, account)]
        for account in ORGANISATIONS
    }
    usual = [("Usage Policy", "1", "4.1"), ("Usage Policy", "2", "4.2")]  # conduct spans both
    assert versions == {
        "acme": [("Addendum with Acme", "A", "7")],
        "lab": [("Research addendum", "1", "")],
        "plain": usual,
        "alone": usual,
    }
    assert cited(ledger, "acme")[0]["organisations"] == ["org-acme"]
    assert (cited(ledger, "lab")[0]["waived"], cited(ledger, "plain")[0].keys()) == (
        True,
        {"clause", "terms", "version", "effective", "section", "summary", "url"},
    )
    assert statuses(ledger) == {
        "acme": ("approved", ""),
        "lab": WAIVED,
        "plain": ("approved", ""),
        "alone": ("approved", ""),
    }


@pytest.mark.parametrize("rules", ["organisation"], indirect=True)
def test_an_organisation_is_held_to_its_contract(ledger: Ledger) -> None:
    assert statuses(ledger)["lab"] == WAIVED
    assert [c["section"] for c in cited(ledger, "org-acme")] == ["7"]
    assert [c["section"] for c in cited(ledger, "org-plain")] == ["4.1", "4.2"]


@pytest.mark.parametrize("rules", ["campaign"], indirect=True)
def test_a_campaign_of_several_organisations_is_settled_account_by_account(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [(c["version"], c.get("organisations"), c.get("waived")) for c in cited(ledger)] == [
        ("1", None, None),
        ("2", None, None),
        ("A", ["org-acme"], None),
        ("1", ["org-lab"], True),
    ]
    became = statuses(ledger)
    assert became.pop("lab") == WAIVED
    assert set(became.values()) == {("approved", "")}

    (case,) = ledger.cases()
    view = load_case_view(ledger, case.case_id)
    clauses = view.findings[0].clauses
    assert [(c.organisations, c.waived) for c in clauses] == [
        ((), False), ((), False), (("org-acme",), False), (("org-lab",), True)
    ]  # fmt: skip
    assert main(["cases", "show", case.case_id, "--db", str(tmp_path / "ledger.db")]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert json.loads(shown["findings"][0]["clauses"]) == cited(ledger)
    assert {a["account_id"]: a["status"] for a in shown["actions"]}["lab"] == "exempt"


@pytest.mark.parametrize("rules", ["account"], indirect=True)
def test_once_the_waiver_has_ended_conduct_after_it_counts(
    ledger: Ledger, rules: Path, activity: Path, tmp_path: Path
) -> None:
    text = (rules / "all.yaml").read_text().replace("until: 2026-06-30", "until: 2026-06-01")
    (rules / "all.yaml").write_text(text)
    with Ledger.open(str(tmp_path / "later.db")) as later:
        run(require_pack(rules), RunRequest(str(activity)), later)
        assert statuses(later)["lab"] == ("approved", "")
        assert [c["section"] for c in cited(later, "lab")] == ["4.1", "4.2"]


@pytest.mark.parametrize("rules", ["account"], indirect=True)
def test_a_contract_known_only_later_is_cited_as_well(
    rules: Path, activity: Path, tmp_path: Path
) -> None:
    written = (rules / "all.yaml").read_text()
    without = [text for text in written.split("---\n") if not text.startswith("addendum: lab")]
    with Ledger.open(str(tmp_path / "ledger.db")) as ledger:
        (rules / "all.yaml").write_text("---\n".join(without))
        run(require_pack(rules), RunRequest(str(activity)), ledger)
        before = {finding.finding_id for finding in ledger.findings()}
        (rules / "all.yaml").write_text(written)
        run(require_pack(rules), RunRequest(str(activity)), ledger)
        (new,) = (f for f in ledger.findings() if f.finding_id not in before)
        assert (new.subject_id, json.loads(new.clauses)[0]["waived"]) == ("lab", True)
