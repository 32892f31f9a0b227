"""What the log alone tells: promotions, and what runs saw of the lives of campaigns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select

from engine.ledger import schema
from engine.ledger.canonical_json import Json
from engine.ledger.database import Address, faults
from engine.ledger.entries import Kind, decoded
from engine.ledger.records import ConductRecord, SuccessionRecord
from engine.ledger.rows import from_row


class Told:
    """Reads entries that project to nothing."""

    def __init__(self, where: Address, reader: Engine) -> None:
        self._where = where
        self._reader = reader

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with faults(self._where), self._reader.begin() as connection:
            yield connection

    def lineage(self) -> tuple[Mapping[str, Json], ...]:
        """Return the turns in the life of campaigns as they were recorded, oldest first."""
        return self._in_log(Kind.LINEAGE)

    def promotions(self, policy: str) -> tuple[Mapping[str, Json], ...]:
        """Return the promotions of a policy as they were recorded, oldest first."""
        return tuple(part for part in self._in_log(Kind.PROMOTION) if part.get("policy") == policy)

    def conducts(self) -> tuple[ConductRecord, ...]:
        """Return what campaigns did whose accounts something was proposed for, oldest first."""
        return tuple(from_row(ConductRecord, part) for part in self._in_log(Kind.CONDUCT))

    def successions(self, campaign_id: str | None = None) -> tuple[SuccessionRecord, ...]:
        """Return the successions as they were recorded, oldest first.

        Where asked, those in which a campaign is one of the two.
        """
        with self._reading() as connection:
            found = tuple(_successions(connection))
        return tuple(one for one in found if campaign_id in (None, one.campaign_id, one.other_id))

    def _in_log(self, kind: Kind) -> tuple[Mapping[str, Json], ...]:
        log = schema.LOG.c
        found = select(log.body).where(log.kind == kind.value).order_by(log.seq)
        with self._reading() as connection:
            bodies = connection.execute(found).scalars().all()
        return tuple(decoded(body).part(kind.value) for body in bodies)


def _successions(connection: Connection) -> Iterator[SuccessionRecord]:
    """Yield all successions. They follow the entry of their run, so the log is not read for them.

    A reviewer waits for this: it takes one look-up a run, whatever else the log holds.
    """
    log, points = schema.LOG.c, schema.CHECKPOINTS.c
    start = func.lag(points.size, 1, 0).over(order_by=points.size)
    runs = select(start.label("start"), points.run_id).subquery()
    begins = (
        select(log.seq)
        .join_from(runs, schema.LOG, log.seq == runs.c.start + 1)
        .where(runs.c.run_id.is_not(None), log.kind == Kind.SUCCESSION.value)
        .order_by(log.seq)
    )
    for begin in connection.execute(begins).scalars().all():
        following = select(log.kind, log.body).where(log.seq >= begin).order_by(log.seq)
        paged = following.execution_options(yield_per=20)
        with connection.execute(paged) as rows:
            for kind, body in rows:
                if kind != Kind.SUCCESSION.value:
                    break
                yield from_row(SuccessionRecord, decoded(body).part(kind))
