"""Reads JSON Lines: Python splits the lines, so that rows have numbers; SQL does the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from engine.activity.arrays import incoming
from engine.activity.discover import Format, InputFile
from engine.activity.functions import parsed
from engine.activity.halves import HALF, has_half, may_escape_half, without_halves
from engine.activity.json_values import FIRST_KEYS, NOT_WHOLE, is_spread, spread_values
from engine.activity.lines import NOT_UTF8, TOO_LONG, numbered_lines, opened
from engine.activity.quarantine import Quarantine
from engine.activity.staging import Staging
from engine.errors import InputError
from engine.language.fields import Field

_WRONG_FOR_LIST = "'OBJECT'"
_WRONG_FOR_VALUE = "'OBJECT', 'ARRAY'"
_SNIFFED = 50
_ESCAPED = r"\\u00(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff])"
"""What a line has whose writer escapes letters that need none: its keys may not be plain."""
_CHUNK_ROWS = 200_000
_CHUNK_BYTES = 160 * 2**20  # enough rows for two threads

_Row = tuple[int, str]


def read_json_lines(staging: Staging, quarantine: Quarantine, number: int, file: InputFile) -> None:
    """Append the rows of one file, or of its stretch; a row's number is that of its line, from 1.

    A file called `.json` may also be an array, or have values that are spread over lines; its rows
    are these values, counted from 1. Raises InputError naming a file that cannot be read.
    """
    supplied = file.stretch.supplied
    required = tuple(item.name for item in staging.kind.fields.values() if item.required)
    spread = file.format is Format.JSON and is_spread(file)
    with opened(file) as stream:
        rows = (_values_of if spread else _lines_of)(stream, file, quarantine, number)
        for chunk in _chunks(_mended(rows, required, quarantine, number)):
            supplied = _add(staging, number, chunk, supplied)
    staging.set_supplied(number, supplied)


def _values_of(
    stream: BinaryIO, file: InputFile, quarantine: Quarantine, number: int
) -> Iterator[_Row]:
    for row_no, value, reason in spread_values(stream, FIRST_KEYS):
        if reason == NOT_WHOLE:
            message = f"{file.path} is not a complete JSON array"
            raise InputError(message)
        if reason is None:
            yield row_no, json.dumps(value)
        else:
            quarantine.reject(number, row_no, reason)


def _lines_of(
    stream: BinaryIO, file: InputFile, quarantine: Quarantine, number: int
) -> Iterator[_Row]:
    for row_no, line in numbered_lines(stream, file.stretch.lines):
        if line is None:
            quarantine.reject(number, row_no, TOO_LONG)
            continue
        try:
            text = line.decode().strip()
        except UnicodeDecodeError:
            quarantine.reject(number, row_no, NOT_UTF8)
            continue
        if text:
            yield row_no, text


def _mended(
    rows: Iterator[_Row], required: Sequence[str], quarantine: Quarantine, number: int
) -> Iterator[_Row]:
    """Replace halves of surrogate pairs: for the database a record with one is no JSON at all."""
    for row_no, text in rows:
        record = _decoded(text) if may_escape_half(text) else None
        if not isinstance(record, dict):
            yield row_no, text
        elif broken := [name for name in required if has_half(record.get(name))]:
            quarantine.reject(number, row_no, HALF, about=broken[0])
        else:
            yield row_no, json.dumps(without_halves(record))


def _decoded(text: str) -> object:
    try:
        return FIRST_KEYS.decode(text)
    except (ValueError, RecursionError):
        return None


def _chunks(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    chunk: list[_Row] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += len(row[1])
        if len(chunk) >= _CHUNK_ROWS or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _add(
    staging: Staging, number: int, chunk: list[_Row], supplied: frozenset[str]
) -> frozenset[str]:
    """Append a chunk; return the fields that the file has been seen to supply."""
    numbers, lines = zip(*chunk, strict=True)
    with incoming(staging.workspace, {"row_no": numbers, "line": lines}) as name:
        keys = _keys(staging, name, lines[:_SNIFFED])
        known = staging.kind.fields.values()
        fields = [item for item in known if item.required or item.name in keys or item.key]
        supplied |= keys
        paths = ", ".join(f"'{path}'" for item in fields for path in _paths(item))
        relation = (
            f"(SELECT *, CAST({number} AS INTEGER) AS file_no, "
            f"TRY(json_extract_string(line, [{paths}])) AS j FROM {name})"
        )
        raw = {item.name: (value, "VARCHAR") for item, value in _values(fields)}
        mask = f"CAST({staging.kind.mask(supplied)} AS BIGINT)"
        staging.add(relation, raw, mask, misfit=_misfit(fields))
    return supplied


def _paths(item: Field) -> tuple[str, ...]:
    """Return where a record may have a field: a declared one with dots also in objects."""
    if not item.key:
        return (f"$.{item.name}",)
    flat, parts = f'$."{item.key}"', item.key.split(".")
    if not all(parts):  # no path has an empty step
        return (flat,)
    return tuple(dict.fromkeys((flat, "".join(["$", *(f'."{part}"' for part in parts)]))))


def _values(fields: list[Field]) -> Iterator[tuple[Field, str]]:
    """Yield each field with SQL for its value: the first that is there of the paths extracted."""
    place = 1
    for item in fields:
        ends = range(place, place + len(_paths(item)))
        place = ends.stop
        found = [f"j[{one}]" for one in ends]
        yield item, found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"


def _keys(staging: Staging, relation: str, sample: Sequence[str]) -> frozenset[str]:
    """Return the fields that some record of a chunk has a key for.

    Most keys are in the first lines. One search for all others tells whether any line may have
    them; only then is each looked for by itself.
    """
    found = frozenset().union(*(keys for line in sample if isinstance(keys := parsed(line), dict)))
    plain = [item.name for item in staging.kind.fields.values() if not item.key]
    rare = [name for name in plain if name not in found]
    found &= frozenset(plain)
    if not rare:
        return found
    anywhere = f"regexp_matches(line, '\"({'|'.join(rare)})\"|{_ESCAPED}')"
    tests = ", ".join(
        f"coalesce(bool_or((contains(line, '\"{name}\"') OR regexp_matches(line, '{_ESCAPED}')) "
        f"AND TRY(json_exists(line, '$.{name}'))), false)"
        for name in rare
    )
    row = staging.workspace.rows(f"SELECT {tests} FROM {relation} WHERE {anywhere}")[0]
    return found | {name for name, seen in zip(rare, row, strict=True) if seen}


def _misfit(fields: list[Field]) -> str:
    """Return SQL for the first field whose JSON value has the wrong structure."""
    branches = " ".join(
        f"WHEN left({value}, 1) IN ('{{', '[') AND ({_structure(item)}) THEN '{item.name}'"
        for item, value in _values(fields)
        if not item.lenient
    )
    return f"CASE WHEN j IS NULL OR NOT starts_with(line, '{{') THEN '' {branches} END"


def _structure(item: Field) -> str:
    """Return SQL for whether the JSON value at one of a field's places is of the wrong kind."""
    wrong = _WRONG_FOR_LIST if item.type.is_list else _WRONG_FOR_VALUE
    kinds = (f"json_type(line, '{path}') IN ({wrong})" for path in _paths(item))
    return " OR ".join(kinds)
