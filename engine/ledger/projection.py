"""What an entry of the log does to the state tables: pure, and the only way they change.

The store writes through these changes and the verifier replays them, so a state that the log does
not explain cannot arise unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.language.words import Severity
from engine.ledger.canonical_json import Json
from engine.ledger.entries import Entry, EntryError, Kind
from engine.ledger.records import ActionStatus, CaseStatus
from engine.ledger.rows import RECORDS, Row, column_types


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row."""

    table: str
    row: Row


@dataclass(frozen=True, slots=True)
class Update:
    """New values for the one row that has the values of `key`."""

    table: str
    key: Row
    values: Row


Change: TypeAlias = Insert | Update

GROWING: Mapping[str, type[str | int]] = {
    **dict.fromkeys(("response", "behaviour", "severity", "title"), str),
    **dict.fromkeys(("accounts", "first_event_us", "last_event_us"), int),
}
"""What of a case may change while it waits for a decision, beside its status."""


def changes(entry: Entry) -> tuple[Change, ...]:
    """Return what an entry changes, in order; raises EntryError for content of another shape."""
    match entry.kind:
        case Kind.RUN_RECORDED:
            return (Insert("runs", _row(entry, "run", "runs")),)
        case Kind.CASE_OPENED:
            row = _row(entry, "case", "cases")
            return (Insert("cases", {**row, "severity_rank": _rank(row["severity"])}),)
        case Kind.FINDING:
            return (Insert("findings", _row(entry, "finding", "findings")),)
        case Kind.ACTION:
            row = _row(entry, "action", "actions")
            return (Insert("actions", {**row, "decided_us": None}),)
        case Kind.CASE_GREW:
            return (_growth(entry.part("growth")),)
        case Kind.CASE_REOPENED:
            return _reopening(entry.part("reopening"))
        case Kind.DECISION:
            return _decision(entry)
        case Kind.PROMOTION | Kind.LINEAGE | Kind.SUCCESSION | Kind.CONDUCT:
            entry.part(entry.kind.value)
            return ()


def _decision(entry: Entry) -> tuple[Change, ...]:
    row = _row(entry, "decision", "decisions")
    case = _case_update(row["case_id"], row["case_version"], entry.content.get("case_status"))
    actions = [
        Update(
            "actions",
            {"action_id": action_id},
            {"status": status, "decided_us": row["decided_us"]},
        )
        for status, ids in sorted(entry.part("actions").items())
        for action_id in _texts(ids)
    ]
    return (case, Insert("decisions", row), *actions)


def _reopening(content: Mapping[str, Json]) -> tuple[Change, ...]:
    case = _case_update(content.get("case_id"), content.get("seen_version"), CaseStatus.OPEN.value)
    changed = (
        (ActionStatus.PROPOSED, content.get("proposed")),
        (ActionStatus.EXEMPT, content.get("exempted", [])),
    )
    actions = [
        Update("actions", {"action_id": name}, {"status": status.value})
        for status, names in changed
        for name in _texts(names)
    ]
    return (case, *actions)


def _growth(content: Mapping[str, Json]) -> Change:
    """Return how a case stands after a run; its version stays, for nothing else is asked of it."""
    case_id, values = content.get("case_id"), content.get("values")
    if not isinstance(case_id, str) or not isinstance(values, Mapping) or not values:
        message = "a growth of a case without its id or values"
        raise EntryError(message)
    if not values.keys() <= GROWING.keys():
        message = "a growth of a case in what does not grow"
        raise EntryError(message)
    row: dict[str, str | int | None] = {}
    for name, value in values.items():
        if type(value) is not GROWING[name]:
            message = f"a growth of a case with `{name}` of another type"
            raise EntryError(message)
        row[name] = value
    if "severity" in row:
        row["severity_rank"] = _rank(row["severity"])
    return Update("cases", {"case_id": case_id}, row)


def _case_update(case_id: Json, seen_version: Json, status: Json) -> Update:
    if not (isinstance(case_id, str) and isinstance(seen_version, int) and isinstance(status, str)):
        message = "a change of a case without its id, version or status"
        raise EntryError(message)
    key: Row = {"case_id": case_id, "version": seen_version}
    return Update("cases", key, {"version": seen_version + 1, "status": status})


def _row(entry: Entry, part: str, table: str) -> dict[str, str | int | None]:
    """Return a row of the entry, with exactly the columns and types of its record."""
    content = entry.part(part)
    types = column_types(RECORDS[table])
    if content.keys() != types.keys():
        message = f"an entry of kind {entry.kind.value} with other fields than {table} has"
        raise EntryError(message)
    row: dict[str, str | int | None] = {}
    for name, admitted in types.items():
        value = content[name]
        if type(value) not in admitted:
            message = f"an entry of kind {entry.kind.value} with `{name}` of another type"
            raise EntryError(message)
        row[name] = value  # type: ignore[assignment]  # it is of an admitted type
    return row


def _texts(value: Json) -> list[str]:
    if not isinstance(value, Sequence) or not all(isinstance(item, str) for item in value):
        message = "an entry without a list of ids"
        raise EntryError(message)
    return [str(item) for item in value]


def _rank(severity: object) -> int:
    try:
        return Severity(severity).rank
    except ValueError as error:
        message = f"an entry with the unknown severity {severity!r}"
        raise EntryError(message) from error
