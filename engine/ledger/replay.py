"""The log read from its first entry: hashes, checkpoints, and the state that it accounts for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    StaticPool,
    Table,
    Text,
    create_engine,
    func,
    insert,
    select,
)

from engine.ledger.canonical_json import Json
from engine.ledger.creation import sqlite_ddl
from engine.ledger.entries import Entry, Kind, decoded
from engine.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash
from engine.ledger.problems import Problems
from engine.ledger.projection import Change, changes
from engine.ledger.schema import CHECKPOINTS, LOG
from engine.ledger.state import apply

Progress = Callable[[int, int], None]
"""Called with the entries read so far, and their number."""

COMMITMENTS = Table(
    "commitments",
    MetaData(),
    Column("satellite", Text, primary_key=True),
    Column("parent", Text, primary_key=True),
    Column("rows", Integer),
    Column("sha256", Text),
)
"""What the log's entries say of the evidence outside it; only in the replayed state."""

_COMMITTING: Mapping[Kind, tuple[str, str, tuple[str, ...]]] = {
    Kind.FINDING: ("finding", "finding_id", ("facts",)),
    Kind.CASE_OPENED: ("case", "case_id", ("members", "samples")),
    Kind.CASE_GREW: ("growth", "case_id", ("members",)),
}
_AS_FAR_AS_THERE = frozenset({Kind.CASE_GREW})
"""The kinds that need not say anything of such evidence; what they say replaces what was said."""
_ALONE = frozenset({Kind.DECISION, Kind.PROMOTION})
"""The kinds that are a transaction of their own."""
_FIRST = _ALONE | {Kind.RUN_RECORDED}
"""The kinds that a transaction begins with; each transaction ends with a checkpoint."""

_PAGE = 1_000


@contextmanager
def replayed_state() -> Iterator[Connection]:
    """Give a temporary database with a ledger's tables, which the disk holds when it grows."""
    raw = sqlite3.connect("", isolation_level=None)
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    try:
        for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "journal_mode=OFF"):
            raw.execute(f"PRAGMA {pragma}")
        for statement in sqlite_ddl():
            raw.execute(statement)
        COMMITMENTS.create(engine)
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
        raw.close()


@dataclass(frozen=True, slots=True)
class Replayed:
    """How the log came out; `whole` when every entry was read and its changes were made."""

    size: int
    root: bytes
    whole: bool


@dataclass(slots=True)
class Replay:
    """A reading of the log under way."""

    state: Connection
    problems: Problems
    expected: tuple[int, str] | None = None
    """A size and root (hex) that somebody outside the database wrote down."""
    _frontier: Frontier = field(default_factory=Frontier)
    _leaves: list[bytes] = field(default_factory=list)
    _changes: list[Change] = field(default_factory=list)
    _commitments: list[dict[str, Json]] = field(default_factory=list)
    _run_id: str | None = None
    _whole: bool = True
    _checkpoints: dict[int, tuple[str, str, str | None]] = field(default_factory=dict)

    def read(self, source: Connection, progress: Progress | None = None) -> Replayed:
        """Read the whole log of a database, noting what is wrong."""
        table = CHECKPOINTS.c
        columns = (table.size, table.root, table.frontier, table.run_id)
        with self.problems.noting("checkpoints"):
            self._checkpoints = {
                row[0]: (row[1], row[2], row[3]) for row in source.execute(select(*columns))
            }
        with self.problems.noting("log"):
            self._read_entries(source, progress)
            self._end()
            return Replayed(self._size, self._frontier.root, self._whole)
        return Replayed(self._size, EMPTY_ROOT, whole=False)

    @property
    def _size(self) -> int:
        return self._frontier.size + len(self._leaves)

    def _read_entries(self, source: Connection, progress: Progress | None) -> None:
        total = source.execute(select(func.count()).select_from(LOG)).scalar_one()
        log = select(LOG.c.seq, LOG.c.kind, LOG.c.body).order_by(LOG.c.seq)
        alone = False
        for seq, kind, body in source.execution_options(yield_per=_PAGE).execute(log):
            if seq != self._size:
                self._note(f"entry {self._size} is missing: the next one is {seq!a}")
                return
            entry = self._entry(kind, body)
            if entry and (entry.kind in _FIRST or alone or not self._size):
                self._begin(entry)
            alone = entry is not None and entry.kind in _ALONE
            self._take(entry, body)
            if progress and self._size % _PAGE == 0:
                progress(self._size, total)
        if progress:
            progress(self._size, total)

    def _entry(self, kind: str, body: bytes) -> Entry | None:
        before = self.problems.count
        with self.problems.noting(f"log entry {self._size}"):
            entry = decoded(body)
            if entry.kind.value == kind:
                return entry
            self._note(f"entry {self._size} is not of the kind that it is filed under")
        self._whole = self._whole and self.problems.count == before
        return None

    def _begin(self, entry: Entry) -> None:
        """Close the transaction before, which must have left a checkpoint."""
        if entry.kind not in _FIRST:
            self._note(f"entry {self._size} belongs to no run")
        if self._size:
            self._check_checkpoint()

    def _take(self, entry: Entry | None, body: bytes) -> None:
        self._leaves.append(leaf_hash(body))
        if entry is not None:
            with self.problems.noting(f"log entry {self._size - 1}"):
                self._changes.extend(changes(entry))
                self._commit_to(entry)
                if entry.kind is Kind.RUN_RECORDED:
                    self._run_id = str(entry.part("run")["run_id"])
        if self.expected and self._size == self.expected[0]:
            self._advance()
            if self._frontier.root.hex() != self.expected[1].lower():
                self._note(f"its first {self._size} entries are not those with the root expected")

    def _commit_to(self, entry: Entry) -> None:
        part, key, satellites = _COMMITTING.get(entry.kind, ("", "", ()))
        for name in satellites:
            if entry.kind in _AS_FAR_AS_THERE and name not in entry.content:
                continue
            content = entry.part(name)
            self._commitments.append(
                {
                    "satellite": name,
                    "parent": entry.part(part)[key],
                    "rows": content["rows"],
                    "sha256": content["sha256"],
                }
            )

    def _advance(self) -> None:
        self._frontier = self._frontier.extended(self._leaves)
        self._leaves.clear()

    def _check_checkpoint(self) -> None:
        """Compare the checkpoint that ends here, and make the changes since the one before."""
        self._advance()
        self._make_changes()
        size, run_id, self._run_id = self._size, self._run_id, None
        stored = self._checkpoints.pop(size, None)
        if stored is None:
            self.problems.add("checkpoints", f"there is none at {size} entries")
            return
        frontier = " ".join(root.hex() for root in self._frontier.roots)
        if stored[:2] != (self._frontier.root.hex(), frontier):
            self.problems.add("checkpoints", f"the root at {size} entries is not that of the log")
        if stored[2] != run_id:
            self.problems.add("checkpoints", f"the one at {size} entries names another run")

    def _make_changes(self) -> None:
        before = self.problems.count
        with self.problems.noting(f"log before entry {self._size}", writes=True):
            apply(self.state, self._changes)
            if self._commitments:
                said = insert(COMMITMENTS).prefix_with("OR REPLACE")
                self.state.execute(said, self._commitments)
        self._whole = self._whole and self.problems.count == before
        self._changes.clear()
        self._commitments.clear()

    def _end(self) -> None:
        if self._size:
            self._check_checkpoint()
        for size in sorted(self._checkpoints):
            self.problems.add("checkpoints", f"the one at {size} entries does not end a change")
        if self.expected and self.expected[0] > self._size:
            self._note(f"ends after {self._size} entries; {self.expected[0]} are expected")
        if self.expected and self.expected[0] == 0 and self.expected[1] != EMPTY_ROOT.hex():
            self._note("the root expected is not that of an empty log")

    def _note(self, what: str) -> None:
        self._whole = False
        self.problems.add("log", what)
