"""What can be wrong with a row, as SQL over its raw and its typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.activity.cast import EARLIEST_US, EXPECTED, LATEST_US, never_fails, number_sql
from engine.language.fields import Field, FieldType

PRIVATE = frozenset({"prompt", "system_prompt"})
"""Fields whose values never leave the workspace."""
_LONGEST_RAW = 80
_MISSING = "is missing"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that can be wrong with a field, or with a whole record where `field` is empty."""

    field: str
    reason: str
    condition: str
    unread: Field | None = None
    """The field, where the fault is that its value cannot be read."""


def faults_of(fields: Mapping[str, Field]) -> tuple[Fault, ...]:
    """Return all that can be wrong with rows of these fields, in the order in which to look."""
    record = Fault("", "is not a JSON object", "misfit = ''")
    return (record, *(fault for item in fields.values() for fault in _faults(item)))


def problem_sql(faults: tuple[Fault, ...], types: Mapping[str, str], *, misfits: bool) -> str:
    """Return SQL for the number of a row's first fault, NULL where nothing is wrong.

    `types` are those of the raw values, by field; `misfits` says that the rows have a column
    `misfit` (see `Staging.add`). What cannot happen to values of such types is not looked for.
    """
    branches = []
    for number, fault in enumerate(faults):
        condition = _condition(fault, types, misfits=misfits)
        if condition:
            branches.append(f"WHEN {condition} THEN {number}")
    return f"CASE {' '.join(branches)} END" if branches else "NULL"


def told_sql(faults: tuple[Fault, ...], present: Mapping[str, object]) -> str:
    """Return SQL for what `problem` says: its number, a colon and the raw value, shortened.

    NULL where nothing is wrong; without colon and value where it is missing or a prompt.
    """
    branches = " ".join(
        f"WHEN {number} THEN left(CAST(r_{fault.field} AS VARCHAR), {_LONGEST_RAW})"
        for number, fault in enumerate(faults)
        if fault.field in present and fault.field not in PRIVATE
    )
    raw = f"CASE problem {branches} END"
    return f"CASE WHEN problem IS NOT NULL THEN concat(problem, ':' || {raw}) END"


def told_parts_sql(told: str) -> tuple[str, str]:
    """Return SQL for the number and the raw value in what `told_sql` says."""
    return (
        f"CAST(split_part({told}, ':', 1) AS INTEGER)",
        f"CASE WHEN contains({told}, ':') THEN {told}[instr({told}, ':') + 1:] END",
    )


def _condition(fault: Fault, types: Mapping[str, str], *, misfits: bool) -> str:
    if not fault.field:
        return fault.condition if misfits else ""
    if fault.field not in types:
        return "true" if fault.reason == _MISSING else ""
    if fault.unread is None:
        return fault.condition
    parts = [] if never_fails(fault.unread, types[fault.field]) else [f"({fault.condition})"]
    parts += [f"misfit = '{fault.field}'"] if misfits else []
    return " OR ".join(parts)


def _faults(item: Field) -> tuple[Fault, ...]:
    raw, value = f"r_{item.name}", f"v_{item.name}"
    found: list[Fault] = []
    if item.required:
        missing = f"{raw} IS NULL"
        if item.type in (FieldType.IDENTIFIER, FieldType.TEXT):
            missing = f"({missing} OR trim(CAST({raw} AS VARCHAR)) = '')"
        found.append(Fault(item.name, _MISSING, missing))
    if item.lenient:
        number = number_sql(f"CAST({raw} AS VARCHAR)")
        unfit = Fault(
            item.name, "is too large a number", f"({number} IS NOT NULL AND {value} IS NULL)"
        )
        return (unfit,) if item.type.is_number else ()
    unread = f"{raw} IS NOT NULL AND {value} IS NULL"
    found.append(Fault(item.name, EXPECTED[item.type], unread, item))
    if item.type is FieldType.TIMESTAMP:
        outside = f"({value} < {EARLIEST_US} OR {value} > {LATEST_US})"
        found.append(Fault(item.name, "is before 2000 or after 2100", outside))
    if item.minimum is not None:
        found.append(Fault(item.name, f"is below {item.minimum}", f"{value} < {item.minimum}"))
    return tuple(found)
