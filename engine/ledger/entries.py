"""Log entries: each holds the whole content of the rows it makes, so that state can be replayed.

Facts, members and samples may hold personal data, so they stay outside the log; the entry of their
finding or case commits to them by the SHA-256 of their canonical rows, and every byte is covered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from engine.errors import ExciseError
from engine.ledger.canonical_json import CanonicalError, Json, dumps, loads
from engine.ledger.rows import Row


class Kind(Enum):
    """What an entry says happened."""

    RUN_RECORDED = "run_recorded"
    CASE_OPENED = "case_opened"
    CASE_GREW = "case_grew"  # a later run found more of what it is about
    CASE_REOPENED = "case_reopened"  # a later run proposed more in it, or exempted accounts
    FINDING = "finding"
    ACTION = "action"
    DECISION = "decision"
    SUCCESSION = "succession"  # a campaign goes on where another one was stopped; told, not kept
    CONDUCT = "conduct"  # what a campaign did that is to be acted on, in digests; told, not kept
    LINEAGE = "lineage"  # a campaign goes on under another id than by its members; told, not kept
    PROMOTION = "promotion"  # a policy moved up a status; nothing else follows from the entry


class EntryError(ExciseError):
    """Bytes that are no entry of the log."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, as the log keeps it."""

    kind: Kind
    content: Mapping[str, Json]

    def encoded(self) -> bytes:
        """Return the exact bytes that are stored and hashed."""
        return dumps({"kind": self.kind.value, **self.content})

    def part(self, name: str) -> Mapping[str, Json]:
        """Return an object of the content; raises EntryError when it is not one."""
        value = self.content.get(name)
        if not isinstance(value, Mapping):
            message = f"an entry of kind {self.kind.value} without an object `{name}`"
            raise EntryError(message)
        return value


def decoded(body: bytes) -> Entry:
    """Return the entry of stored bytes.

    Raises EntryError when they are not canonical JSON or not an entry of a known kind.
    """
    try:
        value = loads(body)
    except CanonicalError as error:
        message = f"an entry that cannot be read: {error}"
        raise EntryError(message) from error
    if not isinstance(value, Mapping):
        message = "an entry that is not an object"
        raise EntryError(message)
    content = dict(value)
    word = content.pop("kind", None)
    try:
        return Entry(Kind(word), content)
    except ValueError as error:
        message = f"an entry of unknown kind {word!r}"
        raise EntryError(message) from error


def rows_digest(rows: Iterable[Row]) -> dict[str, Json]:
    """Return the commitment to rows in the order given: their count and SHA-256.

    The hash is over the canonical JSON of each row, each followed by a line feed.
    """
    sha, count = hashlib.sha256(), 0
    for row in rows:
        sha.update(dumps(row) + b"\n")
        count += 1
    return {"rows": count, "sha256": sha.hexdigest()}


def run_recorded(run: Row) -> Entry:
    """Return the entry of a run."""
    return Entry(Kind.RUN_RECORDED, {"run": run})


def case_opened(case: Row, members: Iterable[Row], samples: Iterable[Row]) -> Entry:
    """Return the entry of a new case; its evidence in the order of its keys."""
    content = {"case": case, "members": rows_digest(members), "samples": rows_digest(samples)}
    return Entry(Kind.CASE_OPENED, content)


def case_grew(case_id: str, run_id: str, values: Row, members: Iterable[Row] | None) -> Entry:
    """Return the entry of a case of which a later run found more, with what of it changes.

    Where there are new `members` it commits to all that the case has by now.
    """
    content: dict[str, Json] = {
        "growth": {"case_id": case_id, "run_id": run_id, "values": dict(values)}
    }
    if members is not None:
        content["members"] = rows_digest(members)
    return Entry(Kind.CASE_GREW, content)


def case_reopened(
    case_id: str,
    seen_version: int,
    run_id: str,
    proposed: Sequence[str],
    exempted: Sequence[str] = (),
) -> Entry:
    """Return the entry of a case that a later run proposed more in, or exempted accounts of.

    `proposed` names the actions that had one of two approvals: they wait for both again. `exempted`
    names those that were to be decided and are not any more.
    """
    content: dict[str, Json] = {
        "case_id": case_id,
        "seen_version": seen_version,
        "run_id": run_id,
        "proposed": sorted(proposed),
    }
    if exempted:
        content["exempted"] = sorted(exempted)
    return Entry(Kind.CASE_REOPENED, {"reopening": content})


def finding(row: Row, facts: Iterable[Row]) -> Entry:
    """Return the entry of a finding; its facts in the order of their signals."""
    return Entry(Kind.FINDING, {"finding": row, "facts": rows_digest(facts)})


def action(row: Row) -> Entry:
    """Return the entry of a proposed, held, exempt or recorded action."""
    return Entry(Kind.ACTION, {"action": row})


def lineage(row: Row) -> Entry:
    """Return the entry of a turn in the life of campaigns."""
    return Entry(Kind.LINEAGE, {"lineage": row})


def succession(row: Row) -> Entry:
    """Return the entry of a campaign that succeeds another one."""
    return Entry(Kind.SUCCESSION, {"succession": row})


def conduct(row: Row) -> Entry:
    """Return the entry of what a campaign did."""
    return Entry(Kind.CONDUCT, {"conduct": row})


def decision(row: Row, case_status: str, changes: Mapping[str, Sequence[str]]) -> Entry:
    """Return the entry of a decision: the case's new status, and each changed action by its own."""
    actions: dict[str, Json] = {status: sorted(ids) for status, ids in changes.items() if ids}
    content: dict[str, Json] = {"decision": row, "case_status": case_status, "actions": actions}
    return Entry(Kind.DECISION, content)


def promotion(content: Mapping[str, Json]) -> Entry:
    """Return the entry of a policy's promotion: who, from what to what, and what it had shown."""
    return Entry(Kind.PROMOTION, {"promotion": content})
