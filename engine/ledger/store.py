"""The ledger: runs go in whole, reviewers decide, and everything leaves an entry in the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from sqlalchemy import Column, Connection, Engine, insert, select, text

from engine.ledger import deciding, entries, schema
from engine.ledger.canonical_json import Json
from engine.ledger.creation import prepare_sqlite
from engine.ledger.database import (
    BUSY_MS,
    Address,
    DamagedError,
    address,
    engine_for,
    faults,
)
from engine.ledger.merkle import Frontier, leaf_hash
from engine.ledger.postgres import LOCK, prepare_postgres
from engine.ledger.projection import changes
from engine.ledger.queries import Queries, actions_in, case_in, chunks, decisions_in, records
from engine.ledger.recording import Addition, Held, Undecided, addition, spares
from engine.ledger.records import (
    ActionStatus,
    CaseRecord,
    DecisionRecord,
    RunRecords,
    Verdict,
)
from engine.ledger.rows import Row, to_row
from engine.ledger.seal import seal, unseal
from engine.ledger.state import apply, insert_rows
from engine.ledger.triggers import APART, UNDECIDED


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording a run added, and the log after it."""

    added_findings: int
    added_cases: int
    added_actions: int
    entries: int
    size: int
    root: str


class Ledger(Queries):
    """A ledger's database; use it as a context manager, or close it."""

    def __init__(self, where: Address, reader: Engine, writer: Engine) -> None:
        super().__init__(where, reader)
        self._writer = writer
        self._wrote = False

    @classmethod
    def open(cls, url: str, *, create: bool = True, busy_ms: int = BUSY_MS) -> Self:
        """Open a ledger at `sqlite:///path`, a plain path, or `postgresql+psycopg://…`.

        A new SQLite file is made a ledger unless `create` is False. Raises DatabaseError for a bad
        URL, a missing or foreign database or another schema version; RetryableError when busy.
        """
        where = address(url)
        reader = engine_for(where, writes=False, busy_ms=busy_ms)
        writer = engine_for(where, writes=True, busy_ms=busy_ms)
        try:
            with faults(where):
                if where.path is not None:
                    prepare_sqlite(where, where.path, create=create, busy_ms=busy_ms)
                else:
                    prepare_postgres(where, writer, create=create)
        except BaseException:
            writer.dispose()
            raise
        return cls(where, reader, writer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the database; a SQLite file that was written is sealed first."""
        self._reader.dispose()
        self._writer.dispose()
        if self._wrote and self._where.path is not None:
            seal(self._where.path)
        self._wrote = False

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Begin a transaction that no other writer runs beside."""
        with faults(self._where), self._writer.begin() as connection:
            if self._where.path is None:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection

    def record(self, run: RunRecords) -> Recorded:
        """Add a run with all it found, in one transaction: a kill leaves all of it or nothing.

        A run that was recorded before adds nothing; nor do findings, cases and actions that an
        earlier run brought. A case that waits for a decision grows by what the run found of it.
        One that gains actions to decide is put before a reviewer again; so is one in which the run
        exempts accounts, and what was to be decided on these is exempt.
        Raises RecordsError for records that contradict each other, RetryableError when busy.
        """
        with self._writing() as connection:
            frontier = _frontier(connection)
            runs = schema.RUNS
            same = select(runs.c.run_id).where(runs.c.run_id == run.run.run_id)
            if connection.execute(same).first() is not None:
                return Recorded(0, 0, 0, 0, frontier.size, frontier.root.hex())
            added = addition(run, _held(connection, run))
            grown = self._append(connection, frontier, added.entries, run.run.run_id)
            _insert_satellites(connection, added)
        return Recorded(
            added.findings, added.cases, added.actions,
            len(added.entries), grown.size, grown.root.hex(),
        )  # fmt: skip

    def decide(  # the fields of a decision
        self,
        case_id: str,
        *,
        seen_version: int,
        verdict: Verdict,
        reviewer: str,
        reason: str,
        decided_us: int,
    ) -> DecisionRecord:
        """Decide a case as the reviewer saw it, at `seen_version`, in one transaction.

        Approving approves proposed and held actions that need one approval, and moves those that
        need two to a second, different reviewer; actions that the floor holds stay held. Those on
        bystanders are approved by themselves, once nothing else of the case waits. Rejecting
        rejects everything undecided. Raises UnknownCase, StaleCase, AlreadyDecided, SameReviewer,
        UsageError for an empty reviewer or reason, RetryableError when busy.
        """
        decision = deciding.decision_of(
            case_id,
            seen_version=seen_version,
            verdict=verdict,
            reviewer=reviewer,
            reason=reason,
            decided_us=decided_us,
        )
        with self._writing() as connection:
            case = case_in(connection, case_id)
            if case is None:
                message = f"there is no case {case_id!r}"
                raise deciding.UnknownCase(message)
            self._decide(connection, case, decision)
        return decision

    def _decide(self, connection: Connection, case: CaseRecord, decision: DecisionRecord) -> None:
        made = decisions_in(connection, case.case_id)
        actions = actions_in(connection, case_id=case.case_id)
        result = deciding.outcome(case, actions, decision, made[-1] if made else None)
        changed = {status.value: ids for status, ids in result.actions.items()}
        entry = entries.decision(to_row(decision), result.case_status.value, changed)
        self._append(connection, _frontier(connection), (entry,), None)

    def promote(self, content: Mapping[str, Json]) -> None:
        """Append the promotion of a policy to the log, in one transaction."""
        with self._writing() as connection:
            self._append(connection, _frontier(connection), (entries.promotion(content),), None)

    def _append(
        self,
        connection: Connection,
        frontier: Frontier,
        new: Sequence[entries.Entry],
        run_id: str | None,
    ) -> Frontier:
        """Append entries, make the changes that they project to, and end with a checkpoint."""
        if self._where.path is not None:
            unseal(connection)
        bodies = [entry.encoded() for entry in new]
        rows = [
            {"seq": seq, "kind": entry.kind.value, "body": body}
            for seq, (entry, body) in enumerate(zip(new, bodies, strict=True), frontier.size)
        ]
        insert_rows(connection, schema.LOG, rows)
        apply(connection, [change for entry in new for change in changes(entry)])
        grown = frontier.extended([leaf_hash(body) for body in bodies])
        connection.execute(insert(schema.CHECKPOINTS), checkpoint_row(grown, run_id))
        self._wrote = True
        return grown


def checkpoint_row(frontier: Frontier, run_id: str | None) -> dict[str, str | int | None]:
    """Return the checkpoint of a log with this frontier."""
    return {
        "size": frontier.size,
        "root": frontier.root.hex(),
        "frontier": " ".join(root.hex() for root in frontier.roots),
        "run_id": run_id,
    }


def _frontier(connection: Connection) -> Frontier:
    """Return where the log ends; raises DamagedError when its last checkpoint does not fit."""
    table = schema.CHECKPOINTS
    last = connection.execute(select(table).order_by(table.c.size.desc()).limit(1)).first()
    end = connection.execute(select(schema.LOG.c.seq).order_by(schema.LOG.c.seq.desc()).limit(1))
    size = end.scalar() or 0
    try:
        frontier = (
            Frontier(last.size, tuple(bytes.fromhex(root) for root in last.frontier.split()))
            if last
            else Frontier()
        )
    except ValueError as error:
        message = "the last checkpoint cannot be read"
        raise DamagedError(message, hint="run `excise verify`") from error
    if last and (frontier.root.hex() != last.root or size + 1 != last.size):
        message = "the last checkpoint does not fit the log"
        raise DamagedError(message, hint="run `excise verify`")
    return frontier


def _held(connection: Connection, run: RunRecords) -> Held:
    """Return what the ledger has of a run's ids."""
    ids = {case.case_id for case in run.cases} | {action.case_id for action in run.actions}
    ids |= {item.case_id for item in run.findings if item.case_id is not None}
    ids |= {item.case_id for item in run.growths}
    cases: dict[str, CaseRecord] = {}
    waiting: dict[str, list[str]] = defaultdict(list)
    undecided: dict[str, list[Undecided]] = defaultdict(list)
    for chunk in chunks(sorted(ids)):
        statement = select(schema.CASES).where(schema.CASES.c.case_id.in_(chunk))
        cases |= {item.case_id: item for item in records(connection, CaseRecord, statement)}
    actions = schema.ACTIONS.c
    for chunk in chunks(sorted(cases)):
        pairs = select(actions.case_id, actions.action_id).where(
            actions.case_id.in_(chunk), actions.status == ActionStatus.AWAITING_SECOND.value
        )
        for case_id, action_id in connection.execute(pairs):
            waiting[case_id].append(action_id)
    sparing = {item.case_id for item in run.actions if spares(item)}
    apart = actions.reason.startswith(APART)
    for chunk in chunks(sorted(cases)):
        known = select(actions.case_id, actions.action_id, actions.account_id, apart).where(
            actions.case_id.in_(chunk),
            actions.status.in_([one.value for one in UNDECIDED]),
            actions.case_id.in_(sorted(sparing & set(chunk))) | apart,
        )
        for case_id, *action in connection.execute(known):
            undecided[case_id].append(Undecided(action[0], action[1], bool(action[2])))
    members: dict[str, dict[str, Row]] = defaultdict(dict)
    growing = sorted({item.case_id for item in run.growths} & cases.keys())
    for chunk in chunks(growing):
        rows = select(schema.MEMBERS).where(schema.MEMBERS.c.case_id.in_(chunk))
        for row in connection.execute(rows):
            members[row.case_id][row.account_id] = row._asdict()
    return Held(
        _present(connection, schema.FINDINGS.c.finding_id, [x.finding_id for x in run.findings]),
        _present(connection, actions.action_id, [item.action_id for item in run.actions]),
        cases,
        waiting,
        undecided,
        members,
    )


def _present(connection: Connection, column: Column[str], ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(sorted(set(ids))):
        found |= set(connection.execute(select(column).where(column.in_(chunk))).scalars())
    return found


def _insert_satellites(connection: Connection, added: Addition) -> None:
    for table in (schema.FACTS, schema.MEMBERS, schema.SAMPLES):
        insert_rows(connection, table, added.satellites[table.name])
