"""Sigma's selection conditions: `a and not (b or c)`, `1 of x_*`, `all of them`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

MAX_TOKENS = 1000
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Name:
    """A named selection, at an offset into the expression."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Several:
    """`1 of x_*` or `all of x_*`; the pattern `them` is every other selection."""

    every: bool
    pattern: str
    offset: int


@dataclass(frozen=True, slots=True)
class Inverse:
    """`not x`."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Joined:
    """`a and b` (every) or `a or b`."""

    every: bool
    parts: tuple[Expression, ...]


Expression = Name | Several | Inverse | Joined

_TOKEN = re.compile(r"\s*(?:([()])|([A-Za-z0-9_*?-]+)|(\S))")
_QUANTIFIERS = {"1": False, "any": False, "all": True}
_WORDS = frozenset({"and", "or", "not", "of"})


class ExpressionError(ValueError):
    """What is wrong with an expression, and at which offset."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def parse_expression(text: str) -> Expression:
    """Return the expression's tree; `not` binds strongest, `or` weakest. ExpressionError."""
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, int]] = []
        for found in _TOKEN.finditer(text):
            if found[3]:
                raise ExpressionError(f"unexpected `{found[3]}`", found.start(3))
            self._tokens.append((found[1] or found[2], found.start(1 if found[1] else 2)))
        if len(self._tokens) > MAX_TOKENS:
            raise ExpressionError(f"more than {MAX_TOKENS} words", self._tokens[MAX_TOKENS][1])
        self._end = len(text.rstrip())
        self._at = 0
        self._depth = 0

    def parse(self) -> Expression:
        result = self._either()
        if self._at < len(self._tokens):
            word, offset = self._tokens[self._at]
            raise ExpressionError(f"expected `and` or `or`, found `{word}`", offset)
        return result

    def _peek(self) -> str:
        return self._tokens[self._at][0].lower() if self._at < len(self._tokens) else ""

    def _either(self) -> Expression:
        return self._chain("or", self._both, every=False)

    def _both(self) -> Expression:
        return self._chain("and", self._unary, every=True)

    def _chain(self, word: str, read: Callable[[], Expression], *, every: bool) -> Expression:
        parts = [read()]
        while self._peek() == word:
            self._at += 1
            parts.append(read())
        return parts[0] if len(parts) == 1 else Joined(every, tuple(parts))

    def _unary(self) -> Expression:
        if self._peek() not in ("not", "("):
            return self._operand()
        word, offset = self._tokens[self._at]
        self._at += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(f"nested deeper than {MAX_DEPTH} levels", offset)
        result = self._group(offset) if word == "(" else Inverse(self._unary())
        self._depth -= 1
        return result

    def _group(self, offset: int) -> Expression:
        result = self._either()
        if self._peek() != ")":
            raise ExpressionError("this parenthesis is never closed", offset)
        self._at += 1
        return result

    def _operand(self) -> Expression:
        word, offset = self._take("a selection")
        if word.lower() in _QUANTIFIERS and self._peek() == "of":
            self._at += 1
            pattern, _ = self._take("a name such as `x_*`, or `them`")
            return Several(_QUANTIFIERS[word.lower()], pattern, offset)
        if word == ")" or word.lower() in _WORDS:
            raise ExpressionError(f"expected a selection, found `{word}`", offset)
        if "*" in word or "?" in word:
            raise ExpressionError(f"write `1 of {word}` or `all of {word}`", offset)
        return Name(word, offset)

    def _take(self, expected: str) -> tuple[str, int]:
        if self._at >= len(self._tokens):
            raise ExpressionError(f"expected {expected} at the end", self._end)
        token = self._tokens[self._at]
        self._at += 1
        return token
