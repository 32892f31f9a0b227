"""Explanations: text with `{signal}` and `{signal:percent}` in it."""

from __future__ import annotations

import re
from collections.abc import Collection

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.read.mapping import Read, suggestion
from engine.language.read.scalars import text
from engine.language.yaml_nodes import Node

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_FORMATS = ("percent",)


def placeholders(explanation: str) -> tuple[str, ...]:
    """Return the names of the signals that an explanation shows, in order."""
    return tuple(found.partition(":")[0] for found in _PLACEHOLDER.findall(explanation))


def percentages(explanation: str) -> tuple[str, ...]:
    """Return the names of the signals that an explanation shows as percentages."""
    parts = (found.partition(":") for found in _PLACEHOLDER.findall(explanation))
    return tuple(name for name, _, style in parts if style == _FORMATS[0])


def explanation_over(signals: Collection[str]) -> Read[str]:
    """Return a reader of explanations whose placeholders name these signals."""

    def read(node: Node, problems: Diagnostics) -> str:
        value = text(node, problems)
        for inside in _PLACEHOLDER.findall(value):
            _check(inside, signals, node, problems)
        if set("{}") & set(_PLACEHOLDER.sub("", value)):
            message = "a brace stands alone in the explanation"
            hint = "`{signal}` shows a value; braces mean nothing else"
            problems.error(codes.BAD_PLACEHOLDER, node.span, message, hint=hint)
        return value

    return read


def _check(inside: str, signals: Collection[str], node: Node, problems: Diagnostics) -> None:
    signal, colon, style = inside.partition(":")
    if signal not in signals:
        message = f"the explanation shows an unknown signal {quote(signal)}"
        hint = suggestion(signal, signals)
        problems.error(codes.BAD_PLACEHOLDER, node.span, message, hint=hint)
    elif colon and style not in _FORMATS:
        message = f"unknown format {quote(style)} of {quote(signal)}"
        hint = f"write `{{{signal}}}` or `{{{signal}:percent}}`"
        problems.error(codes.BAD_PLACEHOLDER, node.span, message, hint=hint)
