"""Raw values become typed ones, in SQL: what a value may look like, field type by field type.

A value that is there but cannot be read gives NULL here; `staging` sets its row aside. So a cast
never guesses: `1.5` is no integer, `0x10` no number, `2024-13-01` no time.
"""

from __future__ import annotations

import re

from engine.activity.address import canonical_sql
from engine.language.fields import Field, FieldType

NULL_TOKENS = ("", "None", "null", "-", "<>")
"""Texts that stand for an empty value, besides the empty text."""

EARLIEST_US = 946_684_800_000_000
"""2000-01-01: a time before it is a mistake."""
LATEST_US = 4_133_980_799_999_999
"""The last microsecond of 2100: a time after it is a mistake."""

EXPECTED = {
    FieldType.ANY: "is no value",
    FieldType.IDENTIFIER: "is not text",
    FieldType.TEXT: "is not text",
    FieldType.INTEGER: "is not a whole number of 64 bits",
    FieldType.DECIMAL: "is not a finite number",
    FieldType.BOOLEAN: "is not true or false",
    FieldType.TIMESTAMP: "is not a time",
    FieldType.ADDRESS: "is not an internet address",
    FieldType.TEXTS: "is not a list of texts",
    FieldType.IDENTIFIERS: "is not a list of texts",
    FieldType.INTEGERS: "is not a list of whole numbers",
}
"""By type: what to say of a value that cannot be read."""

_WHOLE = r"[+-]?[0-9]+(?:\.0*)?"
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"{_DAY}[T ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,9}})?"
_UTC = rf"(?:{_DAY}|{_MOMENT}(?:Z| UTC)?)"
_OFFSET = rf"{_MOMENT}[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?"
_EXACT_IN_DOUBLE = 2**53
_EXACT = r"[+-]?[0-9]{1,23}(?:\.[0-9]{0,15})?"
EXACT_TYPE = "DECIMAL(38, 15)"
"""Holds every number of up to 23 digits before the point and 15 after it."""
# The years 2000 to 2100 in seconds, milli-, micro- and nanoseconds do not overlap.
_EPOCH_UNITS = ((10**11, "* 1000000"), (10**14, "* 1000"), (10**17, ""), (None, "// 1000"))
_EPOCH_FRACTION = r"[0-9]{9,19}\.[0-9]{1,9}"

_INTEGER_TYPES = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
     "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
)  # fmt: skip


_WIDENED = frozenset(
    f"{name}[]"
    for name in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
)
"""Lists of whole numbers that all fit into 64 bits."""


def type_class(sql_type: str) -> str:
    """Return the class of a DuckDB type: text, integer, number, boolean, time, list or other."""
    name = sql_type.upper()
    if name.endswith("[]"):
        return "list"
    if name in _INTEGER_TYPES:
        return "integer"
    if name in ("FLOAT", "DOUBLE") or name.startswith("DECIMAL"):
        return "number"
    if name in ("VARCHAR", "UUID") or name.startswith("ENUM"):
        return "text"
    if name == "BOOLEAN":
        return "boolean"
    return "time" if name == "DATE" or name.startswith("TIMESTAMP") else "other"


def present_sql(raw: str, sql_type: str) -> str:
    """Return SQL for a raw value with the tokens for an empty value made NULL."""
    match type_class(sql_type):
        case "text":
            text = raw if sql_type.upper() == "VARCHAR" else f"CAST({raw} AS VARCHAR)"
            tokens = ", ".join(f"'{token}'" for token in NULL_TOKENS)
            return f"CASE WHEN {text} IN ({tokens}) THEN NULL ELSE {text} END"
        case "list":
            return f"CASE WHEN len({raw}) = 0 THEN NULL ELSE {raw} END"
    return raw


def cast_sql(field: Field, raw: str, sql_type: str) -> str:
    """Return SQL for the typed value of a field; NULL where the raw value cannot be read."""
    kind = type_class(sql_type)
    if never_fails(field, sql_type) and not field.type.is_list:
        return raw
    if field.type.is_list:
        return _list(field, raw, sql_type)
    if field.type is FieldType.TIMESTAMP:
        return _microseconds(raw, kind, sql_type)
    return _CASTS[field.type](raw, kind)


def never_fails(field: Field, sql_type: str) -> bool:
    """Return whether every raw value of a type is a value of the field, as it stands."""
    name = sql_type.upper()
    if field.type in (FieldType.IDENTIFIER, FieldType.TEXT, FieldType.ANY):
        return name == "VARCHAR"
    return name == {FieldType.INTEGER: "BIGINT", FieldType.BOOLEAN: "BOOLEAN"}.get(field.type)


def _text(raw: str, kind: str) -> str:
    match kind:
        case "text":
            return raw
        case "integer":
            return f"CAST({raw} AS VARCHAR)"
        case "number":  # whole numbers that a data frame with empty cells turned into floats
            return f"CAST({_integer(raw, kind)} AS VARCHAR)"
    return "CAST(NULL AS VARCHAR)"


def _integer(raw: str, kind: str) -> str:
    match kind:
        case "text":
            trimmed = f"trim({raw})"
            return (
                f"CASE WHEN regexp_full_match({trimmed}, '{_WHOLE}') "
                f"THEN TRY_CAST({trimmed} AS BIGINT) END"
            )
        case "integer":
            return f"TRY_CAST({raw} AS BIGINT)"
        case "number":
            double = f"CAST({raw} AS DOUBLE)"
            return (
                f"CASE WHEN abs({double}) <= {_EXACT_IN_DOUBLE} AND {double} = trunc({double}) "
                f"THEN CAST({double} AS BIGINT) END"
            )
    return "CAST(NULL AS BIGINT)"


def number_sql(text: str) -> str:
    """Return SQL for the DOUBLE that a text is written as, NULL when it is no number."""
    return (
        f"CASE WHEN regexp_full_match(trim({text}), '{_NUMBER}') "
        f"THEN TRY_CAST(trim({text}) AS DOUBLE) END"
    )


def exact_sql(text: str) -> str:
    """Return SQL for the exact number that a text is, NULL when `EXACT_TYPE` does not hold it."""
    return (
        f"CASE WHEN regexp_full_match(trim({text}), '{_EXACT}') "
        f"THEN TRY_CAST(trim({text}) AS {EXACT_TYPE}) END"
    )


def is_exact(number: str) -> bool:
    """Return whether `EXACT_TYPE` holds a number, written without an exponent."""
    return re.fullmatch(_EXACT, number) is not None


def _thousandths(raw: str, kind: str) -> str:
    """Everything goes through DOUBLE, so a value means the same in every format."""
    match kind:
        case "text":
            number = number_sql(raw)
        case "integer" | "number":
            number = f"CAST({raw} AS DOUBLE)"
        case _:
            return "CAST(NULL AS BIGINT)"
    return (
        f"CASE WHEN abs({number}) < {_EXACT_IN_DOUBLE // 1000} "
        f"THEN CAST(round_even(({number}) * 1000, 0) AS BIGINT) END"
    )


def _boolean(raw: str, kind: str) -> str:
    match kind:
        case "boolean":
            return raw
        case "text" | "integer":
            word = f"lower(trim(CAST({raw} AS VARCHAR)))"
            return (
                f"CASE WHEN {word} IN ('true', 't', 'yes', 'y', 'on', '1') THEN true "
                f"WHEN {word} IN ('false', 'f', 'no', 'n', 'off', '0') THEN false END"
            )
    return "CAST(NULL AS BOOLEAN)"


def _address(raw: str, kind: str) -> str:
    return canonical_sql(raw) if kind == "text" else "CAST(NULL AS VARCHAR)"


def _any(raw: str, kind: str) -> str:
    return raw if kind == "text" else f"CAST({raw} AS VARCHAR)"


_CASTS = {
    FieldType.ANY: _any,
    FieldType.IDENTIFIER: _text,
    FieldType.TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _thousandths,
    FieldType.BOOLEAN: _boolean,
    FieldType.ADDRESS: _address,
}


def _microseconds(raw: str, kind: str, sql_type: str) -> str:
    match kind:
        case "time" if sql_type.upper() == "TIMESTAMP_NS":
            return f"CASE WHEN isfinite({raw}) THEN epoch_ns({raw}) // 1000 END"
        case "time":
            return f"CASE WHEN isfinite({raw}) THEN epoch_us({raw}) END"
        case "integer":
            return _epoch(f"TRY_CAST({raw} AS BIGINT)")
        case "text":
            trimmed = f"trim({raw})"
            return (
                # A cast that knows zones takes five times as long.
                f"CASE WHEN regexp_full_match({trimmed}, '{_UTC}') "
                f"THEN epoch_us(TRY_CAST({trimmed} AS TIMESTAMP)) "
                f"WHEN regexp_full_match({trimmed}, '{_OFFSET}') "
                f"THEN epoch_us(TRY_CAST({trimmed} AS TIMESTAMPTZ)) "
                f"WHEN regexp_full_match({trimmed}, '[0-9]{{9,19}}') "
                f"THEN {_epoch(f'TRY_CAST({trimmed} AS BIGINT)')} "
                f"WHEN regexp_full_match({trimmed}, '{_EPOCH_FRACTION}') "
                f"THEN {_broken_epoch(f'TRY_CAST({trimmed} AS DOUBLE)')} END"
            )
        case "number":
            return _broken_epoch(f"CAST({raw} AS DOUBLE)")
    return "CAST(NULL AS BIGINT)"


def _epoch(number: str) -> str:
    branches = "".join(
        f"WHEN {number} < {limit} THEN {number} {scale} " if limit else f"ELSE {number} {scale} "
        for limit, scale in _EPOCH_UNITS
    )
    return f"CASE WHEN {number} < 0 OR {number} IS NULL THEN NULL {branches}END"


def _broken_epoch(number: str) -> str:
    """Of a number with a fraction, or of one that is stored so: to the nearest microsecond."""
    branches = "".join(
        f"WHEN {number} < {limit or 10**20} "
        f"THEN TRY_CAST(round({number} {scale.replace('//', '/')}, 0) AS BIGINT) "
        for limit, scale in _EPOCH_UNITS
    )
    return f"CASE WHEN {number} < 0 THEN NULL {branches}END"


def _list(field: Field, raw: str, sql_type: str) -> str:
    kind, whole = type_class(sql_type), field.type is FieldType.INTEGERS
    if kind == "text":
        texts = _texts(raw)
    elif sql_type.upper() in _WIDENED if whole else sql_type.upper() == "VARCHAR[]":
        return _whole_list(raw) if whole else _text_list(raw)
    elif kind == "list" and type_class(sql_type[:-2]) in ("text", "integer"):
        texts = f"CAST({raw} AS VARCHAR[])"
    else:
        return f"CAST(NULL AS {'BIGINT' if whole else 'VARCHAR'}[])"
    wrong = "e IS NULL OR e = ''" + (
        f" OR NOT regexp_full_match(trim(e), '{_WHOLE}') OR TRY_CAST(trim(e) AS BIGINT) IS NULL"
        if whole
        else ""
    )
    value = f"list_transform({texts}, lambda e: CAST(trim(e) AS BIGINT))" if whole else texts
    return f"CASE WHEN len(list_filter({texts}, lambda e: {wrong})) = 0 THEN {value} END"


def _whole_list(raw: str) -> str:
    """Every number fits: only an empty place is wrong."""
    return f"CASE WHEN {_full(raw)} THEN CAST({raw} AS BIGINT[]) END"


def _text_list(raw: str) -> str:
    return f"CASE WHEN {_full(raw)} AND NOT list_contains({raw}, '') THEN {raw} END"


def _full(raw: str) -> str:
    return f"list_aggregate({raw}, 'count') = len({raw})"


def _texts(raw: str) -> str:
    """A JSON array of texts and numbers, or else texts with bars between them."""
    array = f"TRY_CAST(CASE WHEN json_valid({raw}) THEN {raw} END AS JSON)"
    nested = f"list_filter(json_extract({array}, '$[*]'), lambda e: left(e, 1) IN ('{{', '['))"
    return (
        f"CASE WHEN starts_with({raw}, '[') "
        f"THEN CASE WHEN len({nested}) = 0 THEN TRY_CAST({array} AS VARCHAR[]) END "
        f"ELSE string_split({raw}, '|') END"
    )
