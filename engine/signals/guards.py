"""Conditions on an event as measures ask for them, folded where the plan knows the answer."""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Atom, Chosen, Guard, Measured, Period, State
from engine.signals.sql import (
    Condition,
    boolean,
    coalesce,
    compare,
    every,
    integer,
    is_known,
    is_null,
    name,
    negated,
    some,
)
from engine.signals.truth import Knowledge, Standing

EVENTS = "m"
"""What the event table is called in every pass."""

_CERTAIN = {
    Standing.IN: (State.IN, State.POSSIBLE),
    Standing.OUT: (State.OUT,),
    Standing.UNKNOWN: (State.UNKNOWN, State.POSSIBLE),
}
_POSSIBLE_WHEN_DECIDED = {State.POSSIBLE: State.IN, State.IN: State.IN, State.OUT: State.OUT}


def chosen(selection: Chosen, state: State) -> Atom | bool:
    """Return the condition that an event stands so to a selection."""
    certain = _CERTAIN.get(selection.standing)
    if certain is not None:
        return state in certain
    if selection.standing is Standing.DECIDED:
        if state is State.UNKNOWN:
            return False
        state = _POSSIBLE_WHEN_DECIDED[state]
    return Atom(selection.name, state)


def measured(field: Measured, state: State) -> Atom | bool:
    """Return the condition that an event records a field so."""
    if field.knowledge is Knowledge.NONE:
        return state in (State.MISSING, State.CANDIDATE)
    if field.knowledge is Knowledge.ALL:
        if state in (State.MISSING, State.KNOWN):
            return state is State.KNOWN
        return Atom(field.name, State.VALUED) if field.blank else True
    if state is State.CANDIDATE and not field.blank:
        return True
    if state is State.KNOWN and not field.blank:
        state = State.VALUED
    return Atom(field.name, state, field.blank)


def guard(*conditions: Atom | bool) -> Guard | None:
    """Return the conjunction, None when it can never hold."""
    if any(condition is False for condition in conditions):
        return None
    atoms = {condition for condition in conditions if isinstance(condition, Atom)}
    return tuple(sorted(atoms, key=str))


def any_value(selection: Chosen, field: Measured) -> tuple[Guard, ...]:
    """Return when an event may carry any value of a field.

    One that may not count carries a value that the member may not have: like a missing one.
    """
    missing = (
        guard(chosen(selection, State.IN), measured(field, State.MISSING)),
        guard(chosen(selection, State.UNKNOWN), measured(field, State.CANDIDATE)),
    )
    return tuple(one for one in missing if one is not None)


def known_name(column: str) -> str:
    """Return the column that says whether a field with a blank is known."""
    return f"{column}_known"


def _sql(atom: Atom) -> Condition:
    column = name(atom.column, EVENTS)
    missing = negated(name(known_name(atom.column), EVENTS)) if atom.blank else is_null(column)
    match atom.state:
        case State.IN:
            return column
        case State.OUT:
            return negated(column)
        case State.UNKNOWN:
            return is_null(column)
        case State.POSSIBLE:
            return coalesce(column, boolean(True))
        case State.VALUED:
            return is_known(column)
        case State.MISSING:
            return missing
        case State.KNOWN:
            return negated(missing)
        case State.CANDIDATE:
            return some((is_known(column), missing))


def within(guard_: Guard, window_us: int | None, period: Period) -> Condition:
    """Return the condition that an event satisfies a guard inside a window."""
    start = period.start(window_us)
    recent = compare(exp.GTE, name("ts_us", EVENTS), integer(start))
    return every([True if start <= period.since_us else recent, *map(_sql, guard_)])
