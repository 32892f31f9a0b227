"""The plan's nodes: named columns of the event table, and the integers counted over them.

All nodes are frozen; equal ones are one, so that what several measures ask for is counted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from engine.language.fields import Absent, Field, FieldRef
from engine.language.model.selection import Selection
from engine.language.words import Operator, SubjectKind
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
class Ranks:
    """The values of a field around a rank, events of unknown value taken as least, as greatest."""

    values: Values
    q: Fraction
    linear: bool
    window_us: int | None


@dataclass(frozen=True, slots=True)
class Peak:
    """Events in a sliding interval: certainly and possibly selected."""

    guard: Guard | None
    possible: Guard
    span_us: int
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
