"""Promotions stand in the log between runs and decisions, and nothing follows from them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from ledger_runs import AS_OF, DAY, records_of
from tampering import places, tamper

from engine.ledger.canonical_json import CanonicalError
from engine.ledger.records import Verdict
from engine.ledger.store import Ledger
from engine.ledger.verify import verify


def entry(policy: str, to: str) -> dict[str, str]:
    return {"policy": policy, "from": "shadow", "to": to, "actor": "ana"}


@pytest.fixture
def promoted(path: Path) -> Path:
    """A ledger with promotions before, between and after everything else."""
    with Ledger.open(str(path)) as ledger:
        ledger.promote(entry("p", "shadow"))
        ledger.record(records_of("r1"))
        ledger.promote(entry("q", "review"))
        ledger.promote(entry("p", "review"))
        case = ledger.cases()[0]
        ledger.decide(
            case.case_id, seen_version=case.version, verdict=Verdict.REJECT, reviewer="ana",
            reason="r", decided_us=AS_OF,
        )  # fmt: skip
        ledger.promote(entry("p", "enforce"))
        ledger.record(records_of("r2", as_of_us=AS_OF + DAY))
    return path


def test_promotions_come_back_in_order_and_the_ledger_verifies(promoted: Path) -> None:
    with Ledger.open(str(promoted)) as ledger:
        assert [one["to"] for one in ledger.promotions("p")] == ["shadow", "review", "enforce"]
        assert [one["to"] for one in ledger.promotions("q")] == ["review"]
        assert ledger.promotions("nobody") == ()
        assert len(ledger.runs()) == 2
        assert {point.size for point in ledger.checkpoints()} > {1}
    assert verify(str(promoted)).problems == ()


def test_a_changed_promotion_is_found(promoted: Path) -> None:
    def change(connection: sqlite3.Connection) -> None:
        bodies = connection.execute("SELECT seq, body FROM log WHERE kind = 'promotion'").fetchall()
        seq, body = bodies[-1]
        changed = body.replace(b'"ana"', b'"ben"')
        connection.execute("UPDATE log SET body = ? WHERE seq = ?", (changed, seq))

    tamper(promoted, change)
    assert "checkpoints" in places(verify(str(promoted)))


def test_what_has_no_canonical_form_is_not_recorded(path: Path) -> None:
    with Ledger.open(str(path)) as ledger:
        with pytest.raises(CanonicalError):
            ledger.promote({"share": float("nan")})
        assert ledger.checkpoints() == ()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (0,)
