"""Records as rows of their tables, and back; a row holds integers, text and None only.

The columns of a table are the fields of its record, so neither can drift from the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
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
    row: dict[str, str | int | None] = {}
    for name in field_types(type(record)):
        value = getattr(record, name)
        row[name] = int(value) if isinstance(value, bool) else value
    return row


def from_row(record: type[R], row: Mapping[str, Any]) -> R:
    """Return the record of a row; columns that the record does not have are left out."""
    types = field_types(record)
    return record(
        **{
            name: bool(row[name]) if kind is bool else row[name]
            for name, (kind, _) in types.items()
        }
    )
