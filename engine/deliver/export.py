"""Findings and actions as rows for other systems."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from engine.language.moments import format_instant
from engine.ledger.naming import run_named
from engine.ledger.records import ActionRecord, FindingRecord
from engine.ledger.store import Ledger
from engine.review.escape import visible

ACTION_COLUMNS = (
    "action_id", "run_id", "case_id", "response", "policies", "behaviour", "action", "reversible",
    "status", "subject_kind", "subject_id", "account_id", "campaign_id", "first_event_at",
    "last_event_at", "as_of", "parameters", "approvals_needed", "reason",
)  # fmt: skip
FINDING_COLUMNS = (
    "finding_id", "run_id", "case_id", "policy", "policy_version", "policy_status", "behaviour",
    "axis", "severity", "subject_kind", "subject_id", "first_event_at", "last_event_at", "as_of",
    "explanation",
)  # fmt: skip

ALL = "all"
"""Stands for every run."""

Row = Mapping[str, object]


def action_rows(ledger: Ledger, run: str) -> Iterator[Row]:
    """Yield a row per account and action of a run (an id or its beginning, or `latest`)."""
    for action in ledger.actions(run_id=run_named(ledger, run).run_id):
        yield _row(action, ACTION_COLUMNS)


def finding_rows(
    ledger: Ledger, run: str, *, policy: str | None = None, status: str | None = None
) -> Iterator[Row]:
    """Yield a row per finding of a run (an id or its beginning, `latest`, or `all`).

    `policy` and `status` narrow it: `shadow` gives the hits of policies in shadow. What a later run
    found again, with the same numbers, stays with the run that found it first.
    """
    run_id = None if run == ALL else run_named(ledger, run).run_id
    for finding in ledger.findings(run_id=run_id, policy=policy, status=status):
        yield _row(finding, FINDING_COLUMNS)


def _row(record: ActionRecord | FindingRecord, columns: tuple[str, ...]) -> Row:
    times = {
        "first_event_at": format_instant(record.first_event_us),
        "last_event_at": format_instant(record.last_event_us),
        "as_of": format_instant(record.as_of_us),
    }
    return {name: times[name] if name in times else getattr(record, name) for name in columns}


def write_jsonl(rows: Iterable[Row], stream: TextIO) -> None:
    """Write a JSON object a line, ASCII only."""
    stream.writelines(json.dumps(dict(row)) + "\n" for row in rows)


def write_csv(rows: Iterable[Row], columns: tuple[str, ...], stream: TextIO) -> None:
    """Write RFC 4180 CSV with a header, for people and their spreadsheets.

    Ids and explanations may hold what an attacker wrote, so what would act on a terminal is
    written out (`^[` for ESC), and a text that a spreadsheet would take for a formula gets a
    leading apostrophe. JSON Lines has every text exactly as it is.
    """
    writer = csv.writer(stream)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        inert = visible(value)
        return f"'{inert}" if inert[:1] in ("=", "+", "-", "@") else inert
    return value
