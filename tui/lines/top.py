"""The line at the top of every screen: where one is, in which run, as whom."""

from __future__ import annotations

from dataclasses import dataclass

from engine.ledger.records import RunRecord
from engine.review.decisions import Reviewer
from engine.review.wording import utc
from tui import marks
from tui.tone import Line, Piece, Tone, say, spread, trim, width_of

_INTO = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


@dataclass(frozen=True, slots=True)
class Standing:
    """What the top line tells besides the crumbs."""

    run: RunRecord | None
    reviewer: Reviewer
    waiting: int
    now_us: int
    stale: bool = False
    """A later run than the one shown has been recorded."""


def top_line(crumbs: tuple[str, ...], standing: Standing, width: int) -> Line:
    """Return crumbs on the left; on the right as much of the standing as there is room for."""
    left = (
        say(" excise", Tone.STRONG),
        *(piece for crumb in crumbs for piece in (say(_INTO, Tone.DIM), say(crumb))),
    )
    parts = _parts(standing)
    for dropped in range(len(parts) + 1):
        right = (*marks.dotted(*parts[dropped:]), say(" "))
        if width_of(left) + width_of(right) < width:
            return spread(left, right, width)
    return trim(left, width)


def _parts(standing: Standing) -> list[Piece]:
    """Return what is shown, the least needed first."""
    run, reviewer = standing.run, standing.reviewer
    shown = []
    if run is not None:
        pack = f"{run.pack_name} {run.pack_version} {run.pack_digest[:8]}"
        shown += [
            say(pack, Tone.DIM),
            say(f"{run.run_id[:16]} as of {utc(run.as_of_us)}", Tone.DIM),
        ]
    shown += [
        say(utc(standing.now_us), Tone.DIM),
        say(f"{standing.waiting:,} waiting"),
        say(f"{reviewer.name} ({reviewer.role})" if reviewer.read_only else reviewer.name),
    ]
    if standing.stale:
        shown.append(say("new run: R to refresh", Tone.UNDECIDED))
    return shown
