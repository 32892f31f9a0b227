"""Policy documents as text, as an author would write them: short things on one line.

What is written reads back as the same data through `engine.language.yaml_reading`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from engine.language.yaml_scalars import NotFiniteError, resolve

Data: TypeAlias = "str | int | float | bool | Sequence[Data] | Mapping[str, Data] | None"

WIDTH = 100
_PLAIN = re.compile(r"[A-Za-z_][\w.@/|*-]*(:[\w./|*-]+)*( [\w.@/|*()-]+)*|[0-9]+[smhdw]", re.ASCII)
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off"})
"""Text here, truth values to readers of YAML 1.1."""
_QUOTABLE = re.compile(r"[^\n\t\r]*")
_SECTIONS = ("select", "signals", "when", "explain", "declare")
"""Keys of a document before which a blank line helps the eye."""


class Inline(dict[str, Data]):
    """A mapping that stands on one line where it fits."""


class Prose(str):
    """Text that is broken into lines."""

    __slots__ = ()


def document(data: Mapping[str, Data], comments: Sequence[str] = ()) -> str:
    """Return a document with comments before it; every line ends with a line feed."""
    lines = [line for comment in comments for line in _comment(comment)]
    for key, value in data.items():
        if key in _SECTIONS:
            lines.append("")
        lines += _entry(key, value, "")
    return "".join(f"{line}\n" for line in lines)


def _comment(text: str) -> list[str]:
    shown = "".join(char if char.isprintable() else " " for char in text)
    return [f"# {line}" for line in textwrap.wrap(shown, WIDTH - 2, break_long_words=False)]


def _entry(key: str, value: Data, indent: str) -> Iterator[str]:
    head = f"{indent}{scalar(key)}:"
    if isinstance(value, Prose):
        yield f"{head} >"
        inner = f"{indent}  "
        yield from textwrap.wrap(
            " ".join(value.split()),
            WIDTH,
            initial_indent=inner,
            subsequent_indent=inner,
            break_on_hyphens=False,
        )
        return
    short = flow(value)
    if short is not None and len(head) + 1 + len(short) <= WIDTH:
        yield f"{head} {short}"
        return
    yield head
    yield from _block(value, indent + "  ")


def _block(value: Data, indent: str) -> Iterator[str]:
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from _entry(key, inner, indent)
        case str() | int() | float() | None:
            yield f"{indent}{scalar(value)}"
        case Sequence():
            for item in value:
                yield from _item(item, indent)


def _item(value: Data, indent: str) -> Iterator[str]:
    short = flow(value)
    if short is not None and len(indent) + 2 + len(short) <= WIDTH:
        yield f"{indent}- {short}"
        return
    first, *rest = _block(value, indent + "  ")
    yield f"{indent}- {first.removeprefix(indent + '  ')}"
    yield from rest


def flow(value: Data) -> str | None:
    """Return a value as it stands on one line; None for what is better not put there."""
    match value:
        case Inline():
            parts = {scalar(key): flow(inner) for key, inner in value.items()}
            shown = [f"{key}: {inner}" for key, inner in parts.items() if inner is not None]
            return "{" + ", ".join(shown) + "}" if len(shown) == len(parts) else None
        case Mapping():
            return None if value else "{}"
        case str() | int() | float() | None:
            return scalar(value)
        case Sequence():
            items = [flow(item) for item in value]
            shown = [item for item in items if item is not None]
            return "[" + ", ".join(shown) + "]" if len(shown) == len(items) else None


def scalar(value: str | float | bool | None) -> str:  # noqa: FBT001 - one of the scalars
    """Return a scalar as YAML, quoted where it would be read as something else without."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return _text(value)
    return repr(value)


def _text(value: str) -> str:
    if _PLAIN.fullmatch(value) and _is_text(value) and value.lower() not in _WORDS:
        return value
    if "'" in value and value.isprintable() and not {'"', "\\"} & set(value):
        return f'"{value}"'
    if _QUOTABLE.fullmatch(value) and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(_escaped(char) for char in value) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else f"\\U{ord(char):08X}"


def _is_text(value: str) -> bool:
    try:
        return isinstance(resolve(value), str)
    except NotFiniteError:
        return False
