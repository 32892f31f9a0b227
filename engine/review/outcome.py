"""How a condition came out, read back from a finding: what was seen, against which threshold."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any

from engine.errors import ExciseError
from engine.ledger.records import FindingRecord
from engine.review.escape import printable_lines


class LineState(Enum):
    """What a line of a policy contributed to a finding."""

    NONE = "none"
    MATCHED = "matched"
    UNMET = "unmet"
    UNDECIDED = "undecided"


_STATE = {True: LineState.MATCHED, False: LineState.UNMET, None: LineState.UNDECIDED}


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A line of the policy that was evaluated; `number` is its line in the file."""

    number: int
    text: str
    state: LineState


@dataclass(frozen=True, slots=True)
class Node:
    """A condition with its result: `holds` is None when undecided."""

    text: str
    holds: bool | None
    line: int
    end_line: int
    unless: bool
    """Counter-evidence: had it held, there would be no finding."""
    comparison: Comparison | None
    parts: tuple[Node, ...]
    strikes: int | None = None
    """How many past actions a condition on strikes counted, where that was recorded."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A signal's observed interval against its threshold."""

    signal: str
    measure: str
    operator: str
    threshold: float
    low: float
    high: float

    def margin(self, *, holds: bool | None) -> float | None:
        """Return how far the value is past its threshold, as a ratio: 1 is on it, 1.84 well past.

        Below 1 the comparison is not met. Taken at the end of the interval nearest to the
        threshold. None when undecided, for equalities, and where a ratio says nothing: around 0.
        """
        upward = self.operator in ("gte", "gt")
        if holds is None or not (upward or self.operator in ("lte", "lt")):
            return None
        near = self.low if upward is holds else self.high
        over, under = (near, self.threshold) if upward else (self.threshold, near)
        if over < 0 or under <= 0 or math.isinf(over) or math.isinf(under):
            return None
        return over / under


def read_outcome(finding: FindingRecord) -> Node:
    """Return a finding's condition tree; ExciseError names the finding when it is unreadable."""
    try:
        return _node(json.loads(finding.outcome), unless=False)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        message = f"finding {finding.finding_id}: its outcome cannot be read"
        raise ExciseError(message) from error


def _node(raw: Mapping[str, Any], *, unless: bool) -> Node:
    unless = unless or raw.get("role") == "unless"
    line = int(raw.get("line") or 0)
    return Node(
        text=str(raw.get("text", "")),
        holds={True: True, False: False}.get(raw["holds"]),
        line=line,
        end_line=max(int(raw.get("end_line") or line), line),
        unless=unless,
        comparison=_comparison(raw) if "signal" in raw and "threshold" in raw else None,
        parts=tuple(_node(part, unless=unless) for part in raw.get("parts") or ()),
        strikes=int(raw["strikes"]) if "strikes" in raw else None,
    )


def _comparison(raw: Mapping[str, Any]) -> Comparison:
    return Comparison(
        signal=str(raw["signal"]),
        measure=str(raw.get("measure") or ""),
        operator=str(raw.get("operator") or ""),
        threshold=float(raw["threshold"]),
        low=float(raw.get("low", -math.inf)),
        high=float(raw.get("high", math.inf)),
    )


def policy_lines(finding: FindingRecord, outcome: Node) -> tuple[PolicyLine, ...]:
    """Return the policy that was evaluated, each line with what it contributed.

    A group marks only the lines in front of its first part, such as `all:`; its parts mark theirs.
    The line `unless:` says nothing of its own.
    """
    texts = printable_lines(finding.policy_text)
    states = [LineState.NONE] * len(texts)
    for first, last, state in _marks(outcome, 1 << 60):
        for line in range(max(first, finding.policy_line), last + 1):
            place = line - finding.policy_line
            if place >= len(texts):
                break
            if texts[place].strip() and not texts[place].lstrip().startswith("#"):
                states[place] = state
    return tuple(
        PolicyLine(finding.policy_line + place, text, states[place])
        for place, text in enumerate(texts)
    )


def _marks(node: Node, limit: int) -> Iterator[tuple[int, int, LineState]]:
    """Yield first line, last line and state; `limit` is the last line before the next sibling."""
    if node.line and not node.parts:
        yield node.line, min(node.end_line, max(limit, node.line)), _STATE[node.holds]
        return
    first = min((part.line for part in node.parts if part.line), default=0)
    if 0 < node.line < first and not node.unless:
        yield node.line, first - 1, _STATE[node.holds]
    yield from _part_marks(node.parts, limit)


def _part_marks(parts: Sequence[Node], limit: int) -> Iterator[tuple[int, int, LineState]]:
    placed = sorted(parts, key=lambda part: part.line)
    for part, following in zip_longest(placed, placed[1:]):
        yield from _marks(part, limit if following is None else min(limit, following.line - 1))
