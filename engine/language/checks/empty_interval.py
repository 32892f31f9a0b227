"""Two comparisons of one signal that cannot hold together.

Accepted:

    policy: harness
    when: {events: {gte: 10, lt: 100}}

Refused:

    policy: harness
    when: {events: {gte: 100, lt: 10}}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.language.checks.conditions import written_conditions
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.model.condition import All, Compare
from engine.language.model.measure import Bound, Windows
from engine.language.words import Operator

ID = "EX312"
TITLE = "comparisons that exclude each other"
LEVEL = Level.ERROR
ALONE = True

_LOWER = (Operator.GT, Operator.GTE, Operator.EQ)
_UPPER = (Operator.LT, Operator.LTE, Operator.EQ)


@dataclass(slots=True)
class _Bounds:
    """The strictest comparisons of one signal so far."""

    lower: Compare | None = None
    upper: Compare | None = None
    unequal: list[Compare] = field(default_factory=list)

    def excluded_by(self, part: Compare) -> Compare | None:
        """Return the comparison that cannot hold together with this one."""
        if part.operator in _LOWER and self.upper is not None and _empty(part, self.upper):
            return self.upper
        if part.operator in _UPPER and self.lower is not None and _empty(self.lower, part):
            return self.lower
        if part.operator is Operator.NEQ:
            return self.lower if self._only() == part.threshold else None
        return next((one for one in self.unequal if one.threshold == self._only(part)), None)

    def _only(self, part: Compare | None = None) -> float | None:
        """Return the one number that is left by these comparisons, and by another one."""
        lower, upper = self.lower, self.upper
        if part is not None:
            lower = part if part.operator in _LOWER else lower
            upper = part if part.operator in _UPPER else upper
        if lower is None or upper is None or lower.threshold != upper.threshold:
            return None
        return lower.threshold

    def add(self, part: Compare) -> None:
        """Keep a comparison that is stricter than those before it."""
        if part.operator is Operator.NEQ:
            self.unequal.append(part)
        strict = _is_strict(part)
        lower, upper = self.lower, self.upper
        if part.operator in _LOWER and (
            lower is None or (part.threshold, strict) > (lower.threshold, _is_strict(lower))
        ):
            self.lower = part
        if part.operator in _UPPER and (
            upper is None or (-part.threshold, strict) > (-upper.threshold, _is_strict(upper))
        ):
            self.upper = part


def _is_strict(part: Compare) -> bool:
    return part.operator in (Operator.GT, Operator.LT)


def _empty(lower: Compare, upper: Compare) -> bool:
    """Whether no number is above the one and below the other."""
    strict = _is_strict(lower) or _is_strict(upper)
    return lower.threshold > upper.threshold or (strict and lower.threshold == upper.threshold)


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the comparisons that contradict another part of the same `all`."""
    for condition in written_conditions(draft):
        if isinstance(condition, All):
            compares = [part for part in flat(condition) if isinstance(part, Compare)]
            yield from contradictions(compares)
    for _, read in sound(draft.policies):
        for signal in read.model.signals:
            if isinstance(signal.measure, Windows):
                bounds = signal.measure.bounds
                yield from _of_bounds(signal.name, bounds)
        for test in read.model.tests:
            for expectation in test.expectations:
                for value in expectation.values:
                    yield from _of_bounds(value.signal, value.bounds)


def _of_bounds(name: str, bounds: tuple[Bound, ...]) -> Iterator[Problem]:
    """Yield bounds of one value that exclude each other; mostly it has one, which excludes none."""
    if len(bounds) > 1:
        yield from contradictions(
            Compare(name, one.operator, one.threshold, one.span) for one in bounds
        )


def flat(condition: All) -> Iterator[object]:
    """Yield the parts, those of comparisons with several operators among them."""
    for part in condition.parts:
        if isinstance(part, All):
            yield from part.parts
        else:
            yield part


def contradictions(compares: Iterable[Compare]) -> Iterator[Problem]:
    """Yield the comparisons that an earlier one excludes."""
    bounds: dict[str, _Bounds] = {}
    for part in compares:
        known = bounds.setdefault(part.signal, _Bounds())
        other = known.excluded_by(part)
        known.add(part)
        if other is not None:
            related = (Related(other.span, "excluded by this"),)
            message, hint = f"{quote(part.signal)} cannot be both", "mend a number, or use `any`"
            yield Problem(part.span, message, hint, related)
