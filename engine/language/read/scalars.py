"""Readers of single values and of lists of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from engine.language import codes
from engine.language.diagnostic import Diagnostics, a, quote
from engine.language.numerals import exact
from engine.language.read.mapping import (
    InvalidError,
    Read,
    Shaper,
    T,
    attempt,
    shaped,
    suggested,
    wrong_type,
)
from engine.language.read.times import (
    DATE,
    DURATION,
    TIME,
    duration_meant,
    duration_us,
    end_us,
    time_us,
)
from engine.language.yaml_nodes import Node, ScalarNode, SequenceNode

E = TypeVar("E", bound=Enum)
H = TypeVar("H", bound=Hashable)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")
_CLAUSE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_UPPER = re.compile(r"[A-Z]")
_PERCENT = 100
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_IN_PERCENT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{0,6})?) ?%")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[_ ][0-9]{3})+(?![0-9])|[0-9]{1,9}(?= [A-Za-z])")
"""Numbers as people write them: their thousands apart, or with what they count."""
_SEVERAL = re.compile(r"[^\s,]+(?:, *[^\s,]+)+")
_TRUTH = {"yes": True, "on": True, "y": True, "1": True, "true": True} | {
    "no": False, "off": False, "n": False, "0": False, "false": False,
}  # fmt: skip
_LONGEST_LISTING = 40


@shaped({"type": "string", "pattern": r"\S"})
def text(node: Node, problems: Diagnostics) -> str:
    """Read text that says something; the blanks around it do not count."""
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        raise wrong_type(node, "text", problems, _text_hint(node))
    if not node.value.strip():
        hint = "write something, or leave the key out"
        problems.error(codes.EMPTY, node.span, "the text is empty", hint=hint)
        raise InvalidError
    return node.value.strip()


def _text_hint(node: Node) -> str:
    if isinstance(node, SequenceNode):
        return "one text, without brackets"
    scalar = isinstance(node, ScalarNode) and node.value is not None
    return "put it in quotes if it is meant as text" if scalar else "write some text"


NAME_HINT = "letters, digits, `-` and `_`, at most 100, the first one a letter"
"""What a name is made of."""


@shaped({"type": "string", "pattern": f"^{_NAME.pattern}$"})
def name(node: Node, problems: Diagnostics) -> str:
    """Read the name of something of the pack."""
    return _matching(_NAME, "a name", node, problems)


@shaped({"type": "string", "pattern": f"^{_CLAUSE.pattern}$"})
def clause_id(node: Node, problems: Diagnostics) -> str:
    """Read the id of a clause, which may hold dots: `D.4-competing`."""
    return _matching(_CLAUSE, "a clause id", node, problems)


def _matching(pattern: re.Pattern[str], what: str, node: Node, problems: Diagnostics) -> str:
    value = text(node, problems)
    if pattern.fullmatch(value):
        return value
    hint = odd_letter(value) or NAME_HINT
    if pattern is _CLAUSE:
        hint = "letters, digits, `.`, `-` and `_`, at most 100"
    problems.error(codes.BAD_NAME, node.span, f"{quote(value)} is not {what}", hint=hint)
    raise InvalidError


def is_name(value: str) -> bool:
    """Whether text could name something of the pack."""
    return _NAME.fullmatch(value) is not None


def odd_letter(value: str) -> str | None:
    """Return a hint at the first letter that looks like one of a name and is another."""
    odd = next((char for char in value if not char.isascii()), None)
    return f"`{odd}` is U+{ord(odd):04X}; names have the letters A to Z" if odd else None


def integer(minimum: int, maximum: int) -> Read[int]:
    """Return a reader of whole numbers within bounds, both included."""

    def read(node: Node, problems: Diagnostics) -> int:
        value = node.value if isinstance(node, ScalarNode) else None
        if isinstance(value, bool) or not isinstance(value, int):
            hint = number_hint(node, str(max(minimum, 1)))
            raise wrong_type(node, "a whole number", problems, hint)
        _check_range(value, minimum, maximum, node, problems)
        return value

    return shaped({"type": "integer", "minimum": minimum, "maximum": maximum})(read)


def decimal(minimum: float, maximum: float, *, places: int | None = None) -> Read[float]:
    """Return a reader of numbers within bounds, both included, of so many decimals at most."""

    def read(node: Node, problems: Diagnostics) -> float:
        value = node.value if isinstance(node, ScalarNode) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong_type(node, "a number", problems, number_hint(node))
        _check_range(value, minimum, maximum, node, problems)
        if places is not None and _decimals(value) > places:
            message = f"{value} has more than {places} decimals"
            problems.error(codes.OUT_OF_RANGE, node.span, message)
            raise InvalidError
        return float(value)

    return shaped({"type": "number", "minimum": minimum, "maximum": maximum})(read)


def _decimals(value: float) -> int:
    """Return how many digits stand behind the point of a number as it is spelled out."""
    whole, _, decimals = str(value).partition(".")
    if "e" in whole or "e" in decimals:
        return max(0, -int(Decimal(str(value)).normalize().as_tuple().exponent))
    return len(decimals.rstrip("0"))


def number_hint(node: Node, example: str = "100 or 0.3") -> str:
    """Say how the number that was meant is written."""
    alone = f"a number alone, such as {example}"
    if not isinstance(node, ScalarNode) or isinstance(node.value, bool | None):
        return alone
    if isinstance(node.value, int | float):
        whole = node.value == int(node.value)
        return f"write {int(node.value)}" if whole else "without a fraction"
    percent = _IN_PERCENT.fullmatch(node.text)
    if percent:
        return f"write {Decimal(percent[1]) / _PERCENT:f}"
    if node.quoted and _NUMBER.fullmatch(node.text):
        return "write it without quotes"
    grouped = _GROUPED.match(node.text)
    return f"write {re.sub('[_ ]', '', grouped[0])}" if grouped else alone


def _check_range(
    value: float, minimum: float, maximum: float, node: Node, problems: Diagnostics
) -> None:
    if minimum <= value <= maximum:
        return
    bound = f"less than {exact(minimum)}" if value < minimum else f"more than {exact(maximum)}"
    percent = maximum == 1 < value <= _PERCENT
    hint = f"write {value / _PERCENT:g}" if percent else None
    problems.error(codes.OUT_OF_RANGE, node.span, f"{exact(value)} is {bound}", hint=hint)
    raise InvalidError


@shaped({"type": "boolean"})
def boolean(node: Node, problems: Diagnostics) -> bool:
    """Read true or false."""
    if isinstance(node, ScalarNode) and isinstance(node.value, bool):
        return node.value
    raise wrong_type(node, "true or false", problems, truth_hint(node))


def truth_hint(node: Node) -> str:
    """Say how the truth value that was meant is written."""
    meant = _TRUTH.get(node.text.casefold()) if isinstance(node, ScalarNode) else None
    return "write true or false" if meant is None else f"write {str(meant).lower()}"


@shaped({"type": "string", "title": "duration", "pattern": f"^{DURATION.pattern}$"})
def duration(node: Node, problems: Diagnostics) -> int:
    """Read a duration in microseconds."""
    shape = "a whole number and a unit: 90s, 30m, 1h, 7d or 2w; at most ten years"
    if not isinstance(node, ScalarNode) or isinstance(node.value, bool | None):
        raise wrong_type(node, "a duration", problems, shape)
    value = duration_us(node.text)
    if value is None:
        message = f"{quote(node.text)} is not a duration"
        meant = duration_meant(node.text)
        hint = f"write `{meant}`" if meant else shape
        problems.error(codes.BAD_DURATION, node.span, message, hint=hint)
        raise InvalidError
    return value


@shaped({"type": "string", "title": "time", "pattern": f"^{TIME.pattern}$"})
def time(node: Node, problems: Diagnostics) -> int:
    """Read a date or a time in microseconds since 1970, UTC; a date is its first moment."""
    return _moment(time_us, node, problems)


@shaped({"type": "string", "title": "time", "pattern": f"^{TIME.pattern}$"})
def end(node: Node, problems: Diagnostics) -> int:
    """Read a date or a time up to and including which something holds; a date is its last."""
    return _moment(end_us, node, problems)


def _moment(parse: Callable[[str], int | None], node: Node, problems: Diagnostics) -> int:
    if not isinstance(node, ScalarNode) or isinstance(node.value, bool | None):
        raise wrong_type(node, "a time", problems)
    value = parse(node.text)
    if value is None:
        message = f"{quote(node.text)} is not a time"
        hint = "a date, 2026-06-05, or a date and time, 2026-06-05T14:30:00Z; from 1970 on"
        problems.error(codes.BAD_TIME, node.span, message, hint=hint)
        raise InvalidError
    return value


@shaped({"type": "string", "title": "date", "pattern": f"^{DATE.pattern}$"})
def day(node: Node, problems: Diagnostics) -> str:
    """Read a date and return it as written."""
    time(node, problems)
    value = text(node, problems)
    if len(value) == len("2026-06-05"):
        return value
    hint = "the date alone, 2026-06-05"
    problems.error(codes.BAD_TIME, node.span, f"{quote(value)} is not a date", hint=hint)
    raise InvalidError


def word(kind: type[E]) -> Read[E]:
    """Return a reader of one of the words of a vocabulary."""
    known, read_word = _vocabulary(kind)

    def read(node: Node, problems: Diagnostics) -> E:
        member: E = known[read_word(node, problems)]
        return member

    return shaped({"enum": list(known)})(read)


@cache
def _vocabulary(kind: type[Enum]) -> tuple[dict[str, Any], Read[str]]:
    known = {member.value: member for member in kind}
    return known, one_of(known, _UPPER.sub(r" \g<0>", kind.__name__).strip().lower())


def one_of(known: Iterable[str], what: str) -> Read[str]:
    """Return a reader of one of a few words, which are called `what`."""
    words = tuple(known)

    def read(node: Node, problems: Diagnostics) -> str:
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
            raise wrong_type(node, a(what), problems, f"one of: {', '.join(words)}")
        value = node.value.strip()
        if value in words:
            return value
        hint = suggested(what, value, words, listed=_LONGEST_LISTING)
        message = f"unknown {what} {quote(value)}"
        problems.error(codes.UNKNOWN_WORD, node.span, message, hint=hint)
        raise InvalidError

    return shaped({"enum": list(words)})(read)


def items(node: Node) -> tuple[Node, ...]:
    """Return the items of a list, or the node itself where an author left the brackets out."""
    return node.items if isinstance(node, SequenceNode) else (node,)


def list_of(read: Read[T], *, single: bool = False) -> Read[tuple[T, ...]]:
    """Return a reader of lists with at least one item; `single` also takes one without brackets."""

    def read_all(node: Node, problems: Diagnostics) -> tuple[T, ...]:
        if not isinstance(node, SequenceNode) and not single:
            raise wrong_type(node, "a list", problems, "put it in square brackets")
        nodes = items(node)
        if not nodes:
            hint = "name at least one, or leave the key out"
            problems.error(codes.EMPTY, node.span, "the list is empty", hint=hint)
            raise InvalidError
        if single:
            _refuse_commas(node, problems)
        readings = [attempt(read, item, problems) for item in nodes]
        return tuple(reading.value for reading in readings)

    def shape(of: Shaper) -> dict[str, object]:
        several: dict[str, object] = {"type": "array", "items": of(read), "minItems": 1}
        return {"anyOf": [of(read), several]} if single else several

    return shaped(shape)(read_all)


def _refuse_commas(node: Node, problems: Diagnostics) -> None:
    """Refuse `a, b` where a list may stand: without brackets it is one text."""
    if isinstance(node, ScalarNode) and not node.quoted and _SEVERAL.fullmatch(node.text):
        message = "this is one text with a comma in it"
        hint = f"several go in brackets: `[{node.text}]`; one goes in quotes"
        problems.error(codes.MISLEADING, node.span, message, hint=hint)
        raise InvalidError


def at_most(most: int, read: Read[tuple[T, ...]]) -> Read[tuple[T, ...]]:
    """Return a reader of lists that refuses more than so many items."""

    def read_few(node: Node, problems: Diagnostics) -> tuple[T, ...]:
        values = read(node, problems)
        if len(values) > most:
            message = f"{len(values)} entries are more than {most}"
            problems.error(codes.OUT_OF_RANGE, items(node)[most].span, message)
            raise InvalidError
        return values

    return shaped(lambda of: of(read))(read_few)


def distinct(read: Read[tuple[H, ...]]) -> Read[tuple[H, ...]]:
    """Return a reader that refuses a list with the same value twice."""

    def read_distinct(node: Node, problems: Diagnostics) -> tuple[H, ...]:
        values = read(node, problems)
        seen: set[H] = set()
        for value, item in zip(values, items(node), strict=True):
            if value in seen:
                shown = quote(item.text) if isinstance(item, ScalarNode) else "the item"
                message = f"{shown} is listed twice"
                problems.error(codes.REPEATED, item.span, message, hint="remove one of the two")
            seen.add(value)
        return values

    return shaped(lambda of: of(read))(read_distinct)
