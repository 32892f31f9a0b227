"""Reads foreign log records through a source mapping, record by record.

A file may hold JSON Lines, one value over several lines, several values on a line, an array, or
what AWS wraps records in: `Records`, and the `logEvents` of a log subscription.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from engine.activity.arrays import incoming
from engine.activity.discover import Format, InputFile
from engine.activity.faults import PRIVATE
from engine.activity.functions import parsed
from engine.activity.json_values import (
    DECODER,
    NOT_JSON,
    Found,
    is_spread,
    spread_values,
)
from engine.activity.lines import NOT_UTF8, TOO_LONG, numbered_lines, opened
from engine.activity.mapping import RecordMapping, UnmappableError
from engine.activity.quarantine import Quarantine
from engine.activity.staging import Staging
from engine.errors import InputError

_CHUNK_ROWS = 50_000
_STAMPED = re.compile(r"[0-9T:.Z-]{20,30} (?=\{)")

_Mapped = tuple[int, str, dict[str, str | None]]


@dataclass(slots=True)
class ForeignReader:
    """Reads files of one source."""

    staging: Staging
    quarantine: Quarantine
    mapping: RecordMapping
    _left_out: int = 0

    def read(self, number: int, file: InputFile) -> int:
        """Append the records of a file or its stretch; return how many the source does not want.

        Raises InputError naming a file that cannot be read.
        """
        self._left_out = 0
        if file.format not in (Format.LINES, Format.JSON):
            message = f"{file.path} holds no JSON, so no records of this source"
            raise InputError(message)
        chunk: list[_Mapped] = []
        supplied = file.stretch.supplied
        for row_no, record in self._records(number, file):
            mapped = self._mapped(number, row_no, record)
            if mapped is not None:
                supplied |= mapped.keys()
                chunk.append((row_no, _content(record), mapped))
            if len(chunk) >= _CHUNK_ROWS:
                self._add(number, chunk)
                chunk = []
        self._add(number, chunk)
        self.staging.set_supplied(number, supplied)
        return self._left_out

    def _mapped(self, number: int, row_no: int, record: object) -> dict[str, str | None] | None:
        try:
            if not self.mapping.wanted(record):
                self._left_out += 1
                return None
            return self.mapping.apply(record)
        except UnmappableError as error:
            hidden = error.field in PRIVATE or error.raw is None
            raw = None if hidden else str(error.raw)[:80]
            self.quarantine.reject(number, row_no, error.reason, about=error.field, raw=raw)
            return None

    def _add(self, number: int, chunk: list[_Mapped]) -> None:
        if not chunk:
            return
        fields = [item.field.name for item in self.mapping.fields]
        columns: dict[str, list[object]] = {
            "row_no": [row_no for row_no, _, _ in chunk],
            "record": [content for _, content, _ in chunk],
        }
        for name in fields:
            columns[name] = [mapped.get(name) for _, _, mapped in chunk]
        with incoming(self.staging.workspace, columns) as name:
            relation = f"(SELECT *, CAST({number} AS INTEGER) AS file_no FROM {name})"
            raw = {
                name_: (item.field.name, "VARCHAR")
                for item in self.mapping.fields
                for name_ in self.staging.kind.by_key[item.field.label]
            }
            self.staging.add(relation, raw, "CAST(0 AS BIGINT)", record="record")

    def _records(self, number: int, file: InputFile) -> Iterator[tuple[int, object]]:
        spread = not file.stretch.begin and is_spread(file)
        with opened(file) as stream:
            found = spread_values(stream) if spread else _line_values(stream, file)
            for row_no, value, reason in found:
                if reason is not None:
                    self.quarantine.reject(number, row_no, reason)
                else:
                    yield from ((row_no, record) for record in _unwrapped(value))


def _line_values(stream: BinaryIO, file: InputFile) -> Iterator[Found]:
    """Yield the JSON values of lines, of which one may have several; they have its number."""
    for row_no, line in numbered_lines(stream, file.stretch.lines):
        try:
            yield from ((row_no, value, None) for value in _values(line))
        except ValueError as error:
            yield row_no, None, str(error)


def _values(line: bytes | None) -> Iterator[object]:
    """Yield the JSON values of a line; raises ValueError with the reason."""
    if line is None:
        raise ValueError(TOO_LONG)
    try:
        text = line.decode().strip()
    except UnicodeDecodeError:
        raise ValueError(NOT_UTF8) from None
    if stamp := _STAMPED.match(text):
        text = text[stamp.end() :]
    while text:
        try:
            value, end = DECODER.raw_decode(text)
        except (ValueError, RecursionError):
            raise ValueError(NOT_JSON) from None
        yield value
        text = text[end:].lstrip()


def _unwrapped(value: object) -> Iterator[object]:
    match value:
        case list():
            yield from value
        case {"Records": list(records)}:
            yield from records
        case {"messageType": "CONTROL_MESSAGE"}:  # a service looks whether somebody listens
            yield value
        case {"logEvents": list(events)}:
            for event in events:
                message = event.get("message") if isinstance(event, dict) else None
                yield parsed(message)
        case _:
            yield value


def _content(record: object) -> str:
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
