"""A sweep as lines and a table, for any screen and any pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.authoring.precision import CONFIDENCE, Precision
from engine.authoring.sweep.dials import Dial
from engine.authoring.sweep.sweeping import Hit, Point, Sweep
from engine.batch.outcome_json import SYMBOLS
from engine.language.numerals import exact
from engine.language.words import Status

NUMBERS = ("hits", "accounts", "undecided", "approved", "rejected", "not reviewed")
"""Headings of the columns that hold counts."""

_HERE = "◂ now"


def headline(found: Sweep) -> Iterator[str]:
    """Yield what was swept, over whom, and how to read the rest."""
    policy = found.policy
    yield f"{policy.name}, over {found.judged:,} {policy.subject.value}s"
    for dial in found.dials:
        where = "unless " if dial.clears else ""
        written = f"{dial.signal} {SYMBOLS[dial.compare.operator]} {exact(dial.threshold)}"
        yield f"sweeping {where}{written}"
    if found.reviewed:
        yield f"precision: approved over decided hits, with its exact {CONFIDENCE:.0%} interval"


def headings(found: Sweep) -> tuple[str, ...]:
    """Return the headings of the table."""
    reviewed = ("approved", "rejected", "not reviewed", "precision") if found.reviewed else ()
    return (*names(found.dials), "hits", "accounts", "undecided", *reviewed, "")


def rows(found: Sweep) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table, a point each."""
    for point in found.points:
        told = [f"{point.hits:,}", f"{point.accounts:,}", f"{point.undecided:,}"]
        if found.reviewed:
            past = point.precision
            counts = past.approved, past.rejected, point.unreviewed
            told += [*(f"{count:,}" for count in counts), precision_words(past)]
        yield (*map(exact, point.thresholds), *told, _HERE if point.current else "")


def names(dials: Sequence[Dial]) -> tuple[str, ...]:
    """Return what the dials are called."""
    return tuple(dial.name for dial in dials)


def precision_words(past: Precision) -> str:
    """Return a precision with its interval, in whole per cent: `83 % (36 to 100)`."""
    if past.share is None:
        return "-"
    low, high = past.interval
    return f"{past.share * 100:.0f} % ({low * 100:.0f} to {high * 100:.0f})"


def notes(found: Sweep) -> Iterator[str]:
    """Yield what a reader must know to read the numbers."""
    status = found.policy.status
    if not status.evaluated:
        yield f"a run passes over what is {_A[status]}: so it would come out in shadow"
    if not found.judged:
        yield f"there was no {found.policy.subject.value} to judge"
        return
    for place, dial in enumerate(found.dials):
        if len({point.thresholds[place] for point in found.points}) == 1:
            yield (
                f"{dial.name} was tried only as it stands: unless that alone was named, "
                "no other value that was seen changes who is hit"
            )
    if any(point.undecided for point in found.points):
        yield "undecided: something that is missing could make it a hit; it is not counted as one"
    if not found.reviewed:
        yield "without a ledger (--db) nothing is known of what reviewers decided"
    elif not any(point.precision.decided for point in found.points):
        yield "reviewers have decided about nobody who is hit at any of these"
    else:
        yield "precision says nothing of hits that were not reviewed"


_A = {Status.DRAFT: "a draft", Status.RETIRED: "retired"}


def moves(found: Sweep, most: int) -> Iterator[str]:
    """Yield who comes and who goes at each threshold of one dial, so many of each."""
    if most <= 0 or len(found.dials) > 1:
        return
    for point in found.points:
        for word, hits in (("newly hit", point.newly), ("no longer hit", point.gone)):
            if hits:
                yield ""
                yield f"{label(found.dials[0], point.thresholds[0])}, {word}: {len(hits):,}"
                yield from map(_hit, hits[:most])
                if len(hits) > most:
                    yield f"  and {len(hits) - most:,} more"


def effect_lines(found: Sweep) -> Iterator[str]:
    """Yield what else would come of each place, a line for each policy or response it changes."""
    asked = [point for point in found.points if point.effects is not None]
    told = [(point, line) for point in asked for line in _effects(point)]
    if asked:
        yield ""
        yield "what else would change:" if told else "nothing else would change at any of these"
    for point, line in told:
        at = ", ".join(map(label, found.dials, point.thresholds))
        yield f"  {at}: {line}"


def _effects(point: Point) -> Iterator[str]:
    if point.effects is None:
        return
    for kind, changes in (
        ("policy", point.effects.policies),
        ("response", point.effects.responses),
    ):
        for name, change in changes.items():
            other = f", {change.otherwise:,} by another step" if change.otherwise else ""
            yield f"{kind} {name} gains {change.gained:,}, loses {change.lost:,}{other}"


def label(dial: Dial, threshold: float) -> str:
    """Return a dial at a threshold: `size ≥ 20`."""
    return f"{column(dial)} {exact(threshold)}"


def column(dial: Dial) -> str:
    """Return what stands above thresholds of a dial: `size ≥`."""
    return f"{dial.name} {SYMBOLS[dial.compare.operator]}"


def _hit(hit: Hit) -> str:
    past = f"; case {hit.review.case_id}: {hit.review.opinion.value}" if hit.review else ""
    size = f", {hit.accounts:,} accounts" if hit.accounts > 1 else ""
    return f"  {hit.subject}{size}{past}"
