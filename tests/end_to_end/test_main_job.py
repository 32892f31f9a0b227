"""From files to a verified decision, by the command that a person types."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from activity import excise
from ledger_state import state

from engine.authoring.explain.recorded.decision import recorded_decisions
from engine.errors import ExitCode
from engine.language.load import find_rules, require_pack
from engine.ledger.naming import run_named
from engine.ledger.store import Ledger
from fixtures.truth import Truth

World = tuple[Path, Truth]
DB = ["--db", "sqlite:///ledger.db"]


@pytest.fixture(scope="module")
def ran(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """Return the folder of a finished run, and its report."""
    folder = tmp_path_factory.mktemp("ran")
    done = excise("run", "--activity", str(world[0]), *DB, "--json", folder=folder)
    assert done.returncode == ExitCode.OK, done.stderr
    return folder, json.loads(done.stdout)


def exported(folder: Path) -> list[dict[str, str]]:
    done = excise("actions", "export", *DB, "--format", "csv", folder=folder)
    assert done.returncode == ExitCode.OK, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout, newline="")))


def test_every_campaign_is_found_and_nobody_innocent_is_touched(
    ran: tuple[Path, dict[str, object]], world: World
) -> None:
    truth = world[1]
    touched = {row["account_id"]: row for row in exported(ran[0]) if row["action"] != "log"
               and row["status"] != "exempt"}  # fmt: skip
    for name, accounts in truth.campaigns(benign=False).items():
        assert len(accounts & touched.keys()) >= 0.9 * len(accounts), name
    benign = {account for account, label in truth.labels.items() if label.benign}
    assert benign & touched.keys() == set()
    resold = {a for a, label in truth.labels.items() if label.population == "resale-pool"}
    assert {touched[a]["behaviour"] for a in resold & touched.keys()} == {"resale"}


def test_rows_add_up(ran: tuple[Path, dict[str, object]]) -> None:
    tables = ran[1]["tables"]
    assert isinstance(tables, dict)
    for counts in tables.values():
        assert counts["read"] == sum(counts.values()) - counts["read"]


def test_a_second_run_adds_nothing(ran: tuple[Path, dict[str, object]], world: World) -> None:
    before = state(ran[0] / "ledger.db")
    again = excise("run", "--activity", str(world[0]), *DB, "--json", folder=ran[0])
    assert again.returncode == ExitCode.OK, again.stderr
    document = json.loads(again.stdout)
    recorded = document.pop("recorded")
    assert (recorded["findings"], recorded["cases"], recorded["actions"]) == (0, 0, 0)
    assert document == {key: value for key, value in ran[1].items() if key != "recorded"}
    assert state(ran[0] / "ledger.db") == before


def test_a_dry_run_says_the_same_and_writes_nothing(
    ran: tuple[Path, dict[str, object]], world: World, tmp_path: Path
) -> None:
    done = excise("run", "--activity", str(world[0]), "--dry-run", "--json", folder=tmp_path)
    assert json.loads(done.stdout) == {k: v for k, v in ran[1].items() if k != "recorded"}
    assert list(tmp_path.iterdir()) == []


def test_a_case_is_decided_and_the_log_verifies(
    ran: tuple[Path, dict[str, object]], tmp_path: Path
) -> None:
    copy = tmp_path / "ledger.db"
    with closing(sqlite3.connect(ran[0] / "ledger.db")) as source:
        source.execute("VACUUM INTO ?", [str(copy)])
    listed = excise("cases", "list", *DB, "--json", folder=tmp_path)
    first = json.loads(listed.stdout.splitlines()[0])
    decide = ["cases", "decide", first["case_id"], "approve", "--reviewer", "ana", *DB]
    assert excise(*decide, "--reason", " ", folder=tmp_path).returncode != ExitCode.OK
    assert excise(*decide, "--reason", "a pool", folder=tmp_path).returncode == ExitCode.OK
    assert excise(*decide, "--reason", "again", folder=tmp_path).returncode != ExitCode.OK
    shown = json.loads(excise("cases", "show", first["case_id"], *DB, folder=tmp_path).stdout)
    assert shown["status"] == "approved"
    assert [decision["reviewer"] for decision in shown["decisions"]] == ["ana"]
    verified = excise("audit", "verify", *DB, folder=tmp_path)
    assert verified.returncode == ExitCode.OK, verified.stdout


def test_every_recorded_finding_comes_out_again(ran: tuple[Path, dict[str, object]]) -> None:
    pack, again = require_pack(find_rules()), 0
    with Ledger.open(str(ran[0] / "ledger.db"), create=False) as ledger:
        record = run_named(ledger, "latest")
        recorded = ledger.findings(record.run_id)
        for subject in {finding.subject_id for finding in recorded}:
            (decision,) = recorded_decisions(ledger, pack, record, subject)
            assert decision.agrees
            again += sum(finding.again is not None for finding in decision.findings)
    assert again == len(recorded) > 0


def test_a_changed_byte_is_found(ran: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    copy = tmp_path / "ledger.db"
    with closing(sqlite3.connect(ran[0] / "ledger.db")) as source:
        source.execute("VACUUM INTO ?", [str(copy)])
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = dict(found.fetchall())
        for name in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        changed = connection.execute("UPDATE samples SET excerpt = 'x' WHERE position = 0")
        assert changed.rowcount > 0
        for statement in triggers.values():
            connection.execute(statement)
    broken = excise("audit", "verify", *DB, folder=tmp_path)
    assert broken.returncode == ExitCode.TAMPERED
    assert "samples" in broken.stdout
