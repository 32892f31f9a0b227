"""Applies a source mapping: a foreign record becomes the fields of an exchange or an account.

A field's expression is JMESPath, with the functions of `functions.py`, and may end in a converter:
`timestamp ~iso`. An expression that gives null leaves the field unknown; one that gives an empty
text or `-` says that the record does know the field, and that it was not used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jmespath
from jmespath.exceptions import JMESPathError

from engine.activity.convert import CONVERTERS, Converter, is_empty
from engine.activity.functions import MappingFunctions
from engine.activity.halves import HALF, has_half, without_halves
from engine.errors import ExciseError
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, Field, FieldType
from engine.language.model.pack import Source

_NO_FIELD = ""
_NOT_AN_OBJECT = "is not a JSON object"
_CONVERTED = re.compile(r"(.*\S)\s*~\s*([a-z_]+)\s*", re.DOTALL)


class UnmappableError(ExciseError):
    """One record does not fit the mapping; the row is set aside."""

    def __init__(self, field: str, reason: str, raw: object = None) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason
        self.raw = raw


@dataclass(frozen=True, slots=True)
class _FieldMapping:
    field: Field
    expression: Any
    converter: Converter | None


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """A compiled source mapping."""

    zone: ZoneInfo
    where: Any | None
    fields: tuple[_FieldMapping, ...]
    options: jmespath.Options

    def wanted(self, record: object) -> bool:
        """Whether the source's `where` holds for a record; raises UnmappableError."""
        if not isinstance(record, dict):
            raise UnmappableError(_NO_FIELD, _NOT_AN_OBJECT)
        return self.where is None or bool(self._search(self.where, record, "where"))

    def apply(self, record: object) -> dict[str, str | None]:
        """Return the texts of the fields that a record knows; raises UnmappableError.

        None is a field that the record knows not to have been used.
        """
        mapped: dict[str, str | None] = {}
        for item in self.fields:
            value = self._search(item.expression, record, item.field.label)
            if value is None:
                continue
            mapped[item.field.name] = None if is_empty(value) else self._text(item, value)
        return mapped

    def _text(self, item: _FieldMapping, value: object) -> str | None:
        name = item.field.label
        if item.converter is not None:
            try:
                value = item.converter(value, self.zone)
            except ValueError as error:
                raise UnmappableError(name, str(error), value) from None
            if value is None:
                return None
        if _misplaced(item.field.type, value):
            reason = "is a list or an object" if not item.field.type.is_list else "is not a list"
            raise UnmappableError(name, reason, value)
        if item.field.required and has_half(value):
            raise UnmappableError(name, HALF)
        value = without_halves(value)
        return value if isinstance(value, str) else json.dumps(value)

    def _search(self, expression: Any, record: object, name: str) -> object:  # noqa: ANN401
        try:
            return expression.search(record, options=self.options)
        except (JMESPathError, TypeError, ValueError, RecursionError):
            raise UnmappableError(name, "cannot be mapped") from None


def _misplaced(type_: FieldType, value: object) -> bool:
    if type_ is FieldType.ANY or (type_.is_list and isinstance(value, str)):
        return False
    return isinstance(value, dict) or isinstance(value, list) != type_.is_list


def compile_source(source: Source, declared: Sequence[Field] = ()) -> RecordMapping:
    """Compile a source; raises ExciseError naming the field whose expression is wrong."""
    known: Mapping[str, Field] = EXCHANGE_FIELDS if source.kind == "exchanges" else ACCOUNT_FIELDS
    # The numbers of a field are a second one with its key; what is mapped is the first.
    extra = {field.key: field for field in reversed(declared)}
    fields = tuple(_compile_field(source, {**known, **extra}, *pair) for pair in source.fields)
    missing = sorted(
        item.name
        for item in known.values()
        if item.required and item.name not in dict(source.fields)
    )
    if missing:
        message = f"source `{source.name}` does not map `{missing[0]}`"
        raise ExciseError(message)
    try:
        zone = ZoneInfo(source.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = f"source `{source.name}` has an unknown zone `{source.zone}`"
        raise ExciseError(message) from error
    where = _compiled(source, "where", source.where) if source.where is not None else None
    options = jmespath.Options(custom_functions=MappingFunctions())
    return RecordMapping(zone, where, fields, options)


def _compile_field(
    source: Source, known: Mapping[str, Field], name: str, text: str
) -> _FieldMapping:
    if name not in known:
        message = f"source `{source.name}` maps `{name}`, which is no field of {source.kind}"
        raise ExciseError(message)
    found = _CONVERTED.fullmatch(text)
    if found is None:
        return _FieldMapping(known[name], _compiled(source, name, text), None)
    if found[2] not in CONVERTERS:
        message = f"source `{source.name}`: `{name}` has an unknown converter `~{found[2]}`"
        raise ExciseError(message, hint=f"known are {', '.join(f'~{c}' for c in CONVERTERS)}")
    return _FieldMapping(known[name], _compiled(source, name, found[1]), CONVERTERS[found[2]])


def _compiled(source: Source, name: str, expression: str) -> Any:  # noqa: ANN401 - untyped parser
    try:
        return jmespath.compile(expression)
    except JMESPathError as error:
        message = f"source `{source.name}`: `{name}` is not a JMESPath expression: {error}"
        raise ExciseError(message) from error
