"""The plan's nodes for measures over intervals that slide along the events, and for ranks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from engine.language.words import Operator
from engine.signals.atoms import Guard


@dataclass(frozen=True, slots=True)
class Ranks:
    """The values of a field around a rank, events of unknown value taken as least, as greatest."""

    values: Values
    q: Fraction
    linear: bool
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Limit:
    """A comparison with a number, in the units of the column that is compared."""

    operator: Operator
    threshold: Fraction

    def __str__(self) -> str:
        """Return the limit as plans print it."""
        return f"{self.operator.value} {self.threshold}"


@dataclass(frozen=True, slots=True)
class Kind:
    """Events of a selection: certainly in it, and possibly."""

    guard: Guard | None
    possible: Guard


@dataclass(frozen=True, slots=True)
class Tally:
    """Over an interval: how many events."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Over an interval: how many kinds; if `ordered`, only where those come in order."""

    ordered: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Over an interval: the most kinds that come in order, each later than the one before."""


@dataclass(frozen=True, slots=True)
class Values:
    """A field over an interval: what certainly counts, what may count, what nobody recorded."""

    column: str
    counted: Guard | None
    unsure: Guard | None
    unrecorded: Guard | None


class Reduction(Enum):
    """What is made of the numbers of an interval."""

    SUM = "sum"
    MEAN = "mean"
    MINIMUM = "min"
    MAXIMUM = "max"


@dataclass(frozen=True, slots=True)
class Amount:
    """Over an interval: a sum, mean or extreme of a field."""

    reduction: Reduction
    values: Values
    signed: bool
    """The field may be negative, so that a value that is not known may make a sum smaller."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """Over an interval: a quantile of a field; none below `least` values."""

    values: Values
    q: Fraction
    linear: bool
    least: int


@dataclass(frozen=True, slots=True)
class Variety:
    """Over an interval: how many different values of a field."""

    values: Values
    many: bool
    """The column is a list; its elements are counted."""


Content = Tally | Presence | Progress | Amount | Quantile | Variety


@dataclass(frozen=True, slots=True)
class Windows:
    """Events of some kind that end an interval whose content is within all limits."""

    kinds: tuple[Kind, ...]
    content: Content
    span_us: int
    limits: tuple[Limit, ...]
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step: the events that take it, None when none can; or that must not be there."""

    guard: Guard | None
    absent: bool


Part = Kind | Content | Values | Wanted
"""What is inside a source."""


@dataclass(frozen=True, slots=True)
class Together:
    """Events that end or, where something is absent, begin an interval with every step."""

    steps: tuple[Wanted, ...]
    among: Guard
    """Which events begin an interval in which nothing must happen."""
    ordered: bool
    within_us: int
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Events that end or, where something is absent at the end, begin steps in order."""

    steps: tuple[Wanted, ...]
    within_us: int
    window_us: int | None
