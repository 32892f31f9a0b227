"""What can be asked of a ledger; answers are records, in a stated order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, func, select

from engine.ledger import schema
from engine.ledger.records import (
    ActionRecord,
    ActionStatus,
    CaseRecord,
    CaseStatus,
    DecisionRecord,
    FactRecord,
    FindingRecord,
    MemberRecord,
    RunRecord,
    SampleRecord,
)
from engine.ledger.rows import R, from_row
from engine.ledger.told import Told

CHUNK = 500
"""Ids in one statement; SQLite before 3.32 takes 999 parameters."""

_OPEN = (ActionStatus.PROPOSED, ActionStatus.AWAITING_SECOND, ActionStatus.HELD)
_COUNTED = (ActionStatus.PROPOSED, ActionStatus.AWAITING_SECOND, ActionStatus.APPROVED)


class ActionKey(NamedTuple):
    """What an open action is known by: while it is open, a second one would say nothing new."""

    response: str
    action: str
    subject_kind: str
    subject_id: str
    account_id: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The root (hex) of the first `size` entries, and the run that ended there, if one did."""

    size: int
    root: str
    run_id: str | None


class Queries(Told):
    """The reading half of a ledger; each call is one transaction of its own."""

    def _records(self, record: type[R], statement: Select[Any]) -> tuple[R, ...]:
        with self._reading() as connection:
            return records(connection, record, statement)

    def runs(self) -> tuple[RunRecord, ...]:
        """Return the runs in the order in which they were recorded."""
        return self._records(RunRecord, _runs().order_by(schema.CHECKPOINTS.c.size))

    def latest_run(self) -> RunRecord | None:
        """Return the run recorded last."""
        found = self._records(
            RunRecord, _runs().order_by(schema.CHECKPOINTS.c.size.desc()).limit(1)
        )
        return found[0] if found else None

    def run(self, run_id: str) -> RunRecord | None:
        """Return one run."""
        table = schema.RUNS
        found = self._records(RunRecord, select(table).where(table.c.run_id == run_id))
        return found[0] if found else None

    def findings(
        self,
        run_id: str | None = None,
        case_id: str | None = None,
        *,
        policy: str | None = None,
        status: str | None = None,
        subject_id: str | None = None,
    ) -> tuple[FindingRecord, ...]:
        """Return findings, by policy, subject and id.

        Where asked, those of one run, of one case, of one policy, of policies that stood at a
        status (`shadow` asks for the hits in shadow), or of the subjects of an id.
        """
        table = schema.FINDINGS
        tests = _equal(
            (table.c.run_id, run_id),
            (table.c.case_id, case_id),
            (table.c.policy, policy),
            (table.c.policy_status, status),
            (table.c.subject_id, subject_id),
        )
        order = (table.c.policy, table.c.subject_kind, table.c.subject_id, table.c.finding_id)
        return self._records(FindingRecord, select(table).where(*tests).order_by(*order))

    def facts(self, finding_id: str) -> tuple[FactRecord, ...]:
        """Return the signals behind a finding, by name."""
        table = schema.FACTS
        found = select(table).where(table.c.finding_id == finding_id).order_by(table.c.signal)
        return self._records(FactRecord, found)

    def cases(
        self,
        status: CaseStatus | Collection[CaseStatus] | None = None,
        *,
        run_id: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[CaseRecord, ...]:
        """Return cases: the gravest first, then those of most accounts, then by id.

        `run_id` asks for the cases that a run opened.
        """
        table = schema.CASES
        tests = _equal((table.c.run_id, run_id))
        if status is not None:
            wanted = (status,) if isinstance(status, CaseStatus) else tuple(status)
            tests.append(table.c.status.in_([item.value for item in wanted]))
        order = (table.c.severity_rank.desc(), table.c.accounts.desc(), table.c.case_id)
        found = select(table).where(*tests).order_by(*order).limit(limit).offset(offset or None)
        return self._records(CaseRecord, found)

    def last_conduct(self) -> dict[str, int]:
        """Return by case when the last conduct was that any of its findings rests on."""
        table = schema.FINDINGS
        latest = func.max(table.c.last_event_us)
        statement = select(table.c.case_id, latest).where(table.c.case_id.is_not(None))
        with self._reading() as connection:
            rows = connection.execute(statement.group_by(table.c.case_id))
            return {row[0]: row[1] for row in rows}

    def case(self, case_id: str) -> CaseRecord | None:
        """Return one case."""
        with self._reading() as connection:
            return case_in(connection, case_id)

    def members(self, case_id: str) -> tuple[MemberRecord, ...]:
        """Return the accounts of a case's campaign, by id."""
        table = schema.MEMBERS
        found = select(table).where(table.c.case_id == case_id).order_by(table.c.account_id)
        return self._records(MemberRecord, found)

    def case_accounts(self) -> dict[str, frozenset[str]]:
        """Return the accounts of every case's subject; none for a case whose evidence is gone."""
        table = schema.MEMBERS
        return self._grouped(select(table.c.case_id, table.c.account_id))

    def campaign_accounts(self) -> dict[str, frozenset[str]]:
        """Return by campaign the accounts that its cases and actions ever had."""
        cases, members, actions = schema.CASES.c, schema.MEMBERS.c, schema.ACTIONS.c
        in_cases = (
            select(cases.campaign_id, members.account_id)
            .join_from(schema.CASES, schema.MEMBERS, cases.case_id == members.case_id)
            .where(cases.campaign_id.is_not(None))
        )
        acted_on = select(actions.campaign_id, actions.account_id).where(
            actions.campaign_id.is_not(None)
        )
        return self._grouped(in_cases.union(acted_on))

    def campaigns_acted_on(self) -> dict[str, tuple[int, ...]]:
        """Return by campaign when actions above `log` on its accounts were approved, in order.

        The time is that of the approval, or `as_of_us` of an action that needed none.
        """
        table = schema.ACTIONS
        time = func.coalesce(table.c.decided_us, table.c.as_of_us)
        statement = (
            select(table.c.campaign_id, time)
            .distinct()
            .where(
                table.c.status == ActionStatus.APPROVED.value,
                table.c.action != "log",
                table.c.campaign_id.is_not(None),
            )
        )
        found: dict[str, list[int]] = defaultdict(list)
        with self._reading() as connection:
            for campaign, moment in connection.execute(statement):
                found[campaign].append(moment)
        return {campaign: tuple(sorted(found[campaign])) for campaign in sorted(found)}

    def case_policies(self) -> dict[str, frozenset[str]]:
        """Return the policies of whose findings every case was made."""
        table = schema.FINDINGS
        found = select(table.c.case_id, table.c.policy).where(table.c.case_id.is_not(None))
        return self._grouped(found.distinct())

    def _grouped(self, pairs: Select[Any] | CompoundSelect[Any, Any]) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        with self._reading() as connection:
            for key, value in connection.execute(pairs):
                found[key].add(value)
        return {key: frozenset(found[key]) for key in sorted(found)}

    def samples(self, case_id: str) -> tuple[SampleRecord, ...]:
        """Return a case's example exchanges, by position."""
        table = schema.SAMPLES
        found = select(table).where(table.c.case_id == case_id).order_by(table.c.position)
        return self._records(SampleRecord, found)

    def actions(
        self,
        case_id: str | None = None,
        run_id: str | None = None,
        status: ActionStatus | None = None,
        subject_id: str | None = None,
    ) -> tuple[ActionRecord, ...]:
        """Return actions, by account, action and id.

        Where asked, those of one case, of one run, at one status, or of the subjects of an id.
        """
        with self._reading() as connection:
            return actions_in(
                connection, case_id=case_id, run_id=run_id, status=status, subject_id=subject_id
            )

    def decisions(self, case_id: str | None = None) -> tuple[DecisionRecord, ...]:
        """Return decisions, of one case where asked, in the order in which they were made."""
        with self._reading() as connection:
            return decisions_in(connection, case_id)

    def strikes(
        self, account_ids: Collection[str], since_us: int
    ) -> dict[str, list[tuple[int, str]]]:
        """Return approved actions above `log` on accounts, as (time, action), oldest first.

        The time is that of the approval, or `as_of_us` of an action that needed none; those
        before `since_us` are left out, and so are accounts without any.
        """
        table = schema.ACTIONS
        time = func.coalesce(table.c.decided_us, table.c.as_of_us)
        statement = select(table.c.account_id, time, table.c.action).where(
            table.c.status == ActionStatus.APPROVED.value, table.c.action != "log", time >= since_us
        )
        wanted = frozenset(account_ids)
        if len(wanted) <= CHUNK:  # looking up more of them takes longer than reading all there is
            statement = statement.where(table.c.account_id.in_(sorted(wanted)))
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        with self._reading() as connection:
            for account, moment, action in connection.execute(statement):
                if account in wanted:
                    found[account].append((moment, action))
        return {account: sorted(found[account]) for account in sorted(found)}

    def accounts_acted_on(self, day_start_us: int, day_end_us: int, action: str) -> frozenset[str]:
        """Return the accounts with a proposed or approved `action` of as_of in [start, end)."""
        table = schema.ACTIONS
        statement = (
            select(table.c.account_id)
            .distinct()
            .where(
                table.c.action == action,
                table.c.as_of_us >= day_start_us,
                table.c.as_of_us < day_end_us,
                table.c.status.in_([status.value for status in _COUNTED]),
            )
        )
        with self._reading() as connection:
            return frozenset(connection.execute(statement).scalars())

    def exempt_actions(self) -> frozenset[str]:
        """Return the ids of the actions that an exemption or a waiver stopped."""
        table = schema.ACTIONS
        statement = select(table.c.action_id).where(table.c.status == ActionStatus.EXEMPT.value)
        with self._reading() as connection:
            return frozenset(connection.execute(statement).scalars())

    def open_action_keys(self) -> frozenset[ActionKey]:
        """Return what the actions that wait for a decision, held ones too, are known by."""
        table = schema.ACTIONS
        statement = select(*(table.c[name] for name in ActionKey._fields)).where(
            table.c.status.in_([status.value for status in _OPEN])
        )
        with self._reading() as connection:
            return frozenset(ActionKey(*row) for row in connection.execute(statement))

    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """Return the checkpoints, by size."""
        table = schema.CHECKPOINTS
        statement = select(table.c.size, table.c.root, table.c.run_id).order_by(table.c.size)
        with self._reading() as connection:
            return tuple(Checkpoint(*row) for row in connection.execute(statement))


def records(connection: Connection, record: type[R], statement: Select[Any]) -> tuple[R, ...]:
    """Return the rows of a statement as records."""
    return tuple(from_row(record, row._asdict()) for row in connection.execute(statement))


def case_in(connection: Connection, case_id: str) -> CaseRecord | None:
    """Return one case, inside a transaction."""
    statement = select(schema.CASES).where(schema.CASES.c.case_id == case_id)
    found = records(connection, CaseRecord, statement)
    return found[0] if found else None


def actions_in(
    connection: Connection,
    *,
    case_id: str | None = None,
    run_id: str | None = None,
    status: ActionStatus | None = None,
    subject_id: str | None = None,
) -> tuple[ActionRecord, ...]:
    """Return actions by account, action and id, inside a transaction."""
    table = schema.ACTIONS
    tests = _equal(
        (table.c.case_id, case_id),
        (table.c.run_id, run_id),
        (table.c.status, status.value if status else None),
        (table.c.subject_id, subject_id),
    )
    order = (table.c.account_id, table.c.action, table.c.action_id)
    return records(connection, ActionRecord, select(table).where(*tests).order_by(*order))


def decisions_in(connection: Connection, case_id: str | None) -> tuple[DecisionRecord, ...]:
    """Return decisions in the order in which they were made, inside a transaction."""
    table = schema.DECISIONS
    statement = select(table).where(*_equal((table.c.case_id, case_id)))
    order = (table.c.decided_us, table.c.case_id, table.c.case_version)
    if case_id is not None:
        order = (table.c.case_version, table.c.case_id, table.c.decided_us)
    return records(connection, DecisionRecord, statement.order_by(*order))


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Split ids into lists that one statement takes."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _runs() -> Select[Any]:
    runs, checkpoints = schema.RUNS, schema.CHECKPOINTS
    return select(runs).join(checkpoints, checkpoints.c.run_id == runs.c.run_id)


def _equal(*pairs: tuple[ColumnElement[Any], str | None]) -> list[ColumnElement[bool]]:
    return [column == value for column, value in pairs if value is not None]
