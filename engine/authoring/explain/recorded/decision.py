"""What the ledger holds of one subject in one run: findings, facts, clauses, actions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.authoring.explain.recorded.judging_again import JudgedAgain, judged_again
from engine.authoring.explain.recorded.pack_then import PackThen, pack_then
from engine.language.model.pack import Pack
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.ledger.database import DamagedError
from engine.ledger.queries import Queries
from engine.ledger.records import ActionRecord, FactRecord, FindingRecord, RunRecord
from engine.review.outcome import Node, read_outcome
from engine.review.succession import Succession, successions
from engine.signals.facts import Fact


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A signal of a finding."""

    measure: str
    """In the words of then."""
    fact: Fact


@dataclass(frozen=True, slots=True)
class RecordedFinding:
    """A finding as it stands in the ledger, and what judging it again comes to."""

    record: FindingRecord
    facts: Mapping[str, RecordedFact]
    """By signal."""
    clauses: Sequence[Mapping[str, Any]]
    tree: Node
    """The condition as it came out then."""
    again: JudgedAgain | None
    """None where the pack at hand has not the policy that was judged."""
    why_not: str
    """Why it is not judged again; empty where it is."""


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """Why one run decided as it did about one subject."""

    run: RunRecord
    then: PackThen
    subject: Subject
    findings: tuple[RecordedFinding, ...]
    """By policy; `record.run_id` is an earlier run's where the ledger had the very finding."""
    actions: tuple[ActionRecord, ...]
    """Those that this run planned, as they stand now."""
    successions: tuple[Succession, ...] = ()
    """What the campaign succeeds, and what succeeds it, by whatever run was told."""

    @property
    def agrees(self) -> bool:
        """Return whether all that could be judged again came out as recorded."""
        return all(one.again is None or not one.again.deviations for one in self.findings)


def recorded_decisions(
    ledger: Queries, pack: Pack, run: RunRecord, subject_id: str, policy: str | None = None
) -> tuple[RecordedDecision, ...]:
    """Return what a run decided about the subjects of an id, each by its own kind.

    An equal finding is written once. One that an earlier run wrote counts where this run reports
    more findings of the policy than it wrote, and judged by the same meaning.
    """
    then = pack_then(pack, run)
    records = [*ledger.findings(run.run_id, subject_id=subject_id)]
    records += _repeated(ledger, run, then, subject_id, records)
    actions = ledger.actions(run_id=run.run_id, subject_id=subject_id)
    decisions = []
    for kind in SubjectKind:
        mine = [one for one in records if one.subject_kind == kind.value]
        found = frozenset(one.policy for one in mine)
        told = tuple(
            _finding(ledger, then, one, found)
            for one in sorted(mine, key=lambda one: one.policy)
            if policy is None or one.policy == policy
        )
        if told:
            planned = tuple(
                a
                for a in actions
                if a.subject_kind == kind.value
                and (policy is None or policy in a.policies.split(","))
            )
            succeeding = kind is SubjectKind.CAMPAIGN
            told_of = successions(ledger.successions(subject_id) if succeeding else ())
            decisions.append(
                RecordedDecision(run, then, Subject(kind, subject_id), told, planned, told_of)
            )
    return tuple(decisions)


def _repeated(
    ledger: Queries,
    run: RunRecord,
    then: PackThen,
    subject_id: str,
    own: Sequence[FindingRecord],
) -> Iterator[FindingRecord]:
    """Yield the latest finding of each policy that the run may have made again, equal to it."""
    runs = {one.run_id: one for one in _before(ledger, run)}
    written = {(one.subject_kind, one.policy) for one in own}
    latest: dict[tuple[str, str], FindingRecord] = {}
    for found in ledger.findings(subject_id=subject_id):
        key = (found.subject_kind, found.policy)
        if found.run_id in runs and key not in written:
            other = latest.get(key)
            order = list(runs)
            if other is None or order.index(found.run_id) > order.index(other.run_id):
                latest[key] = found
    for found in latest.values():
        line = then.lines.get(found.policy)
        if line is None or line.status != found.policy_status:
            continue
        if line.findings > len(ledger.findings(run.run_id, policy=found.policy)):
            report = json.loads(runs[found.run_id].report)
            means = {one["policy"]: one.get("meaning") for one in report["policies"]}
            if means.get(found.policy) == line.meaning:
                yield found


def _before(ledger: Queries, run: RunRecord) -> Iterator[RunRecord]:
    for one in ledger.runs():
        if one.run_id == run.run_id:
            return
        yield one


def _finding(
    ledger: Queries, then: PackThen, record: FindingRecord, found: frozenset[str]
) -> RecordedFinding:
    facts = {one.signal: _fact(one) for one in ledger.facts(record.finding_id)}
    tree = read_outcome(record)
    alike = then.alike(record.policy)
    again = (
        judged_again(
            then.pack,
            SubjectKind(record.subject_kind),
            record.policy,
            {name: one.fact for name, one in facts.items()},
            tree,
            found,
        )
        if alike
        else None
    )
    why_not = "" if alike else then.differences.get(record.policy, "is not in the run's report")
    return RecordedFinding(
        record, facts, _parsed(record.clauses, record.finding_id), tree, again, why_not
    )


def _fact(record: FactRecord) -> RecordedFact:
    counts = _parsed(record.counts, record.finding_id)
    numbers = {name: _number(value) for name, value in sorted(counts.items())}
    return RecordedFact(
        record.measure, Fact(record.signal, float(record.low), float(record.high), numbers)
    )


def _parsed(text: str, of: str) -> Any:  # noqa: ANN401 - it is whatever the ledger holds
    try:
        return json.loads(text)
    except ValueError as error:
        message = f"{of}: what is recorded cannot be read"
        raise DamagedError(message, hint="excise audit verify") from error


def _number(value: float | str) -> float:
    """Read a count: an integer beyond 2^53 stands as its digits, an infinite end as `inf`."""
    if not isinstance(value, str):
        return value
    return float(value) if value.endswith("inf") else int(value)
