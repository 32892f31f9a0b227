"""Expectations written in a file of their own, beside the activity that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.authoring.backtest.expectations import COUNTED, EVERY_OTHER, Bound, Expectation
from engine.errors import ExciseError
from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.read.mapping import (
    InvalidError,
    Keys,
    Reading,
    as_mapping,
    attempt,
    suggestion,
)
from engine.language.read.scalars import integer, is_name
from engine.language.render import render_text, summary
from engine.language.yaml_nodes import Entry, MappingNode, Node
from engine.language.yaml_reading import decode, documents

_BOUNDS = {bound.value: bound for bound in Bound}
_NUMBER = integer(0, 10**12)


def read_expectations(path: Path) -> tuple[Expectation, ...]:
    """Return what a file expects, in its order; raises ExciseError with every mistake in it.

    The file is one mapping, `expectations:`, of policies (or "*", every other one) to bounds of
    their hits, `{at_most: 40}`, or of another number, `{newly_hit: {exactly: 0}}`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{str(path)!r} cannot be read: {(error.strerror or 'no file').lower()}"
        raise ExciseError(message) from error
    problems = Diagnostics()
    text = decode(path.name, data, problems)
    found = [] if text is None else [one for one in documents(text, problems) if one.sound]
    read = [attempt(_document, one.root, problems) for one in found]
    faults = problems.sorted()
    if faults or not read:
        sources = {} if text is None else {path.name: text.text}
        shown = f"\n\n{render_text(faults, sources)}" if faults else ""
        message = f"the expectations in {str(path)!r} cannot be used: {summary(faults)}{shown}"
        raise ExciseError(message)
    return tuple(one for reading in read for one in reading.value)


def _document(node: Node, problems: Diagnostics) -> tuple[Expectation, ...]:
    keys = Keys(node, "a file of expectations", problems)
    found = keys.required("expectations", _policies)
    keys.finish()
    return found.value


def _policies(node: Node, problems: Diagnostics) -> tuple[Expectation, ...]:
    def read(entry: Entry) -> Reading[tuple[Expectation, ...]]:
        return attempt(lambda _, found: tuple(_policy(entry, found)), entry.value, problems)

    policies = as_mapping(node, problems, "policies and what is expected of them")
    readings = [read(entry) for entry in policies.entries]
    return tuple(one for reading in readings for one in reading.value)


def _policy(entry: Entry, problems: Diagnostics) -> Iterator[Expectation]:
    if entry.key != EVERY_OTHER and not is_name(entry.key):
        message = f"{quote(entry.key)} is not the name of a policy"
        problems.error(codes.BAD_NAME, entry.key_span, message)
        raise InvalidError
    expected = as_mapping(entry.value, problems, "what is expected of the policy")
    for inner in expected.entries:
        if inner.key in _BOUNDS:
            yield _expectation(entry.key, "hits", inner, problems)
        elif inner.key in COUNTED:
            yield from _counted(entry.key, inner, problems)
        else:
            _unknown(inner, (*_BOUNDS, *COUNTED), problems)


def _counted(policy: str, entry: Entry, problems: Diagnostics) -> Iterator[Expectation]:
    bounds: MappingNode = as_mapping(entry.value, problems, "one of exactly, at_least, at_most")
    for inner in bounds.entries:
        if inner.key not in _BOUNDS:
            _unknown(inner, tuple(_BOUNDS), problems)
        yield _expectation(policy, entry.key, inner, problems)


def _expectation(policy: str, counted: str, entry: Entry, problems: Diagnostics) -> Expectation:
    number = _NUMBER(entry.value, problems)
    return Expectation(policy, counted, _BOUNDS[entry.key], number)


def _unknown(entry: Entry, known: tuple[str, ...], problems: Diagnostics) -> None:
    message = f"an expectation has no key {quote(entry.key)}"
    hint = suggestion(entry.key, known)
    problems.error(codes.UNKNOWN_KEY, entry.key_span, message, hint=hint)
    raise InvalidError
