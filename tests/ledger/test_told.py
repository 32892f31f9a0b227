"""What runs tell of the lives of campaigns stands in the log, and nothing follows from it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_runs import AS_OF, DAY, records_of
from tampering import places, tamper

from engine.ledger.recording import RecordsError
from engine.ledger.records import ConductRecord, LineageRecord, RunRecords, SuccessionRecord
from engine.ledger.store import Ledger
from engine.ledger.verify import verify


def succession(records: RunRecords, campaign: str, other: str = "c-old") -> SuccessionRecord:
    return SuccessionRecord(
        records.run.run_id, campaign, other, "0.934500", AS_OF, AS_OF + 5, 38, 40, '{"traits":[]}'
    )


def conduct(records: RunRecords, case: int = 0) -> ConductRecord:
    run, case_id = records.run, records.cases[case].case_id
    return ConductRecord(run.run_id, f"c-{case}", case_id, run.as_of_us, '{"requests":3}')


@pytest.fixture
def told(path: Path) -> Path:
    """A ledger of runs that told of successions, and of runs that did not."""
    first = records_of("r1")
    second = records_of("r2", first=5, as_of_us=AS_OF + DAY)
    third = records_of("r3", first=9, as_of_us=AS_OF + 2 * DAY)
    with Ledger.open(str(path)) as ledger:
        ledger.record(replace(first, conducts=(conduct(first, 1), conduct(first))))
        ledger.promote({"policy": "p"})
        turn = LineageRecord(second.run.run_id, "split", "c-b", "c-x", 3)
        ledger.record(
            replace(
                second,
                lineage=(turn,),
                successions=(succession(second, "c-b"), succession(second, "c-a")),
            )
        )
        ledger.record(replace(third, successions=(succession(third, "c-c", "c-b"),)))
    return path


def test_successions_come_back_in_order(told: Path) -> None:
    with Ledger.open(str(told)) as ledger:
        pairs = [(one.campaign_id, one.other_id) for one in ledger.successions()]
        assert pairs == [("c-a", "c-old"), ("c-b", "c-old"), ("c-c", "c-b")]
        of_one = [(one.campaign_id, one.other_id) for one in ledger.successions("c-b")]
        assert of_one == [("c-b", "c-old"), ("c-c", "c-b")]
        assert ledger.successions("nobody") == ()
        assert len(ledger.lineage()) == 1
    assert verify(str(told)).problems == ()


def test_a_changed_succession_is_found(told: Path) -> None:
    def change(connection: sqlite3.Connection) -> None:
        connection.execute(
            "UPDATE log SET body = CAST(replace(CAST(body AS TEXT), '0.9345', '0.1') AS BLOB) "
            "WHERE kind = 'succession'"
        )

    tamper(told, change)
    assert "checkpoints" in places(verify(str(told)))


def test_conduct_is_kept_of_cases_that_gain_something_to_do(told: Path) -> None:
    first = records_of("r1")
    with Ledger.open(str(told)) as ledger:
        assert [one.campaign_id for one in ledger.conducts()] == ["c-0", "c-1"]
        # A later run that asks for nothing new keeps nothing more.
        run = replace(first.run, run_id="later")
        actions = tuple(replace(one, run_id="later") for one in first.actions)
        again = RunRecords(
            run, (), (), (), (), (), actions, conducts=(replace(conduct(first), run_id="later"),)
        )
        assert ledger.record(again).added_actions == 0
        assert len(ledger.conducts()) == 2
        fresh = replace(first.actions[0], action_id="more", run_id="last")
        run = replace(first.run, run_id="last")
        more = RunRecords(
            run, (), (), (), (), (), (fresh,), conducts=(replace(conduct(first), run_id="last"),)
        )
        ledger.record(more)
        assert [one.run_id for one in ledger.conducts()][2:] == ["last"]


def test_what_is_only_recorded_or_exempt_keeps_no_conduct(path: Path) -> None:
    first = records_of("r1")
    actions = tuple(
        replace(one, status=status)
        for one, status in zip(first.actions, ("recorded", "exempt"), strict=False)
    )
    with Ledger.open(str(path)) as ledger:
        ledger.record(replace(first, actions=actions, conducts=(conduct(first),)))
        assert ledger.conducts() == ()


@pytest.mark.parametrize("what", ["successions", "conducts", "lineage"])
def test_what_another_run_tells_is_refused(path: Path, what: str) -> None:
    first, other = records_of("r1"), records_of("r2")
    brought = {
        "successions": succession(other, "c-a"),
        "conducts": conduct(other),
        "lineage": LineageRecord(other.run.run_id, "split", "c-b", "c-x", 3),
    }
    with Ledger.open(str(path)) as ledger, pytest.raises(RecordsError):
        ledger.record(replace(first, **{what: (brought[what],)}))


def test_campaigns_acted_on_are_those_of_approved_actions(path: Path) -> None:
    first = records_of("r1", subjects=1, accounts=4)
    states = (
        {"status": "approved", "campaign_id": "c-1", "as_of_us": AS_OF},
        {"status": "approved", "campaign_id": "c-2", "action": "log"},
        {"status": "proposed", "campaign_id": "c-3"},
        {"status": "approved", "campaign_id": None},
    )
    actions = tuple(
        replace(one, **state)  # type: ignore[arg-type]
        for one, state in zip(first.actions, states, strict=True)
    )
    with Ledger.open(str(path)) as ledger:
        ledger.record(replace(first, actions=actions))
        assert ledger.campaigns_acted_on() == {"c-1": (AS_OF,)}
