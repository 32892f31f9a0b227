"""Reads CSV: one bad row costs that row alone, even where a quotation mark is missing.

A row that cannot be read, or that runs over several lines and has the wrong number of columns,
is set aside up to the end of its first line; reading goes on with the next line.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.activity.arrays import incoming
from engine.activity.discover import InputFile
from engine.activity.lines import LONGEST_LINE, NOT_UTF8, TOO_LONG, numbered_lines, opened
from engine.activity.parquet import require_columns
from engine.activity.quarantine import Quarantine
from engine.activity.staging import Kind, Staging
from engine.errors import InputError

_CHUNK_ROWS = 130_000  # enough for two threads
_CHUNK_CHARACTERS = 64 * 2**20
_UNQUOTED = "has a quotation mark or a line end out of place"

# Writers leave a lone carriage return unquoted, which the parser would not have; no valid text and
# no invalid byte decodes to this.
_RETURN = "\udc0d"
_LONG = "\udc00\n"  # stands for a line too long to keep
_ESCAPED = re.compile("[\udc80-\udcff]")

_Row = tuple[int, list[str]]


@dataclass(slots=True)
class _Feed:
    """Gives the CSV parser its lines, and takes back those it should not have read."""

    source: Iterator[tuple[int, bytes | None]]
    taken: list[tuple[int, str]] = field(default_factory=list)
    size: int = 0
    flaw: str | None = None
    """Why the record being read is to be set aside, if the parser does not mind it."""
    returns: bool = False
    """Whether the record being read has carriage returns inside."""
    _returned: deque[tuple[int, str]] = field(default_factory=deque)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.size > LONGEST_LINE:
            raise csv.Error(TOO_LONG)
        number, text = self._returned.popleft() if self._returned else self._decoded()
        self.taken.append((number, text))
        self.size += len(text)
        if not text.isascii():
            self._judge(text)
        return text

    def begin(self) -> None:
        """Forget the lines of the record before."""
        self.taken.clear()
        self.size, self.flaw, self.returns = 0, None, False

    def retry(self) -> None:
        """Give back all lines of the record but the first."""
        self._returned.extendleft(reversed(self.taken[1:]))

    def _judge(self, text: str) -> None:
        if text == _LONG:
            self.flaw = TOO_LONG
        elif _ESCAPED.search(text):
            self.flaw = NOT_UTF8
        self.returns = self.returns or _RETURN in text

    def _decoded(self) -> tuple[int, str]:
        number, line = next(self.source)
        if line is None:
            return number, _LONG
        text = line.decode("utf-8", "surrogateescape")
        body = text.rstrip("\r\n")
        return number, body.replace("\r", _RETURN) + text[len(body) :]


def read_csv(staging: Staging, quarantine: Quarantine, number: int, file: InputFile) -> None:
    """Append the rows of one file; a row's number is that of its first line, the header's is 1.

    Raises InputError naming a file that cannot be read or lacks a required column.
    """
    csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST_LINE))
    with opened(file) as stream:
        feed = _Feed(numbered_lines(stream))
        parser = csv.reader(feed, strict=True)
        header = _header(staging.kind, file, parser)
        if header is None:
            return
        by_key = staging.kind.by_key
        wanted = {name: place for place, key in enumerate(header) for name in by_key.get(key, ())}
        mask = f"CAST({staging.kind.mask(frozenset(wanted))} AS BIGINT)"
        rows = _rows(feed, parser, len(header), quarantine, number)
        for numbers, values in _chunks(rows):
            columns = list(zip(*values, strict=True))
            picked = {name: columns[place] for name, place in wanted.items()}
            with incoming(staging.workspace, {"row_no": numbers, **picked}) as name:
                relation = f"(SELECT *, CAST({number} AS INTEGER) AS file_no FROM {name})"
                raw = {item: (_cell(staging.kind, item), "VARCHAR") for item in wanted}
                staging.add(relation, raw, mask)


def _cell(kind: Kind, name: str) -> str:
    """Return SQL for a cell: an empty one has no value, whatever the field's type."""
    return f"nullif({name}, '')" if kind.fields[name].key else name


def _header(kind: Kind, file: InputFile, parser: Iterator[list[str]]) -> list[str] | None:
    try:
        names = next((row for row in parser if row), None)
    except csv.Error as error:
        message = f"{file.path} has no readable header"
        raise InputError(message) from error
    if names is None:
        return None
    if any(_RETURN in name for name in names):  # what follows would be taken for its names
        message = f"{file.path} ends its lines with carriage returns alone"
        raise InputError(message, hint="end them with line feeds")
    names = [name.strip() for name in names]
    twice = sorted({name for name in names if name in kind.by_key and names.count(name) > 1})
    if twice:
        message = f"{file.path} has the column `{twice[0]}` more than once"
        raise InputError(message)
    require_columns(kind, file, names)
    return names


def _rows(
    feed: _Feed, parser: Iterator[list[str]], width: int, quarantine: Quarantine, number: int
) -> Iterator[_Row]:
    while True:
        feed.begin()
        try:
            row = next(parser)
        except StopIteration:
            return
        except csv.Error as error:
            reason = TOO_LONG if str(error) == TOO_LONG else _UNQUOTED
        else:
            if not row and feed.flaw is None:
                continue
            if len(row) == width and feed.flaw is None:
                if feed.returns:
                    row = [value.replace(_RETURN, "\r") for value in row]
                yield feed.taken[0][0], row
                continue
            reason = feed.flaw or f"has {len(row)} columns, not {width}"
        quarantine.reject(number, feed.taken[0][0], reason)
        feed.retry()


def _chunks(rows: Iterator[_Row]) -> Iterator[tuple[list[int], list[list[str]]]]:
    numbers: list[int] = []
    values: list[list[str]] = []
    size = 0
    for number, row in rows:
        numbers.append(number)
        values.append(row)
        size += sum(map(len, row))
        if len(values) >= _CHUNK_ROWS or size >= _CHUNK_CHARACTERS:
            yield numbers, values
            numbers, values, size = [], [], 0
    if values:
        yield numbers, values
