"""What each measure needs to have counted, as quantities of the plan.

Events that a selection or a field does not decide are counted apart, so that `values` can tell the
smallest from the largest value a signal could have had.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.model.selection import Selection
from engine.signals.guards import chosen, guard, measured
from engine.signals.nodes import (
    Aggregate,
    Atom,
    Belonging,
    Carrying,
    Chosen,
    Collisions,
    Gaps,
    Holding,
    Measured,
    Operation,
    Output,
    Parts,
    Peak,
    Quantity,
    Roll,
    Sharing,
    Source,
    Spectrum,
    State,
    Zero,
)

_NEGLIGIBLE = Fraction(1, 10**9)
"""Of fewer than 10^9 events, one is already a greater share than this."""


@dataclass(frozen=True, slots=True)
class Names:
    """The columns that selections, fields and approvals were given."""

    selection: Callable[[Selection], Chosen]
    field: Callable[[FieldRef], Measured]
    approval: Callable[[str], str]


def count(window_us: int | None, *conditions: Atom | bool) -> Quantity:
    """Return the number of events that satisfy all conditions."""
    return _aggregate(Operation.COUNT, "", window_us, *conditions)


def _aggregate(
    operation: Operation, column: str, window_us: int | None, *conditions: Atom | bool
) -> Quantity:
    found = guard(*conditions)
    return Zero() if found is None else Aggregate(operation, column, found, window_us)


def _outputs(source: Source | None, **parts: str) -> dict[str, Quantity]:
    if source is None:
        return {name: Zero() for name in parts}
    return {name: Output(source, part) for name, part in parts.items()}


def needs(measure: m.Measure, names: Names) -> Parts:
    """Return the quantities of a measure by name."""
    found = _NEEDS[type(measure)](measure, names)
    return tuple(sorted(found.items()))


def _count(measure: m.Count, names: Names) -> dict[str, Quantity]:
    where, window = names.selection(measure.where), measure.window_us
    return {
        "events": count(window, chosen(where, State.IN)),
        "unknown": count(window, chosen(where, State.UNKNOWN)),
    }


def _share(measure: m.Share, names: Names) -> dict[str, Quantity]:
    where, of = names.selection(measure.where), names.selection(measure.of)
    window = measure.window_us
    surely, perhaps = chosen(of, State.IN), chosen(of, State.UNKNOWN)
    return {
        "in_of": count(window, surely, chosen(where, State.IN)),
        "out_of": count(window, surely, chosen(where, State.OUT)),
        "unknown_of": count(window, surely, chosen(where, State.UNKNOWN)),
        "in_perhaps": count(window, perhaps, chosen(where, State.IN)),
        "out_perhaps": count(window, perhaps, chosen(where, State.OUT)),
        "unknown_perhaps": count(window, perhaps, chosen(where, State.UNKNOWN)),
    }


def _numeric(measure: m.Sum | m.Mean | m.Minimum | m.Maximum, names: Names) -> dict[str, Quantity]:
    where, field = names.selection(measure.where), names.field(measure.field)
    window, inside = measure.window_us, chosen(where, State.IN)
    perhaps, valued = chosen(where, State.UNKNOWN), measured(field, State.VALUED)
    operation = {
        m.Sum: Operation.SUM, m.Mean: Operation.SUM,
        m.Minimum: Operation.MINIMUM, m.Maximum: Operation.MAXIMUM,
    }[type(measure)]  # fmt: skip
    found: dict[str, Quantity] = {
        "value": _aggregate(operation, field.name, window, inside, valued),
        "events": count(window, inside, valued),
        "missing": count(window, chosen(where, State.POSSIBLE), measured(field, State.MISSING)),
        "unsure": count(window, perhaps, valued),
    }
    if isinstance(measure, m.Sum):
        found["unsure_value"] = _aggregate(Operation.SUM, field.name, window, perhaps, valued)
    return found


def _valued(measure: m.Distinct | m.TopShare | m.Entropy, names: Names) -> dict[str, Quantity]:
    where, field = names.selection(measure.where), names.field(measure.field)
    window, inside = measure.window_us, chosen(where, State.IN)
    perhaps = chosen(where, State.UNKNOWN)
    many, valued = field.ref.field.type.is_list, measured(field, State.VALUED)
    found = {
        "events": count(window, inside, measured(field, State.KNOWN)),
        "missing": count(window, inside, measured(field, State.MISSING)),
        "unsure": count(window, perhaps),
        "unsure_valued": count(window, perhaps, valued),
        "unsure_missing": count(window, perhaps, measured(field, State.MISSING)),
    }
    if many:
        found["unsure_elements"] = _aggregate(
            Operation.LENGTHS, field.name, window, perhaps, valued
        )
    values = guard(inside, valued)
    source = None if values is None else Spectrum(field.name, many, values, window)
    if isinstance(measure, m.Entropy):
        return found | _outputs(source, rows="rows")
    return found | _outputs(source, distinct="distinct", total="total", top="top")


def _busiest(measure: m.Busiest, names: Names) -> dict[str, Quantity]:
    where, window = names.selection(measure.where), measure.window_us
    possible = guard(chosen(where, State.POSSIBLE))
    certain = guard(chosen(where, State.IN))
    source = None
    if possible is not None:
        source = Peak(certain, possible, measure.span_us, window)
    found = _outputs(source, high="possible")
    low = _outputs(None if certain is None else source, low="certain")
    return found | low | {"unknown": count(window, chosen(where, State.UNKNOWN))}


def _gaps(measure: m.GapCv, names: Names) -> dict[str, Quantity]:
    where, window = names.selection(measure.where), measure.window_us
    inside = guard(chosen(where, State.IN))
    source = None if inside is None else Gaps(inside, window)
    found = _outputs(source, gaps="gaps", total_ms="total", squares="squares")
    return found | _count(m.Count(where=measure.where, window_us=window), names)


def _carriers(measure: m.Carriers, names: Names) -> dict[str, Quantity]:
    where = names.selection(measure.where)
    certain, possible = (guard(chosen(where, state)) for state in (State.IN, State.POSSIBLE))
    share = Fraction(str(measure.at_least_share))
    if share < _NEGLIGIBLE:
        share = Fraction(0)
    source = Carrying(certain, possible, share.numerator, share.denominator, measure.window_us)
    return _outputs(source, low="certain", high="possible")


def _partition(measure: m.PartitionIndex, names: Names) -> dict[str, Quantity]:
    where, window = names.selection(measure.where), measure.window_us
    field, prompt = names.field(measure.field), names.field(FieldRef("prompt_hash"))
    inside = chosen(where, State.IN)
    template, hashed = measured(field, State.VALUED), measured(prompt, State.VALUED)
    compared = guard(inside, template, hashed)
    source = None if compared is None else Collisions(field.name, prompt.name, compared, window)
    templated = measured(field, State.CANDIDATE)
    return {
        "unknown": count(window, chosen(where, State.UNKNOWN), templated),
        "untemplated": count(window, inside, measured(field, State.MISSING)),
        "unhashed": count(window, inside, templated, measured(prompt, State.MISSING)),
        **_outputs(source, rows="rows"),
    }


def _shared(measure: m.Shared, names: Names) -> dict[str, Quantity]:
    field = names.field(measure.field)
    source = Sharing(
        field.name,
        field.ref.field.type.is_list,
        field.ref.of_account,
        guard(measured(field, State.VALUED)),
        guard(measured(field, State.MISSING)),
        measure.window_us,
    )
    parts = ("members", "sharing", "open", "lone", "unknown")
    return _outputs(source, **{part: part for part in parts})


def _members(_: m.Members, __: Names) -> dict[str, Quantity]:
    return _outputs(Roll(), members="members")


def _payers(_: m.Payers, __: Names) -> dict[str, Quantity]:
    return _outputs(Roll(), payers="payers", missing="payers_missing")


def _organisations(_: m.Organisations, __: Names) -> dict[str, Quantity]:
    return _outputs(Belonging(), organisations="organisations", missing="missing")


def _approved(measure: m.Approved, names: Names) -> dict[str, Quantity]:
    source = Holding(names.approval(measure.approval))
    return _outputs(source, accounts="accounts", holding="holding", lacking="lacking")


_NEEDS: dict[type, Callable[[Any, Names], dict[str, Quantity]]] = {
    m.Count: _count,
    m.Share: _share,
    **dict.fromkeys((m.Sum, m.Mean, m.Minimum, m.Maximum), _numeric),
    **dict.fromkeys((m.Distinct, m.TopShare, m.Entropy), _valued),
    m.Busiest: _busiest,
    m.GapCv: _gaps,
    m.Carriers: _carriers,
    m.PartitionIndex: _partition,
    m.Shared: _shared,
    m.Members: _members,
    m.Payers: _payers,
    m.Organisations: _organisations,
    m.Approved: _approved,
}
