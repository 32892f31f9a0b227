"""Policies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model.policy import NamedSelection, Policy, Signal
from engine.language.model.promotion import Promotion
from engine.language.read.condition import Conditions
from engine.language.read.explanation import explanation_over
from engine.language.read.field_test import Vocabulary
from engine.language.read.mapping import InvalidError, Keys, Read, Reading
from engine.language.read.policy_test import test_over
from engine.language.read.promotion import read_promotion
from engine.language.read.scalars import (
    distinct,
    integer,
    list_of,
    name,
    text,
    word,
)
from engine.language.read.selection import Selections
from engine.language.read.signals import Signals
from engine.language.words import Axis, Behaviour, Reads, Severity, Status, SubjectKind
from engine.language.yaml_nodes import Document, Node

T = TypeVar("T")


class _Told(Protocol):
    """What becomes of a reader's complaints."""

    def __call__(self, read: Read[T], /) -> Read[T]: ...


_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class ReadPolicy:
    """A policy with the names of selections, signals and lists that something in it refers to."""

    model: Policy
    selections_used: frozenset[str]
    signals_used: frozenset[str]
    """By other signals."""
    lists_used: frozenset[str]


def read_policy(document: Document, known: Vocabulary, problems: Diagnostics) -> ReadPolicy:
    """Read a policy document; InvalidError, reported, when no policy can be made of it."""
    keys = Keys(document.root, "a policy", problems)
    selections = Selections(known)
    title, version = keys.required("policy", name), keys.required("version", _VERSION)
    heading = keys.required("title", text)
    status, owner = keys.required("status", _STATUS), keys.required("owner", text)
    behaviour, axis = keys.required("behaviour", _BEHAVIOUR), keys.required("axis", _AXIS)
    severity = keys.required("severity", _SEVERITY)
    clauses = keys.required("clauses", _CLAUSES)
    references = keys.optional("references", _TEXTS, ())
    subject = keys.required("subject", _SUBJECT)
    reads = keys.optional("reads", _READS, Reads.CONTENT)
    select = keys.optional("select", selections.declare, ())
    referring = Signals(selections, problems)
    named = referring.read(keys)
    signals = named or {}
    told: _Told = _of_all if named is not None else _but_for_names
    approvals: dict[str, Signal] = {}
    conditions = Conditions(signals, approvals, selections=selections.names)
    when = keys.required("when", told(conditions.read))
    unless = keys.optional("unless", told(conditions.clearing), ())
    explain = keys.required("explain", told(explanation_over(signals)))
    tests = keys.optional("tests", told(list_of(test_over(known.fields, signals))), ())
    unstated: Promotion | None = None
    promotion = keys.optional("promotion", read_promotion, unstated)
    keys.finish()
    policy = Policy(
        name=title.value,
        title=heading.value,
        version=version.value,
        status=status.value,
        owner=owner.value,
        behaviour=behaviour.value,
        axis=axis.value,
        severity=severity.value,
        subject=subject.value,
        clauses=clauses.value,
        references=references.value,
        select=tuple(NamedSelection(*entry) for entry in select.value),
        signals=(*_sound(named), *approvals.values()),
        when=when.value,
        unless=unless.value,
        explain=explain.value,
        tests=tests.value,
        text=document.text,
        reads=reads.value,
        promotion=promotion.value,
        span=document.root.span,
    )
    return ReadPolicy(
        policy,
        frozenset(selections.used),
        frozenset(referring.used),
        frozenset(selections.known.used),
    )


def _sound(signals: Mapping[str, Reading[Signal]] | None) -> tuple[Signal, ...]:
    """Return the signals; InvalidError where one could not be read, or none."""
    if signals is None:
        raise InvalidError
    return tuple(reading.value for reading in signals.values())


def _of_all(read: Read[T]) -> Read[T]:
    return read


def _but_for_names(read: Read[T]) -> Read[T]:
    """Return a reader that says nothing of unknown signals: which there are is not known."""

    def read_quietly(node: Node, problems: Diagnostics) -> T:
        found = Diagnostics()
        try:
            return read(node, found)
        finally:
            problems.include(one for one in found.sorted() if one.code not in _ABOUT_NAMES)

    return read_quietly


def _clause(node: Node, problems: Diagnostics) -> str:
    value = text(node, problems)
    if _REFERENCE.fullmatch(value):
        return value
    hint = "write `<terms>/<clause id>`, such as `usage-policy/model-scraping`"
    message = f"{quote(value)} is not a reference to a clause"
    problems.error(codes.BAD_NAME, node.span, message, hint=hint)
    raise InvalidError


_ABOUT_NAMES = frozenset({codes.UNKNOWN_SIGNAL.id, codes.BAD_PLACEHOLDER.id})
_VERSION = integer(1, 10**6)
_STATUS, _BEHAVIOUR, _AXIS = word(Status), word(Behaviour), word(Axis)
_SEVERITY, _SUBJECT, _READS = word(Severity), word(SubjectKind), word(Reads)
_CLAUSES = distinct(list_of(_clause, single=True))
_TEXTS = list_of(text, single=True)
