"""What a run records, the terminal can show and decide: the two meet in one real ledger."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from activity import excise
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from engine.errors import ExitCode
from engine.ledger.records import CaseStatus
from engine.ledger.store import Ledger
from engine.review.audit import audit
from engine.review.case_view import load_case_view
from engine.review.decisions import Reviewer
from engine.review.queue import load_queue
from fixtures.truth import Truth
from tui.app import ReviewApp
from tui.desk import Desk

World = tuple[Path, Truth]


@pytest.fixture
def url(world: World, tmp_path: Path) -> str:
    database = f"sqlite:///{tmp_path / 'ledger.db'}"
    done = excise("run", "--activity", str(world[0]), "--db", database, folder=tmp_path)
    assert done.returncode == ExitCode.OK, done.stderr
    return database


async def settled(app: ReviewApp, pilot: Pilot[None]) -> None:
    """Wait until no worker has anything left to do; superseded ones are cancelled on purpose."""
    await pilot.pause()
    while any(not worker.is_finished for worker in app.workers):
        with suppress(WorkerCancelled):
            await app.workers.wait_for_complete()
        await pilot.pause()


async def test_every_case_of_a_run_is_shown_and_decided(url: str) -> None:
    reviewer = Reviewer("ana", read_only=False)
    with Ledger.open(url, create=False) as ledger:
        waiting = load_queue(ledger, reviewer).cases
        assert len(waiting) >= 4
        views = [load_case_view(ledger, case.case_id, reviewer=reviewer) for case in waiting]
        assert all(view.findings and view.members and view.samples for view in views)
        desk = Desk(ledger, reviewer, verify=lambda progress: audit(url, progress))
        app = ReviewApp(desk)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(app, pilot)
            await pilot.press("enter")
            for _ in waiting:
                await settled(app, pilot)
                await pilot.press("a", "1", "ctrl+s")
            await settled(app, pilot)
        desk.close()
        statuses = {case.status for case in ledger.cases()}
        assert statuses == {CaseStatus.APPROVED.value}
    assert audit(url, lambda *_: None).headline.startswith("OK")
