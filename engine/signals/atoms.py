"""What a plan says of one event: its selections and fields as named columns, conditions on them.

All are frozen; equal ones are one, so that what several measures ask for is counted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.language.fields import Absent, Field, FieldRef
from engine.language.model.selection import Selection
from engine.signals.truth import Knowledge, Standing


@dataclass(frozen=True, slots=True)
class Period:
    """The closed interval a run looks at, in microseconds UTC."""

    since_us: int
    as_of_us: int

    def start(self, window_us: int | None) -> int:
        """Return the first moment of a window that ends with the period."""
        return self.since_us if window_us is None else max(self.since_us, self.as_of_us - window_us)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection with the name of its column: TRUE in, FALSE out, NULL unknown."""

    name: str
    selection: Selection
    standing: Standing


@dataclass(frozen=True, slots=True)
class Measured:
    """A field with the name of its column, NULL where it is unknown or has no value."""

    name: str
    ref: FieldRef
    knowledge: Knowledge

    @property
    def blank(self) -> bool:
        """Whether it can be known to have no value; a second column then says if it is known."""
        return blank(self.ref.field)


def blank(field: Field) -> bool:
    """Return whether a field can be known to have no value: unused, no template, empty list."""
    return field.absent is Absent.NONE or field.type.is_list or is_shape(field)


def is_shape(field: Field) -> bool:
    """Return whether a field is a template, of which the empty text means that there is none."""
    return field.name in ("prompt_shape", "system_shape")


class State(Enum):
    """How an event stands to a column."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"
    POSSIBLE = "possible"  # in or unknown
    VALUED = "valued"  # the field is known and has a value
    MISSING = "missing"  # the field is unknown
    CANDIDATE = "candidate"  # the field has a value or is unknown
    KNOWN = "known"  # the field is known, with a value or without


@dataclass(frozen=True, slots=True)
class Atom:
    """One condition on an event; `blank` is copied from the field it is about."""

    column: str
    state: State
    blank: bool = False

    def __str__(self) -> str:
        """Return the atom as plans print it."""
        return f"{self.column} {self.state.value}"


Guard = tuple[Atom, ...]
"""The events that satisfy every atom; of no atom, all events."""
