"""The plan's nodes: the integers counted over named columns of the event table.

All nodes are frozen; equal ones are one, so that what several measures ask for is counted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.language.words import SubjectKind
from engine.signals.atoms import Guard
from engine.signals.intervals import Ranks, Sequence, Together, Windows


class Operation(Enum):
    """What an aggregate computes."""

    COUNT = "count"
    SUM = "sum"
    MINIMUM = "min"
    MAXIMUM = "max"
    LENGTHS = "lengths"  # sum of the lengths of a list


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One integer over the events of a subject that satisfy a guard; 0 over none."""

    operation: Operation
    column: str
    guard: Guard
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Spectrum:
    """How often each value of a field occurs among the events of a guard."""

    column: str
    many: bool
    """The column is a list; its elements are counted."""
    guard: Guard
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Peak:
    """Events in a sliding interval: certainly and possibly selected."""

    guard: Guard | None
    possible: Guard
    span_us: int
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Gaps:
    """Times between consecutive events of a guard, in whole milliseconds."""

    guard: Guard
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Week:
    """Hours of the week with events: certainly and possibly selected ones."""

    certain: Guard | None
    possible: Guard
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """How the events of a guard are spread over the hours of the day."""

    guard: Guard
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive integers among the values of a column."""

    column: str
    many: bool
    """The column is a list; its elements count."""
    guard: Guard
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Novelty:
    """Values of a column in a window and in the history before it."""

    column: str
    many: bool
    certain: Guard | None
    possible: Guard
    window_us: int
    history_us: int


@dataclass(frozen=True, slots=True)
class Past:
    """Events in each of some windows of one length before the present one."""

    certain: Guard | None
    possible: Guard
    window_us: int
    windows: int


@dataclass(frozen=True, slots=True)
class Age:
    """How many windows lie between a subject's first event of the period and the present one."""

    window_us: int


@dataclass(frozen=True, slots=True)
class Adoption:
    """Events on the first day of models, on each of them and off it."""

    column: str
    certain: Guard | None
    possible: Guard
    for_us: int
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Carrying:
    """Members at least `numerator / denominator` of whose events are selected.

    The share is least with `certain` over `certain` and the `out` ones, greatest with `possible`
    over `possible` and those that are out for sure.
    """

    certain: Guard | None
    possible: Guard | None
    out: tuple[Guard, ...]
    """Events that may only lower the share."""
    surely_out: Guard | None
    """Those of them that do lower it."""
    numerator: int
    denominator: int
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Collisions:
    """Prompts that members share within a template, observed and expected."""

    column: str
    prompt: str
    guard: Guard
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Sharing:
    """Members that have a value of a column in common with another member."""

    column: str
    many: bool
    """The column is a list; its elements are compared."""
    of_account: bool
    """The value is the account's own, whether it was active or not."""
    valued: Guard | None
    missing: tuple[Guard, ...]
    """Rows that may carry any value."""
    window_us: int | None
    numerator: int = 0
    denominator: int = 1
    """The part of a member's rows whose values another one has, if it is to share; 0: any."""


@dataclass(frozen=True, slots=True)
class Crowding:
    """Members with at least so many different values of a column."""

    column: str
    many: bool
    """The column is a list; its elements are counted."""
    valued: Guard | None
    missing: tuple[Guard, ...]
    """Rows that may carry any value."""
    at_least: int
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Roll:
    """What the members of a campaign are, without their events."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """The organisations that the members of a campaign belong to."""


@dataclass(frozen=True, slots=True)
class Holding:
    """The accounts of a subject that hold an approval; `column` is the test for it."""

    column: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """Subjects grouped by what is recorded of their accounts, in columns of the accounts' table."""

    columns: tuple[str, ...]
    folds: tuple[str, ...]
    """Those of them that compare without regard to case."""
    blank: tuple[str, ...]
    """Those that can be known to have no value, which is a value here."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The active members of each campaign."""


Source = (
    Spectrum
    | Ranks
    | Peak
    | Windows
    | Together
    | Sequence
    | Gaps
    | Carrying
    | Collisions
    | Sharing
    | Crowding
    | Roll
    | Belonging
    | Holding
    | Grouping
    | Roster
    | Week
    | Day
    | Run
    | Novelty
    | Past
    | Age
    | Adoption
)


@dataclass(frozen=True, slots=True)
class Output:
    """One integer a subject out of a source, or, where the part says so, rows of integers."""

    source: Source
    part: str


@dataclass(frozen=True, slots=True)
class Zero:
    """An integer that is 0 for every subject: no event can satisfy what it counts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What another signal came to: of the same subjects, or of the accounts."""

    key: str
    part: str
    """`low`, `high`, or `unknown`: how much that bears on it is not recorded."""
    of_accounts: bool = False


Quantity = Aggregate | Output | Zero | Figure
Parts = tuple[tuple[str, Quantity], ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """A source with the kind of subject it is grouped by and the parts that are read."""

    kind: SubjectKind
    source: Source
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Aggregates of one kind of subject, computed in one scan."""

    kind: SubjectKind
    aggregates: tuple[Aggregate, ...]
