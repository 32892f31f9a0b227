"""What may stand as a value, in words: from the JSON Schema of a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.language.numerals import exact

Shape = Mapping[str, Any]
_FIELD = "a field"
_FEW = 12
"""So many words are listed; of more there is a table elsewhere."""


def value_words(shape: Shape, link: Callable[[str], str]) -> str:
    """Return what a value is; `link` gives the text for a definition that is referred to."""
    if "$ref" in shape:
        return link(shape["$ref"].rpartition("/")[2])
    if "allOf" in shape:
        return value_words(shape["allOf"][0], link)
    if "anyOf" in shape:
        return _either(shape["anyOf"], link)
    if "enum" in shape:
        return _one_of(shape["enum"])
    return _plain(shape, link)


def default_words(shape: Shape) -> str:
    """Return a default as it would be written; empty where there is no plain one."""
    default = shape.get("default")
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return "" if default is None else f"`{default}`"


def _either(options: list[Shape], link: Callable[[str], str]) -> str:
    """Return the options; one that is a list of another is said in short."""
    single = [option for option in options if option.get("type") != "array"]
    many = [option for option in options if option.get("type") == "array"]
    words = list(dict.fromkeys(value_words(option, link) for option in single))
    if _FIELD in words:
        return _FIELD
    if many and single and all(one.get("items") in single for one in many):
        return f"{' or '.join(words)}, or a list"
    return " or ".join([*words, *(value_words(option, link) for option in many)])


def _one_of(words: list[object]) -> str:
    if len(words) > _FEW:
        return _FIELD
    return ", ".join(f"`{word}`" for word in words)


def _plain(shape: Shape, link: Callable[[str], str]) -> str:
    kind = shape.get("type")
    if "title" in shape:
        return str(shape["title"])
    if kind == "array":
        items = shape.get("items")
        return f"list of {value_words(items, link)}" if items else "list"
    if kind == "object":
        inner = shape.get("additionalProperties")
        return f"names, each with {value_words(inner, link)}" if inner else "mapping"
    if kind in ("integer", "number"):
        return ("whole number" if kind == "integer" else "number") + _between(shape)
    if isinstance(kind, list):
        return " or ".join(_SIMPLE[one] for one in kind)
    return _SIMPLE[kind] if kind else "any value"


_SIMPLE = {
    "string": "text",
    "boolean": "`true`, `false`",
    "null": "nothing",
    "number": "number",
    "integer": "whole number",
    "array": "list",
    "object": "mapping",
}


def _between(shape: Shape) -> str:
    if "minimum" not in shape:
        return ""
    return f", {exact(shape['minimum'])} to {exact(shape['maximum'])}"
