"""Records as rows of their tables, and back; a row holds integers, text and None only.

The columns of a table are the fields of its record, so neither can drift from the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, ClassVar, Protocol, TypeVar, get_args, get_type_hints

from engine.ledger.records import (
    ActionRecord,
    CaseRecord,
    DecisionRecord,
    FactRecord,
    FindingRecord,
    MemberRecord,
    RunRecord,
    SampleRecord,
)

Row = Mapping[str, "str | int | None"]
"""One row by column name."""


class IsRecord(Protocol):
    """A frozen record of `engine.ledger.records`."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


R = TypeVar("R", bound=IsRecord)

RECORDS: Mapping[str, type[IsRecord]] = {
    "runs": RunRecord,
    "findings": FindingRecord,
    "facts": FactRecord,
    "cases": CaseRecord,
    "members": MemberRecord,
    "samples": SampleRecord,
    "actions": ActionRecord,
    "decisions": DecisionRecord,
}
"""The record that each table keeps."""


@cache
def field_types(record: type[IsRecord]) -> Mapping[str, tuple[type, bool]]:
    """Return each field's type, and whether it may be None."""
    hints = get_type_hints(record)
    return {name: _unwrapped(hints[name]) for name in (field.name for field in fields(record))}


def _unwrapped(hint: type) -> tuple[type, bool]:
    options = get_args(hint)
    if not options:
        return hint, False
    return next(option for option in options if option is not type(None)), True


def to_row(record: IsRecord) -> dict[str, str | int | None]:
    """Return a record as a row; truth values become 0 and 1."""
    names, values, truths = _fields(type(record))
    row: dict[str, str | int | None] = dict(zip(names, values(record), strict=True))
    for name in truths:
        row[name] = int(bool(row[name]))
    return row


@cache
def _fields(
    record: type[IsRecord],
) -> tuple[tuple[str, ...], Callable[[IsRecord], tuple[Any, ...]], tuple[str, ...]]:
    """Return a record's fields, what reads them all at once, and those that are truth values."""
    types = field_types(record)
    truths = tuple(name for name, (kind, _) in types.items() if kind is bool)
    return tuple(types), attrgetter(*types), truths


@cache
def column_types(record: type[IsRecord]) -> Mapping[str, frozenset[type]]:
    """Return the types that the values of a row have, by column."""
    return {
        name: frozenset((str if kind is str else int, *([NoneType] if nullable else ())))
        for name, (kind, nullable) in field_types(record).items()
    }


def from_row(record: type[R], row: Mapping[str, Any]) -> R:
    """Return the record of a row; columns that the record does not have are left out."""
    types = field_types(record)
    return record(
        **{
            name: bool(row[name]) if kind is bool else row[name]
            for name, (kind, _) in types.items()
        }
    )
