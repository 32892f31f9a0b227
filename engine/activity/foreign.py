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
from engine.activity.lines import NOT_UTF8, TOO_LONG, numbered_lines, opened
from engine.activity.mapping import RecordMapping, UnmappableError
from engine.activity.quarantine import Quarantine
from engine.activity.staging import Staging
from engine.errors import InputError

_CHUNK_ROWS = 50_000
_LONGEST_WHOLE = 256 * 2**20
_NOT_JSON = "is not valid JSON"
_STAMPED = re.compile(r"[0-9T:.Z-]{20,30} (?=\{)")
_DECODER = json.JSONDecoder()

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
        whole = None if file.stretch.begin else _whole(file)
        if whole is not None:
            for row_no, value in enumerate(whole, 1):
                yield from ((row_no, record) for record in _unwrapped(value))
            return
        with opened(file) as stream:
            for row_no, line in numbered_lines(stream, file.stretch.lines):
                try:
                    values = _values(line)
                except ValueError as error:
                    self.quarantine.reject(number, row_no, str(error))
                    continue
                for value in values:
                    yield from ((row_no, record) for record in _unwrapped(value))


def by_line(file: InputFile) -> bool:
    """Return whether records end with their lines: so says the first line, whatever follows.

    Raises InputError for a file that cannot be read.
    """
    with opened(file) as stream:
        return _ends_with_line(_first(stream))


def _first(stream: BinaryIO) -> bytes:
    """Return the first line with something in it, from where that begins."""
    first = b""
    while not first.strip() and (first := stream.readline(_LONGEST_WHOLE)):
        continue
    return first.removeprefix(b"\xef\xbb\xbf").lstrip()


def _ends_with_line(start: bytes) -> bool:
    return not start.startswith((b"[", b"{")) or (start.startswith(b"{") and _complete(start))


def _whole(file: InputFile) -> list[object] | None:
    """Return the values of a file that is one array or one value over several lines."""
    with opened(file) as stream:
        start = _first(stream)
        if _ends_with_line(start):
            return None
        rest = stream.read(_LONGEST_WHOLE)
    if len(rest) == _LONGEST_WHOLE:
        return None
    try:
        value = json.loads(start + rest)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else [value]


def _complete(line: bytes) -> bool:
    try:
        _values(line)
    except ValueError:
        return False
    return True


def _values(line: bytes | None) -> list[object]:
    """Return the JSON values of a line; raises ValueError with the reason."""
    if line is None:
        raise ValueError(TOO_LONG)
    try:
        text = line.decode().strip()
    except UnicodeDecodeError:
        raise ValueError(NOT_UTF8) from None
    if stamp := _STAMPED.match(text):
        text = text[stamp.end() :]
    values: list[object] = []
    try:
        while text:
            value, end = _DECODER.raw_decode(text)
            values.append(value)
            text = text[end:].lstrip()
    except (ValueError, RecursionError):
        raise ValueError(_NOT_JSON) from None
    return values


def _unwrapped(value: object) -> Iterator[object]:
    match value:
        case list():
            yield from value
        case {"Records": list(records)}:
            yield from records
        case {"logEvents": list(events)}:
            for event in events:
                message = event.get("message") if isinstance(event, dict) else None
                yield parsed(message)
        case _:
            yield value


def _content(record: object) -> str:
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
