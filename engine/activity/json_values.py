"""JSON values that are spread over lines, or stand in an array, one after another.

However long a file is, no more of it is in memory than the longest value. One broken value costs
itself alone where values begin lines: reading goes on at the next line that begins with an object
and is indented no deeper, so nothing inside of a broken value is ever taken for a record.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from engine.activity.discover import InputFile
from engine.activity.lines import LONGEST_LINE, NOT_UTF8, TOO_LONG, opened

NOT_JSON = "is not valid JSON"
NOT_WHOLE = "is not there: the array breaks off"

_BLANK = b"\xef\xbb\xbf \t\r\n"
_READ = 2**20
_AT_END = 16
"""Characters before the end of what was read, where the rest of a word may be missing."""
_MOST_DIGITS = 4000
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_BEGINS = re.compile(r"\n(?P<indent>[ \t]*)(?:,[ \t]*)?\{")
_UNDECODED = re.compile("[\udc80-\udcff]")
_BOUNDARIES = " \t\r\n,]{["

Found = tuple[int, object, str | None]
"""The number of a value, counted from 1, and the value, or else what is wrong with it."""


def _whole(digits: str) -> int | float:
    """Python refuses integers of more than 4,300 digits; no field takes one of 20."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _first_wins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Of a key that occurs twice the first is meant, as where the database reads a line."""
    return dict(reversed(pairs))


DECODER = json.JSONDecoder(parse_int=_whole)
FIRST_KEYS = json.JSONDecoder(parse_int=_whole, object_pairs_hook=_first_wins)


def is_spread(file: InputFile) -> bool:
    """Whether a file is an array, or its values do not each stand on a line; see `InputFile`.

    So says the first line, whatever follows: a file that only grows stays what it is. Raises
    InputError for a file that cannot be read.
    """
    with opened(file) as stream:
        line = b""
        while not line.strip(_BLANK) and (line := stream.readline(LONGEST_LINE)):
            continue
    first = line.decode("utf-8", "surrogateescape").lstrip("\ufeff").strip()
    if not first.startswith("{"):
        return first.startswith("[")
    try:
        DECODER.raw_decode(first)
    except json.JSONDecodeError as error:
        return error.pos >= len(first)  # it may go on
    except (ValueError, RecursionError):
        return False
    return len(line) == LONGEST_LINE


def spread_values(stream: BinaryIO, decoder: json.JSONDecoder = DECODER) -> Iterator[Found]:
    """Yield the values of such a file, and `NOT_WHOLE` last where an array breaks off."""
    return _Reader(stream, decoder).values()


@dataclass(slots=True)
class _Reader:
    """Reads values from a window that moves over the text."""

    stream: BinaryIO
    decoder: json.JSONDecoder
    _inside: bool = field(default=False, init=False)
    """Whether an array has begun and not ended."""
    _utf8: codecs.IncrementalDecoder = field(init=False)
    _text: str = field(default="", init=False)
    _at: int = field(default=0, init=False)
    _ended: bool = field(default=False, init=False)
    _indent: int = field(default=0, init=False)
    """How deep the line is indented on which the reader is."""

    def __post_init__(self) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def values(self) -> Iterator[Found]:
        """Yield values until the text ends."""
        number = 0
        while self._to_value():
            number += 1
            value, reason = self._value()
            yield number, value, reason
        if self._inside:
            yield number + 1, None, NOT_WHOLE

    def _to_value(self) -> bool:
        """Go to the next value; return whether there is one."""
        while self._skip_space():
            letter = self._text[self._at]
            if letter == "[" and not self._inside:
                self._inside = True
            elif letter == "]" and self._inside:
                self._inside = False
            elif letter != ",":
                return True
            self._at += 1
        return False

    def _skip_space(self) -> bool:
        """Go past blanks; return whether anything follows."""
        while True:
            end = self._space_ends()
            line = self._text.rfind("\n", self._at, end)
            if line >= 0:
                self._indent = end - line - 1
            self._at = end
            if end < len(self._text):
                return True
            if not self._more():
                return False

    def _space_ends(self) -> int:
        found = _SPACE.match(self._text, self._at)
        return found.end() if found else self._at

    def _value(self) -> tuple[object, str | None]:
        """Return the value that begins here, or what is wrong with it, and go past it."""
        while True:
            try:
                value, end = self.decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._lacks_more(error):
                    continue
            except RecursionError:
                pass
            else:
                if end > len(self._text) - _AT_END and self._more():
                    continue  # a number may go on
                if end - self._at > LONGEST_LINE:
                    self._at = end
                    return None, TOO_LONG
                if end == len(self._text) or self._text[end] in _BOUNDARIES:
                    valid = not _UNDECODED.search(self._text, self._at, end)
                    self._at = end
                    return (value, None) if valid else (None, NOT_UTF8)
            reason = TOO_LONG if len(self._text) - self._at > LONGEST_LINE else NOT_JSON
            self._go_on()
            return None, reason

    def _lacks_more(self, error: json.JSONDecodeError) -> bool:
        """Read on where that may mend an error; return whether there was more."""
        at_end = error.pos >= len(self._text) - _AT_END
        if not at_end and not error.msg.startswith("Unterminated"):
            return False
        return len(self._text) - self._at <= LONGEST_LINE and self._more()

    def _go_on(self) -> None:
        """Go past a broken value, to the next line that begins a value beside it."""
        while True:
            for found in _BEGINS.finditer(self._text, self._at):
                if len(found["indent"]) <= self._indent:
                    self._at = found.start()
                    return
            line = self._text.rfind("\n", self._at)
            self._at = len(self._text) if line < 0 else line
            if not self._more():
                self._at = len(self._text)
                return

    def _more(self) -> bool:
        """Read on, twice as much as is waiting; return whether there was more."""
        if self._ended:
            return False
        waiting = self._text[self._at :]
        read = self.stream.read(max(_READ, len(waiting)))
        self._ended = not read
        self._text = waiting + self._utf8.decode(read, final=self._ended)
        self._at = 0
        return True
