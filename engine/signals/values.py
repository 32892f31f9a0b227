"""From integers to intervals: what a signal's value could be, given what is missing.

Share of `where` over `of`. An event is in, out of, or unknown to each of the two. Whatever is
unknown could have been recorded either way, each event on its own. It then adds one of these to
(numerator, denominator):

=========  ==============  ================  ===========================
of         where in        where out         where unknown
=========  ==============  ================  ===========================
in         (1,1)     a     (0,1)     b       (0,1) or (1,1)           c
unknown    (0,0),(1,1)  p  (0,0),(0,1)  q    (0,0), (0,1) or (1,1)    r
=========  ==============  ================  ===========================

Adding (1,1) never lowers a share of at most 1 and adding (0,1) never raises one of at least 0, so
the largest share takes (1,1) for c, p and r and leaves q out: (a+c+p+r) / (a+b+c+p+r); the smallest
takes (0,1) for c, q and r and leaves p out: a / (a+b+c+q+r). Both are attained. Below `min_of`
events certainly in `of`, a + b + c, nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.language.model import measure as m
from engine.signals.arithmetic import (
    Numbers,
    exact_sum,
    floats,
    interval,
    normalised_entropy,
    ratio,
    variation,
)
from engine.signals.facts import Column
from engine.signals.literals import scale

Parts = Mapping[str, Numbers]

_FEWEST_GAPS = 2
"""One gap has no deviation."""


def column(measure: m.Measure, parts: Parts, size: int) -> Column:
    """Return a signal over all `size` subjects from the integers of its parts."""
    if isinstance(measure, m.Entropy | m.PartitionIndex):
        return _FROM_ROWS[type(measure)](measure, parts, size)
    return _VALUES[type(measure)](measure, parts)


def _count(_: m.Count, parts: Parts) -> Column:
    events, unknown = parts["events"], parts["unknown"]
    return interval(events, events + unknown, events=events, unknown=unknown)


def _share(measure: m.Share, parts: Parts) -> Column:
    certain = parts["in_of"] + parts["out_of"] + parts["unknown_of"]
    unsure = parts["unknown_of"] + parts["unknown_perhaps"]
    most = parts["in_of"] + unsure + parts["in_perhaps"]
    return interval(
        ratio(parts["in_of"], certain + parts["out_perhaps"] + parts["unknown_perhaps"]),
        ratio(most, most + parts["out_of"]),
        void=certain < max(measure.min_of, 1),
        events=parts["in_of"],
        of=certain,
        unknown=unsure + parts["in_perhaps"] + parts["out_perhaps"],
    )


def _sum(measure: m.Sum, parts: Parts) -> Column:
    """Of a field without negative values, missing ones can only add."""
    field = measure.field.field
    scaled = np.full_like(parts["events"], scale(field))
    unknown, total = parts["missing"] + parts["unsure"], parts["value"]
    low, high = ratio(total, scaled), ratio(exact_sum(total, parts["unsure_value"]), scaled)
    signed = field.minimum is None or field.minimum < 0
    return interval(
        low,
        np.where(parts["missing"] > 0, math.inf, high),
        void=(unknown > 0) if signed else None,
        events=parts["events"],
        unknown=unknown,
        total=total,
    )


def _mean(measure: m.Mean, parts: Parts) -> Column:
    unknown, events = parts["missing"] + parts["unsure"], parts["events"]
    scaled = events * scale(measure.field.field)
    value = ratio(parts["value"], scaled)
    void = (events == 0) | (unknown > 0)
    return interval(value, value, void=void, events=events, unknown=unknown, total=parts["value"])


def _extreme(measure: m.Minimum | m.Maximum, parts: Parts) -> Column:
    """Leave open the side to which an undecided event could move the extreme."""
    unknown, events = parts["missing"] + parts["unsure"], parts["events"]
    value = ratio(parts["value"], np.full_like(events, scale(measure.field.field)))
    below = isinstance(measure, m.Minimum)
    low = np.where(unknown > 0, -math.inf, value) if below else value
    high = value if below else np.where(unknown > 0, math.inf, value)
    return interval(low, high, void=events == 0, events=events, unknown=unknown)


def _distinct(measure: m.Distinct, parts: Parts) -> Column:
    """Each undecided event may bring a new value; a list that is missing, any number of them."""
    distinct = parts["distinct"]
    missing = parts["missing"] + parts["unsure_missing"]
    unknown = parts["missing"] + parts["unsure"]
    if measure.field.field.type.is_list:
        more = floats(exact_sum(distinct, parts["unsure_elements"]))
        high = np.where(missing > 0, math.inf, more)
    else:
        high = distinct + missing + parts["unsure_valued"]
    return interval(distinct, high, events=parts["events"], unknown=unknown, distinct=distinct)


def _top_share(measure: m.TopShare, parts: Parts) -> Column:
    """Undecided events may all carry the commonest value, or each one of its own.

    Of a list field it is elements that are shared out, and a missing list may hold any number.
    """
    top, missing = parts["top"], parts["missing"] + parts["unsure_missing"]
    if measure.field.field.type.is_list:
        events, more = parts["total"], parts["unsure_elements"]
    else:
        events, more = parts["events"], parts["missing"] + parts["unsure"]
    low, high = ratio(top, events + more), ratio(top + more, events + more)
    if measure.field.field.type.is_list:
        low, high = np.where(missing > 0, 0.0, low), np.where(missing > 0, 1.0, high)
    return interval(
        low,
        high,
        void=events < max(measure.min_of, 1),
        events=events,
        unknown=parts["missing"] + parts["unsure"],
        top=top,
    )


def _busiest(_: m.Busiest, parts: Parts) -> Column:
    low, unknown = parts["low"], parts["unknown"]
    return interval(low, parts["high"], events=low, unknown=unknown)


def _carriers(_: m.Carriers, parts: Parts) -> Column:
    low, high = parts["low"], parts["high"]
    return interval(low, high, members=low, unknown=high - low)


def _members(_: m.Members, parts: Parts) -> Column:
    return interval(parts["members"], parts["members"], members=parts["members"])


def _payers(_: m.Payers, parts: Parts) -> Column:
    return _different("payers", parts)


def _organisations(_: m.Organisations, parts: Parts) -> Column:
    return _different("organisations", parts)


def _different(name: str, parts: Parts) -> Column:
    found, missing = parts[name], parts["missing"]
    return interval(found, found + missing, unknown=missing, **{name: found})


def _shared(measure: m.Shared, parts: Parts) -> Column:
    """Each missing value may be that of another member, and then makes both share it.

    `open` members share nothing known and lack something; `lone` ones lack nothing and hold values
    of their own, one of which a missing value elsewhere may turn out to be. Nobody shares alone.
    """
    members, sharing = parts["members"], parts["sharing"]
    joined = parts["lone"]
    if not measure.field.field.type.is_list:
        joined = np.minimum(joined, parts["unknown"])
    joined = np.where(parts["unknown"] > 0, joined, 0)
    most = np.where(members > 1, sharing + parts["open"] + joined, 0)
    return interval(
        ratio(sharing, members),
        ratio(most, members),
        members=members,
        sharing=sharing,
        unknown=parts["open"],
    )


def _approved(_: m.Approved, parts: Parts) -> Column:
    accounts, holding, lacking = parts["accounts"], parts["holding"], parts["lacking"]
    low, high = (accounts == holding) & (accounts > 0), lacking == 0
    unknown = accounts - holding - lacking
    return interval(low, high, accounts=accounts, holding=holding, unknown=unknown)


def _entropy(measure: m.Entropy, parts: Parts, size: int) -> Column:
    rows = _rows(parts)
    unknown = parts["missing"] + parts["unsure"]
    value, total = np.zeros(size), np.zeros(size, dtype=np.int64)
    for subject, spectrum in _by_subject(rows):
        value[subject] = normalised_entropy(spectrum)
        total[subject] = sum(n * many for n, many in spectrum)
    void = (total < max(measure.min_of, 1)) | (unknown > 0)
    return interval(value, value, void=void, events=total, unknown=unknown)


def _rows(parts: Parts) -> NDArray[np.int64]:
    """Return the rows, none where the plan knew that there are none and counted 0."""
    rows = parts["rows"]
    return rows if rows.ndim > 1 else np.zeros((0, 2), dtype=np.int64)


def _by_subject(rows: NDArray[np.int64]) -> list[tuple[int, list[tuple[int, ...]]]]:
    """Return the rows of each subject, from rows sorted by subject; the subject is left out."""
    subjects, starts = np.unique(rows[:, 0], return_index=True)
    pieces = np.split(rows[:, 1:], starts[1:])
    return [
        (int(subject), [tuple(row) for row in piece.tolist()])
        for subject, piece in zip(subjects, pieces, strict=False)
    ]


def _gap_cv(measure: m.GapCv, parts: Parts) -> Column:
    events, unknown, gaps = parts["events"], parts["unknown"], parts["gaps"]
    total, squares = parts["total_ms"], parts["squares"]
    void = (events < measure.min_events) | (unknown > 0) | (gaps < _FEWEST_GAPS) | (total == 0)
    value = np.zeros(len(events))
    for at in np.flatnonzero(~void).tolist():
        value[at] = variation(int(gaps[at]), int(total[at]), int(squares[at]))
    return interval(
        value, value, void=void, events=events, unknown=unknown, gaps=gaps, total_ms=total
    )


def _partition(_: m.PartitionIndex, parts: Parts, size: int) -> Column:
    rows = _rows(parts)
    unknown = parts["unknown"] + parts["untemplated"] + parts["unhashed"]
    value, observed = np.zeros(size), np.zeros(size, dtype=np.int64)
    possible = np.zeros(size, dtype=bool)
    for subject, templates in _by_subject(rows):
        expected = math.fsum(pairs / (2 * prompts) for prompts, pairs, _ in templates)
        observed[subject] = sum(seen for _, _, seen in templates)
        if expected > 0:
            possible[subject] = True
            value[subject] = 1 - int(observed[subject]) / expected
    void = ~possible | (unknown > 0)
    return interval(value, value, void=void, observed=observed, unknown=unknown)


_VALUES: dict[type, Callable[[Any, Parts], Column]] = {
    m.Count: _count,
    m.Share: _share,
    m.Sum: _sum,
    m.Mean: _mean,
    m.Minimum: _extreme,
    m.Maximum: _extreme,
    m.Distinct: _distinct,
    m.TopShare: _top_share,
    m.Busiest: _busiest,
    m.GapCv: _gap_cv,
    m.Members: _members,
    m.Payers: _payers,
    m.Organisations: _organisations,
    m.Carriers: _carriers,
    m.Shared: _shared,
    m.Approved: _approved,
}
_FROM_ROWS: dict[type, Callable[[Any, Parts, int], Column]] = {
    m.Entropy: _entropy,
    m.PartitionIndex: _partition,
}
