"""What the keys do, on the running application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from engine.review.audit import Audit
from tui.app import ReviewApp
from tui.screens.audit import AuditScreen
from tui.screens.case import CaseScreen
from tui.screens.decide import DecideScreen, Reasons
from tui.screens.help import HelpScreen
from tui.screens.notice import NoticeScreen
from tui.screens.queue import QueueScreen
from tui.widgets.case_list import CaseList
from tui.widgets.line_pane import LinePane

NewApp = Callable[..., ReviewApp]


async def settled(pilot: Pilot[None]) -> None:
    """Wait until no worker runs but those that wait for the reviewer."""
    while True:
        await pilot.pause()
        running = [w for w in pilot.app.workers if w.group != "judge" and not w.is_finished]
        if not running:
            return
        await pilot.app.workers.wait_for_complete(running)


async def press(pilot: Pilot[None], *steps: str) -> None:
    """Press the keys of each step (separated by spaces), and wait for what it set off."""
    for step in steps:
        await pilot.press(*step.split())
        await settled(pilot)


def typed(text: str) -> str:
    """Return a text as keys."""
    return " ".join(text)


def text_of(pane: LinePane) -> str:
    return "\n".join("".join(piece.text for piece in row) for row in pane.lines)


def opened(app: ReviewApp) -> str:
    screen = app.screen
    assert isinstance(screen, CaseScreen)
    assert screen.view is not None
    return screen.view.case.case_id


async def test_the_queue_opens_with_the_worst_case_under_the_cursor(new_app: NewApp) -> None:
    app = new_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        listed = app.screen.query_one(CaseList)
        assert [case.case_id for case in listed.cases][:4] == [
            "case-0001", "case-0004", "case-0002", "case-0003",
        ]  # fmt: skip
        assert listed.cursor == 0
        assert app.focused is listed


async def test_moving_stays_inside_the_list(new_app: NewApp) -> None:
    app = new_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        listed = app.screen.query_one(CaseList)
        places = []
        for key in ("k", "j", "down", "G", "j", "ctrl+u", "g", "ctrl+d", "up"):
            await press(pilot, key)
            places.append(listed.cursor)
        assert places == [0, 1, 2, 9, 9, 0, 0, 9, 8]


async def test_a_decision_lands_in_the_ledger_and_the_next_case_opens(
    new_app: NewApp, made: ModuleType
) -> None:
    ledger = made.FakeLedger()
    app = new_app(ledger)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "j j enter")
        assert opened(app) == "case-0002"
        await press(pilot, "a", "1 o k ctrl+s")
        assert opened(app) == "case-0003"
        decision = ledger.made_decisions[-1]
        assert (decision.case_id, decision.verdict, decision.reviewer, decision.reason) == (
            "case-0002", "approve", "ben", "evidence confirmed: ok",
        )  # fmt: skip
        assert decision.decided_us == made.AS_OF + 7_000_000_000


async def test_the_list_stands_still_after_a_decision_until_it_is_refreshed(
    new_app: NewApp,
) -> None:
    app = new_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        listed = app.screen.query_one(CaseList)
        before = [case.case_id for case in listed.cases]
        await press(pilot, "j j x", "6 ctrl+s")
        assert [case.case_id for case in listed.cases] == before
        assert app.status_of(listed.cases[2]) == "rejected"
        assert listed.pointed is not None
        assert listed.pointed.case_id == "case-0003"
        await press(pilot, "R")
        assert [case.case_id for case in listed.cases] == [c for c in before if c != "case-0002"]
        assert listed.pointed.case_id == "case-0003"


async def test_a_decision_needs_a_reason(new_app: NewApp, made: ModuleType) -> None:
    ledger = made.FakeLedger()
    app = new_app(ledger)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "a", "ctrl+s")
        assert isinstance(app.screen, DecideScreen)
        await press(pilot, "escape")
        assert isinstance(app.screen, CaseScreen)
        assert len(ledger.made_decisions) == 1


async def test_enter_in_the_note_decides_nothing(new_app: NewApp, made: ModuleType) -> None:
    ledger = made.FakeLedger()
    app = new_app(ledger)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "x", "down down enter", "n o 1 enter")
        assert isinstance(app.screen, DecideScreen)
        assert app.screen.query_one("#note", Input).value == "no1"
        assert app.screen.query_one(Reasons).reason == "benchmark, evaluation or research"
        await press(pilot, "ctrl+s")
        assert ledger.made_decisions[-1].reason == "benchmark, evaluation or research: no1"


async def test_no_letter_of_a_fast_typist_is_lost(new_app: NewApp) -> None:
    app = new_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "a")
        reasons = app.screen.query_one(Reasons)
        for key in "1f":  # both are on their way before the focus has moved on
            reasons.on_key(Key(key, key))
        await settled(pilot)
        await press(pilot, "i n e")
        assert app.screen.query_one("#note", Input).value == "fine"


async def test_who_was_faster_is_named_and_the_case_is_shown_as_it_is_now(
    new_app: NewApp, made: ModuleType
) -> None:
    ledger = made.FakeLedger()
    app = new_app(ledger)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "a", "1")
        ledger.decide(
            "case-0001",
            seen_version=1,
            verdict=made.Verdict.REJECT,
            reviewer="ana",
            reason="a class",
            decided_us=made.AS_OF + 7_000_000_000 - 12_000_000,
        )
        await press(pilot, "ctrl+s")
        notice = app.screen
        assert isinstance(notice, NoticeScreen)
        told = "\n".join("".join(p.text for p in row) for row in notice._lines(70))
        assert "ana decided on version 1 12 s ago" in told
        await press(pilot, "enter")
        assert opened(app) == "case-0001"
        assert app.screen.view.case.status == "rejected"  # type: ignore[attr-defined]
        assert ledger.made_decisions[-1].reviewer == "ana"


async def test_a_skipped_case_comes_back_last(new_app: NewApp) -> None:
    app = new_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "s")
        assert opened(app) == "case-0004"
        assert app.status_of(app.sitting.queue.cases[0]) == "skipped"
        following = app.sitting.next_after(app.sitting.queue.cases[-1].case_id)
        assert following is not None
        assert following.case_id == "case-0004"


async def test_next_and_previous_follow_the_list(new_app: NewApp) -> None:
    app = new_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "n n N")
        assert opened(app) == "case-0004"
        await press(pilot, "escape")
        listed = app.screen.query_one(CaseList)
        assert listed.pointed is not None
        assert listed.pointed.case_id == "case-0004"
        await press(pilot, "2")
        assert opened(app) == "case-0004"


async def test_read_only_takes_the_deciding_verbs_away(new_app: NewApp, made: ModuleType) -> None:
    ledger = made.FakeLedger()
    app = new_app(ledger, read_only=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "a x enter", "a x")
        assert isinstance(app.screen, CaseScreen)
        shown = {active.binding.description for active in app.screen.active_bindings.values()}
        assert not shown & {"approve", "reject"}
        assert len(ledger.made_decisions) == 1


async def test_a_filter_narrows_the_list_and_escape_widens_it(new_app: NewApp) -> None:
    app = new_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", typed("sev:>=high") + " enter")
        listed = app.screen.query_one(CaseList)
        assert [case.severity for case in listed.cases] == ["critical", "high", "high", "high"]
        await press(pilot, "escape")
        assert len(listed.cases) == 10


async def test_a_filter_that_cannot_be_read_points_at_the_mistake(new_app: NewApp) -> None:
    app = new_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", typed("sev:bad") + " enter")
        assert app.screen.query_one("#filter-mistake").display
        assert len(app.screen.query_one(CaseList).cases) == 10
        await press(pilot, "escape")
        assert not app.screen.query_one("#filter-mistake").display


async def test_the_policy_filter_asks_the_ledger(new_app: NewApp, made: ModuleType) -> None:
    ledger = made.FakeLedger()
    ledger.made_findings = [
        replace(found, policy="judge-cleaner") if found.case_id == "case-0004" else found
        for found in ledger.made_findings
    ]
    app = new_app(ledger)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", typed("policy:judge*") + " enter")
        listed = app.screen.query_one(CaseList)
        assert [case.case_id for case in listed.cases] == ["case-0004"]


async def test_verification_reports_where_the_log_is_broken(new_app: NewApp) -> None:
    broken = Audit(ok=False, entries=7, root="", problems=("log: entry 4 does not hash",))
    app = new_app(audit=broken)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "3", "V")
        assert isinstance(app.screen, AuditScreen)
        result = app.screen.query_one("#result", LinePane)
        assert text_of(result).startswith("BROKEN log: entry 4 does not hash")
        await press(pilot, "escape")
        assert isinstance(app.screen, QueueScreen)


async def test_help_lists_every_key_of_the_screen(new_app: NewApp) -> None:
    app = new_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        bound = {
            active.binding.description
            for active in app.screen.active_bindings.values()
            if "." not in active.binding.action and active.binding.description
        }
        await press(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        told = text_of(app.screen.query_one(LinePane))
        assert {what for what in bound if what not in told} == set()
        await press(pilot, "escape")
        assert isinstance(app.screen, CaseScreen)


@pytest.mark.parametrize(("size", "panes"), [((80, 24), 1), ((120, 40), 5), ((200, 50), 5)])
async def test_panes_are_tabs_or_side_by_side(
    new_app: NewApp, size: tuple[int, int], panes: int
) -> None:
    app = new_app()
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "tab")
        shown = [pane for pane in app.screen.query(LinePane) if pane.display]
        assert len(shown) == panes
        assert app.focused is app.screen.query_one("#policy")
        assert all(pane.region.right <= size[0] and pane.region.height > 1 for pane in shown)


async def test_a_resize_keeps_the_cursor_in_the_window(new_app: NewApp, made: ModuleType) -> None:
    ledger = made.FakeLedger()
    ledger.made_cases = {
        f"case-{n:04d}": made.case(n % 9 + 1, case_id=f"case-{n:04d}") for n in range(500)
    }
    app = new_app(ledger)
    async with app.run_test(size=(80, 40)) as pilot:
        await settled(pilot)
        listed = app.screen.query_one(CaseList)
        await press(pilot, "G")
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        top = listed.scroll_offset.y
        assert top <= listed.cursor < top + listed.size.height


async def test_an_empty_ledger_says_so(new_app: NewApp, made: ModuleType) -> None:
    app = new_app(made.FakeLedger(made_cases={}))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "enter a s y j")
        assert text_of(app.screen.query_one("#preview", LinePane)) == "nothing waits for a reviewer"


async def test_a_case_that_cannot_be_read_is_said_and_the_rest_goes_on(
    new_app: NewApp, made: ModuleType
) -> None:
    ledger = made.FakeLedger()
    ledger.made_findings[0] = replace(ledger.made_findings[0], outcome="{not json")
    app = new_app(ledger)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert app.screen.view is None  # type: ignore[attr-defined]
        await press(pilot, "n")
        assert opened(app) == "case-0004"
