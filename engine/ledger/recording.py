"""What a run adds to a ledger that already holds some of it: pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from engine.errors import ExciseError
from engine.ledger import entries
from engine.ledger.deciding import set_apart
from engine.ledger.projection import GROWING
from engine.ledger.records import (
    ActionRecord,
    ActionStatus,
    CaseRecord,
    CaseStatus,
    ConductRecord,
    FindingRecord,
    GrowthRecord,
    LineageRecord,
    RunRecords,
    SuccessionRecord,
)
from engine.ledger.rows import IsRecord, Row, to_row
from engine.ledger.triggers import WAITING

R = TypeVar("R", bound=IsRecord)


class RecordsError(ExciseError):
    """Records that contradict each other or the ledger."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """An action in the ledger that waits for a decision."""

    action_id: str
    account_id: str
    apart: bool
    """It waits by itself, for its account does not do what its campaign does."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the ledger holds of the ids that a run brings."""

    findings: Collection[str]
    actions: Collection[str]
    cases: Mapping[str, CaseRecord]
    waiting: Mapping[str, Sequence[str]]
    """By case: the actions that have one of two approvals."""
    undecided: Mapping[str, Sequence[Undecided]]
    """By case in which the run exempts somebody or sets them apart, the actions to be decided; by
    any case of the run those that earlier runs set apart."""
    members: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)
    """By case that grows, and by account."""


@dataclass(frozen=True, slots=True)
class Addition:
    """New entries in order, and the evidence rows they commit to."""

    entries: tuple[entries.Entry, ...]
    satellites: Mapping[str, list[Row]]
    findings: int
    cases: int
    actions: int


def addition(records: RunRecords, held: Held) -> Addition:
    """Return what a run adds, whatever the order of its records.

    Raises RecordsError for one id with two contents, and for a record whose case or finding is
    neither in the run nor in the ledger.
    """
    cases = _fresh(_unique(records.cases, lambda item: item.case_id), held.cases)
    findings = _fresh(_unique(records.findings, lambda item: item.finding_id), held.findings)
    actions = _fresh(_unique(records.actions, lambda item: item.action_id), held.actions)
    known = {*held.cases, *(case.case_id for case in cases)}
    _check(records.run.run_id, cases, findings, actions, known)
    evidence = _Evidence.of(records)
    growths = list(_growths(records, held, evidence))
    added = (
        entries.run_recorded(to_row(records.run)),
        *(entries.succession(to_row(item)) for item in _successions(records)),
        *(entries.lineage(to_row(item)) for item in _in_order(records)),
        *map(evidence.case_entry, cases),
        *(growth.entry() for growth in growths),
        *map(evidence.finding_entry, findings),
        *_reopenings(records, actions, held),
        *(entries.action(to_row(item)) for item in actions),
        *(entries.conduct(to_row(item)) for item in _conducts(records, actions)),
    )
    satellites = evidence.of_new(cases, findings)
    satellites["members"].extend(row for growth in growths for row in growth.joining)
    return Addition(added, satellites, len(findings), len(cases), len(actions))


def _successions(records: RunRecords) -> list[SuccessionRecord]:
    """Return the successions, each once, whatever their order.

    They stand right after the run, where they are found without reading the whole log.
    """
    _refuse_others(records, records.successions)
    return sorted(set(records.successions), key=lambda item: (item.campaign_id, item.other_id))


def _in_order(records: RunRecords) -> list[LineageRecord]:
    """Return the turns of campaigns, each once, whatever their order."""
    _refuse_others(records, records.lineage)
    return sorted(
        set(records.lineage), key=lambda item: (item.campaign_id, item.turn, item.other_id)
    )


def _conducts(records: RunRecords, actions: Sequence[ActionRecord]) -> list[ConductRecord]:
    """Return what campaigns did whose cases gain something that may touch an account."""
    _refuse_others(records, records.conducts)
    gaining = {item.case_id for item in actions if item.status in _MAY_TOUCH}
    kept = (item for item in set(records.conducts) if item.case_id in gaining)
    return sorted(kept, key=lambda item: (item.campaign_id, item.case_id, item.conduct))


def _refuse_others(
    records: RunRecords,
    brought: Iterable[LineageRecord | SuccessionRecord | ConductRecord | GrowthRecord],
) -> None:
    """Raise RecordsError for records of another run."""
    for record in brought:
        if record.run_id != records.run.run_id:
            what = type(record).__name__
            message = f"a {what} of run {record.run_id!r} in run {records.run.run_id!r}"
            raise RecordsError(message)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The rows that entries commit to, by what they belong to."""

    facts: Mapping[str, list[Row]]
    members: Mapping[str, list[Row]]
    samples: Mapping[str, list[Row]]

    @classmethod
    def of(cls, records: RunRecords) -> _Evidence:
        evidence = cls(
            _grouped(records.facts, "finding_id", "signal"),
            _grouped(records.members, "case_id", "account_id"),
            _grouped(records.samples, "case_id", "position"),
        )
        findings = {item.finding_id for item in records.findings}
        cases = {item.case_id for item in records.cases}
        cases |= {item.case_id for item in records.growths}
        _refuse_orphans(evidence.facts, findings, "fact", "finding")
        _refuse_orphans(evidence.members, cases, "member", "case")
        _refuse_orphans(evidence.samples, cases, "sample", "case")
        return evidence

    def case_entry(self, case: CaseRecord) -> entries.Entry:
        members = self.members.get(case.case_id, ())
        return entries.case_opened(to_row(case), members, self.samples.get(case.case_id, ()))

    def finding_entry(self, finding: FindingRecord) -> entries.Entry:
        return entries.finding(to_row(finding), self.facts.get(finding.finding_id, ()))

    def of_new(
        self, cases: Sequence[CaseRecord], findings: Sequence[FindingRecord]
    ) -> dict[str, list[Row]]:
        """Return the rows of what is new, by table; those of the others are there already."""
        return {
            "facts": [row for item in findings for row in self.facts.get(item.finding_id, ())],
            "members": [row for case in cases for row in self.members.get(case.case_id, ())],
            "samples": [row for case in cases for row in self.samples.get(case.case_id, ())],
        }


@dataclass(frozen=True, slots=True)
class _Growth:
    """What a run changes in a case that waits for a decision."""

    record: GrowthRecord
    values: Row
    joining: Sequence[Row]
    """Members that it did not have."""
    members: Sequence[Row]
    """All that it has by now, by account."""

    def entry(self) -> entries.Entry:
        members = self.members if self.joining else None
        return entries.case_grew(self.record.case_id, self.record.run_id, self.values, members)


def _growths(records: RunRecords, held: Held, evidence: _Evidence) -> Iterator[_Growth]:
    """Yield what changes of the cases that wait for a decision; decided ones stay as they were."""
    _refuse_others(records, records.growths)
    for case_id, record in _unique(records.growths, lambda item: item.case_id).items():
        case = held.cases.get(case_id)
        if case is None:
            message = f"a growth of case {case_id!r}, which the ledger does not have"
            raise RecordsError(message)
        if case.status not in _WAITING:
            continue
        there = held.members.get(case_id, {})
        brought = evidence.members.get(case_id, ())
        joining = [row for row in brought if str(row["account_id"]) not in there]
        every = {**there, **{str(row["account_id"]): row for row in joining}}
        values = _changed(case, record, len(every) if joining else case.accounts)
        if values:
            ordered = [every[account] for account in sorted(every)]
            yield _Growth(record, values, joining, ordered)


def _changed(case: CaseRecord, record: GrowthRecord, accounts: int) -> Row:
    """Return the values of a case that are others after a run."""
    told = {**to_row(record), "accounts": accounts}
    before = to_row(case)
    return {name: told[name] for name in GROWING if told[name] != before[name]}


def _reopenings(
    records: RunRecords, actions: Sequence[ActionRecord], held: Held
) -> Iterable[entries.Entry]:
    """Put cases of which something else is to be decided in front of a reviewer again.

    Without it, an approval of the version seen before would cover actions that nobody saw.
    """
    gaining = {item.case_id for item in actions if item.status in _TO_DECIDE} & held.cases.keys()
    exempted = _exempted(records, held)
    for case_id in sorted(gaining | exempted.keys()):
        case, lost = held.cases[case_id], exempted.get(case_id, [])
        waiting = [name for name in held.waiting.get(case_id, ()) if name not in lost]
        yield entries.case_reopened(case_id, case.version, records.run.run_id, waiting, lost)


def _exempted(records: RunRecords, held: Held) -> dict[str, list[str]]:
    """Return by case the actions to be decided that the run exempts their accounts from.

    That is whatever it does not ask for any more of an account on which it exempts something, or
    which it sets apart; and what was set apart of an account that it finds to take part.
    """
    asked = {item.action_id for item in records.actions if item.status in _TO_DECIDE}
    named = {(item.case_id, item.account_id) for item in records.actions}
    spared = {(item.case_id, item.account_id) for item in records.actions if spares(item)}
    lost: dict[str, list[str]] = defaultdict(list)
    for case_id, actions in held.undecided.items():
        for one in actions:
            member = (case_id, one.account_id)
            told = member in spared or (one.apart and member in named)
            if told and one.action_id not in asked:
                lost[case_id].append(one.action_id)
    return lost


def spares(action: ActionRecord) -> bool:
    """Return whether a run stops what may have been proposed before on the action's account."""
    return action.status == ActionStatus.EXEMPT.value or set_apart(action)


_WAITING = frozenset(status.value for status in WAITING)
_TO_DECIDE = frozenset({ActionStatus.PROPOSED.value, ActionStatus.HELD.value})
_MAY_TOUCH = _TO_DECIDE | {ActionStatus.APPROVED.value}


def _unique(records: Iterable[R], key: Callable[[R], str]) -> dict[str, R]:
    found: dict[str, R] = {}
    for record in records:
        if found.setdefault(key(record), record) != record:
            message = f"two different {type(record).__name__}s have the id {key(record)!r}"
            raise RecordsError(message)
    return dict(sorted(found.items()))


def _fresh(records: Mapping[str, R], held: Collection[str]) -> list[R]:
    return [record for key, record in records.items() if key not in held]


def _grouped(records: Iterable[IsRecord], parent: str, key: str) -> dict[str, list[Row]]:
    """Return evidence rows by what they belong to, each group in the order of its keys."""
    groups: dict[str, dict[str | int | None, Row]] = defaultdict(dict)
    for record in records:
        row = to_row(record)
        if groups[str(row[parent])].setdefault(row[key], row) != row:
            message = f"two different {type(record).__name__}s of {row[parent]!r} at {row[key]!r}"
            raise RecordsError(message)
    return {
        name: sorted(group.values(), key=lambda row: row[key])  # type: ignore[arg-type,return-value]
        for name, group in groups.items()
    }


def _refuse_orphans(
    groups: Mapping[str, object], known: Collection[str], what: str, parent: str
) -> None:
    for name in groups:
        if name not in known:
            message = f"a {what} of {parent} {name!r}, which the run does not have"
            raise RecordsError(message)


def _check(
    run_id: str,
    cases: Sequence[CaseRecord],
    findings: Sequence[FindingRecord],
    actions: Sequence[ActionRecord],
    known: Collection[str],
) -> None:
    brought: tuple[CaseRecord | FindingRecord | ActionRecord, ...] = (*cases, *findings, *actions)
    for record in brought:
        if record.run_id != run_id:
            message = f"a {type(record).__name__} of run {record.run_id!r} in run {run_id!r}"
            raise RecordsError(message)
    for case in cases:
        if case.version != 1 or case.status != CaseStatus.OPEN.value:
            message = f"case {case.case_id!r} does not start open at version 1"
            raise RecordsError(message)
    referring: tuple[FindingRecord | ActionRecord, ...] = (*findings, *actions)
    for item in referring:
        if item.case_id is not None and item.case_id not in known:
            message = f"case {item.case_id!r} is neither in the run nor in the ledger"
            raise RecordsError(message)
