"""Policies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model.policy import NamedSelection, Policy, Signal
from engine.language.model.promotion import Promotion
from engine.language.read.condition import Conditions
from engine.language.read.explanation import explanation_over
from engine.language.read.field_test import Vocabulary
from engine.language.read.mapping import InvalidError, Keys
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

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class ReadPolicy:
    """A policy with the names of the selections and signals that something in it refers to."""

    model: Policy
    selections_used: frozenset[str]
    signals_used: frozenset[str]
    """By other signals."""


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
    signals = referring.read(keys)
    approvals: dict[str, Signal] = {}
    conditions = Conditions(signals, approvals)
    when = keys.required("when", conditions.read)
    unless = keys.optional("unless", conditions.clearing, ())
    explain = keys.required("explain", explanation_over(signals))
    tests = keys.optional("tests", list_of(test_over(known.fields, signals)), ())
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
        signals=(*(reading.value for reading in signals.values()), *approvals.values()),
        when=when.value,
        unless=unless.value,
        explain=explain.value,
        tests=tests.value,
        text=document.text,
        reads=reads.value,
        promotion=promotion.value,
        span=document.root.span,
    )
    return ReadPolicy(policy, frozenset(selections.used), frozenset(referring.used))


def _clause(node: Node, problems: Diagnostics) -> str:
    value = text(node, problems)
    if _REFERENCE.fullmatch(value):
        return value
    hint = "write `<terms>/<clause id>`, such as `usage-policy/model-scraping`"
    message = f"{quote(value)} is not a reference to a clause"
    problems.error(codes.BAD_NAME, node.span, message, hint=hint)
    raise InvalidError


_VERSION = integer(1, 10**6)
_STATUS, _BEHAVIOUR, _AXIS = word(Status), word(Behaviour), word(Axis)
_SEVERITY, _SUBJECT, _READS = word(Severity), word(SubjectKind), word(Reads)
_CLAUSES = distinct(list_of(_clause, single=True))
_TEXTS = list_of(text, single=True)
