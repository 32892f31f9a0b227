"""Event selections: which exchanges a measure looks at.

A selection is three-valued on an event. A test on a field that is missing is neither true nor
false. `AllOf` is false as soon as one part is false; `AnyOf` lists alternative ways of recording
the same thing, so what is known decides and it is unknown only when no alternative is known;
under `Not`, an unknown part is always unknown. `After` is unknown where its anchor is not recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.fields import FieldRef
from engine.language.span import NOWHERE, Span
from engine.language.words import Anchor, Match, TimePart


@dataclass(frozen=True, slots=True)
class Test:
    """`field|modifiers: values`: true when any value matches, or every one with `|all`."""

    field: FieldRef
    match: Match
    values: tuple[str | int | float | bool | None, ...]
    every: bool = False
    cased: bool = False
    list_name: str | None = None
    """The named list the values came from; the values stand here all the same."""
    time_part: TimePart | None = None
    """What is compared of a time, as a whole number; None for the time itself."""
    other: FieldRef | None = None
    """The field of the same record that the field must equal, in place of values."""
    span: Span = NOWHERE

    @property
    def fields(self) -> tuple[FieldRef, ...]:
        """The fields that the test looks at."""
        return (self.field,) if self.other is None else (self.field, self.other)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; an empty one holds for every event."""

    parts: tuple[Selection, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one alternative holds."""

    parts: tuple[Selection, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Selection
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class After:
    """The event lies in the closed interval from its anchor to `for_us` microseconds later."""

    anchor: Anchor
    for_us: int
    span: Span = NOWHERE


Selection = Test | AllOf | AnyOf | Not | After
"""Named selections are expanded where they are used, so a selection stands on its own."""

EVERYTHING = AllOf(())
"""The selection that holds for every event."""
