"""From integers to intervals: what a signal's value could be, given what is missing.

All arithmetic is exact until one final, correctly rounded operation (or, for entropy, `math.fsum`),
so a value depends on the integers alone.

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
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.language.model import measure as m
from engine.signals.facts import Column, Floats, Integers
from engine.signals.literals import scale

Numbers = NDArray[Any]
"""Integers, one a subject: int64, or Python's own where 64 bits do not hold them."""
Parts = Mapping[str, Numbers]

_EXACT = 2**53
"""Up to here every integer is a float, so one division rounds once."""


def column(measure: m.Measure, parts: Parts, size: int) -> Column:
    """Return a signal over all subjects from the integers of its parts."""
    match measure:
        case m.Count():
            return _count(parts)
        case m.Share():
            return _share(measure, parts)
        case m.Sum() | m.Mean():
            return _sum(measure, parts) if isinstance(measure, m.Sum) else _mean(measure, parts)
        case m.Minimum() | m.Maximum():
            return _extreme(measure, parts)
        case m.Distinct():
            return _distinct(measure, parts)
        case m.TopShare():
            return _top_share(measure, parts)
        case m.Entropy():
            return _entropy(measure, parts, size)
        case m.Busiest():
            return _column(
                parts["low"], parts["high"], events=parts["low"], unknown=parts["unknown"]
            )
        case m.GapCv():
            return _gap_cv(measure, parts)
        case m.Members():
            return _column(parts["members"], parts["members"], members=parts["members"])
        case m.Payers():
            return _different("payers", parts)
        case m.Organisations():
            return _different("organisations", parts)
        case m.Carriers():
            return _column(
                parts["low"],
                parts["high"],
                members=parts["low"],
                unknown=parts["high"] - parts["low"],
            )
        case m.PartitionIndex():
            return _partition(parts, size)
        case m.Shared():
            return _shared(measure, parts)
        case m.Approved():
            return _approved(parts)


def _floats(numbers: Numbers) -> Floats:
    """Return integers as the nearest floats, ties to even, as Python's float() does."""
    return np.asarray(numbers, dtype=np.float64)


def ratio(numerator: Numbers, denominator: Numbers) -> Floats:
    """Return the correctly rounded quotients; 0 where the denominator is 0."""
    safe = np.where(denominator == 0, 1, denominator)
    if _small(numerator) and _small(safe):
        return _floats(numerator) / _floats(safe)
    pairs = zip(numerator.tolist(), safe.tolist(), strict=True)
    return np.array([above / below for above, below in pairs], dtype=np.float64)


def _small(numbers: Numbers) -> bool:
    return numbers.size == 0 or int(abs(numbers).max()) <= _EXACT


def _stored(numbers: Numbers) -> Integers:
    """Return counts as 64-bit integers; a sum beyond them stands at the limit."""
    if numbers.dtype == object:
        limits = np.iinfo(np.int64)
        numbers = np.clip(numbers, limits.min, limits.max)
    return np.asarray(numbers, dtype=np.int64)


def _column(
    low: Numbers, high: Numbers, *, void: NDArray[np.bool_] | None = None, **counts: Numbers
) -> Column:
    lows, highs = _floats(low), _floats(high)
    if void is not None:
        lows, highs = np.where(void, -math.inf, lows), np.where(void, math.inf, highs)
    return Column(lows, highs, {name: _stored(values) for name, values in counts.items()})


def _count(parts: Parts) -> Column:
    events, unknown = parts["events"], parts["unknown"]
    return _column(events, events + unknown, events=events, unknown=unknown)


def _share(measure: m.Share, parts: Parts) -> Column:
    certain = parts["in_of"] + parts["out_of"] + parts["unknown_of"]
    unsure = parts["unknown_of"] + parts["unknown_perhaps"]
    most = parts["in_of"] + unsure + parts["in_perhaps"]
    return _column(
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
    low, high = ratio(total, scaled), ratio(_exact_sum(total, parts["unsure_value"]), scaled)
    signed = field.minimum is None or field.minimum < 0
    return _column(
        low,
        np.where(parts["missing"] > 0, math.inf, high),
        void=(unknown > 0) if signed else None,
        events=parts["events"],
        unknown=unknown,
        total=total,
    )


def _exact_sum(one: Numbers, other: Numbers) -> Numbers:
    if not (_small(one) and _small(other)):
        one, other = one.astype(object), other.astype(object)
    return np.add(one, other)


def _mean(measure: m.Mean, parts: Parts) -> Column:
    unknown, events = parts["missing"] + parts["unsure"], parts["events"]
    scaled = events * scale(measure.field.field)
    value = ratio(parts["value"], scaled)
    void = (events == 0) | (unknown > 0)
    return _column(value, value, void=void, events=events, unknown=unknown, total=parts["value"])


def _extreme(measure: m.Minimum | m.Maximum, parts: Parts) -> Column:
    """An event that may or may not count can only lower a minimum, only raise a maximum."""
    unknown, events = parts["missing"] + parts["unsure"], parts["events"]
    value = ratio(parts["value"], np.full_like(events, scale(measure.field.field)))
    below = isinstance(measure, m.Minimum)
    low = np.where(unknown > 0, -math.inf, value) if below else value
    high = value if below else np.where(unknown > 0, math.inf, value)
    return _column(low, high, void=events == 0, events=events, unknown=unknown)


def _distinct(measure: m.Distinct, parts: Parts) -> Column:
    """Each undecided event may bring a new value; a list that is missing, any number of them."""
    distinct = parts["distinct"]
    missing = parts["missing"] + parts["unsure_missing"]
    unknown = parts["missing"] + parts["unsure"]
    if measure.field.field.type.is_list:
        more = _floats(_exact_sum(distinct, parts["unsure_elements"]))
        high = np.where(missing > 0, math.inf, more)
    else:
        high = distinct + missing + parts["unsure_valued"]
    return _column(distinct, high, events=parts["events"], unknown=unknown, distinct=distinct)


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
    return _column(
        low,
        high,
        void=events < max(measure.min_of, 1),
        events=events,
        unknown=parts["missing"] + parts["unsure"],
        top=top,
    )


def _different(name: str, parts: Parts) -> Column:
    found, missing = parts[name], parts["missing"]
    return _column(found, found + missing, unknown=missing, **{name: found})


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
    return _column(
        ratio(sharing, members),
        ratio(most, members),
        members=members,
        sharing=sharing,
        unknown=parts["open"],
    )


def _approved(parts: Parts) -> Column:
    accounts, holding, lacking = parts["accounts"], parts["holding"], parts["lacking"]
    low, high = (accounts == holding) & (accounts > 0), lacking == 0
    unknown = accounts - holding - lacking
    return _column(low, high, accounts=accounts, holding=holding, unknown=unknown)


def _entropy(measure: m.Entropy, parts: Parts, size: int) -> Column:
    rows = _rows(parts)
    unknown = parts["missing"] + parts["unsure"]
    value, total = np.zeros(size), np.zeros(size, dtype=np.int64)
    for subject, spectrum in _by_subject(rows):
        value[subject] = normalised_entropy(spectrum)
        total[subject] = sum(n * many for n, many in spectrum)
    void = (total < max(measure.min_of, 1)) | (unknown > 0)
    return _column(value, value, void=void, events=total, unknown=unknown)


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


def normalised_entropy(spectrum: list[tuple[int, ...]]) -> float:
    """Return H / log2 K from rows (n, values that occur n times): 0 for one value, 1 for evenness.

    Shannon (1948): H = log2 N - sum of m n log2 n / N, N events and K values in all.
    """
    values = sum(many for _, many in spectrum)
    if values <= 1:
        return 0.0
    if len(spectrum) == 1:
        return 1.0
    events = sum(n * many for n, many in spectrum)
    inner = math.fsum(many * n * math.log2(n) for n, many in spectrum)
    entropy = math.log2(events) - inner / events
    return min(1.0, max(0.0, entropy / math.log2(values)))


def _gap_cv(measure: m.GapCv, parts: Parts) -> Column:
    events, unknown, gaps = parts["events"], parts["unknown"], parts["gaps"]
    total, squares = parts["total_ms"], parts["squares"]
    void = (events < measure.min_events) | (unknown > 0) | (gaps < 2) | (total == 0)
    value = np.zeros(len(events))
    for at in np.flatnonzero(~void).tolist():
        value[at] = variation(int(gaps[at]), int(total[at]), int(squares[at]))
    return _column(
        value, value, void=void, events=events, unknown=unknown, gaps=gaps, total_ms=total
    )


def variation(count: int, total: int, squares: int) -> float:
    """Return the sample standard deviation over the mean, from a count and two sums."""
    spread = count * (count * squares - total * total)
    return math.sqrt(spread / (count - 1)) / total


def _partition(parts: Parts, size: int) -> Column:
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
    return _column(value, value, void=void, observed=observed, unknown=unknown)
