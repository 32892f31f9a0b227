"""What the screens look like: fixed records, a standing clock, compared as SVG."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from textual.pilot import Pilot

from tui.app import ReviewApp

NewApp = Callable[..., ReviewApp]
Compare = Callable[..., bool]


async def settle(pilot: Pilot[Any]) -> None:
    while True:
        await pilot.pause(0.1)
        running = [w for w in pilot.app.workers if w.group != "judge" and not w.is_finished]
        if not running:
            return
        await pilot.app.workers.wait_for_complete(running)


def opening(*steps: str) -> Callable[[Pilot[Any]], Any]:
    async def run(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        for step in steps:
            await pilot.press(*step.split())
            await settle(pilot)

    return run


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("steps", [(), ("j j enter",)], ids=["queue", "case"])
def test_screens(
    snap_compare: Compare, new_app: NewApp, steps: tuple[str, ...], size: tuple[int, int]
) -> None:
    assert snap_compare(new_app(), terminal_size=size, run_before=opening(*steps))


def test_a_campaign_that_comes_after_another(
    snap_compare: Compare, new_app: NewApp, made: ModuleType
) -> None:
    ledger = made.FakeLedger(made_successions=[made.succession()])
    steps = opening("j j enter", "tab tab")
    assert snap_compare(new_app(ledger), terminal_size=(100, 30), run_before=steps)


def test_no_colour_still_tells_matched_from_unmet(snap_compare: Compare, new_app: NewApp) -> None:
    app = new_app(no_colour=True)
    assert app.no_color
    assert snap_compare(app, terminal_size=(80, 24), run_before=opening("j j enter", "tab"))


async def test_the_picture_in_the_readme_is_what_the_case_screen_looks_like(
    new_app: NewApp, request: pytest.FixtureRequest
) -> None:
    picture = Path(__file__).parents[1] / "golden" / "tui" / "case.svg"
    app = new_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opening("j j enter")(pilot)
        drawn = app.export_screenshot(title="excise-review")
    if request.config.getoption("--snapshot-update"):
        picture.write_text(drawn, encoding="utf-8")
    assert _without_ids(picture.read_text(encoding="utf-8")) == _without_ids(drawn)


def _without_ids(svg: str) -> str:
    """Rich derives the ids in a drawing from its content's hash, Textual adds one of its own."""
    return re.sub(r"terminal-\d+", "terminal", svg)
