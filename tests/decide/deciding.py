"""Small policies, responses, packs and fact tables for the tests of `engine.decide`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from engine.language.model.condition import Compare, Condition
from engine.language.model.measure import Count
from engine.language.model.pack import Guardrails, Pack
from engine.language.model.policy import Policy, Signal
from engine.language.model.response import ActionSpec, Response, Step
from engine.language.model.selection import EVERYTHING
from engine.language.words import (
    ActionKind,
    Axis,
    Behaviour,
    Operator,
    Severity,
    Status,
    SubjectKind,
)
from engine.signals.facts import Column, FactTable, signal_key

ACCOUNT = SubjectKind.ACCOUNT
GT, GTE, LT, LTE, EQ, NEQ = (Operator(word) for word in ("gt", "gte", "lt", "lte", "eq", "neq"))
SIGNALS = tuple("abcdefgh")


def measure(name: str) -> Count:
    """A measure of its own for each name."""
    return Count(where=EVERYTHING, window_us=1 + SIGNALS.index(name))


@cache
def key(name: str) -> str:
    """The key of the signal of that name."""
    return signal_key(measure(name))


def compare(name: str, operator: Operator, threshold: float) -> Compare:
    """A comparison of a signal."""
    return Compare(name, operator, threshold)


def policy(
    name: str,
    when: Condition,
    *unless: Condition,
    signals: Sequence[str] = SIGNALS,
    status: Status = Status.ENFORCE,
    behaviour: Behaviour = Behaviour.DISTILLATION,
    axis: Axis = Axis.CONTENT,
    severity: Severity = Severity.HIGH,
    subject: SubjectKind = ACCOUNT,
) -> Policy:
    """A policy that has every signal unless told otherwise."""
    return Policy(
        name=name,
        title=name,
        version=1,
        status=status,
        owner="tests",
        behaviour=behaviour,
        axis=axis,
        severity=severity,
        subject=subject,
        clauses=(),
        references=(),
        select=(),
        signals=tuple(Signal(signal, measure(signal)) for signal in signals),
        when=when,
        unless=unless,
        explain="",
        tests=(),
        text="",
    )


def response(
    name: str, when: Condition, *guards: Condition | None, subject: SubjectKind = ACCOUNT
) -> Response:
    """A response with a rung for each guard, milder actions first."""
    kinds = list(ActionKind)
    ladder = tuple(
        Step((ActionSpec(kinds[number % len(kinds)]),), guard)
        for number, guard in enumerate(guards)
    )
    return Response(name, name, subject, when, ladder)


def pack(policies: Sequence[Policy], responses: Sequence[Response] = ()) -> Pack:
    """A pack of these policies and responses."""
    return Pack(
        name="tests",
        version="1",
        owners=(),
        guardrails=Guardrails(),
        terms=(),
        policies=tuple(policies),
        responses=tuple(responses),
        links=(),
        lists=(),
        exemptions=(),
        sources=(),
        digest="",
    )


def table(
    columns: Mapping[str, Sequence[tuple[float, float]]], kind: SubjectKind = ACCOUNT
) -> FactTable:
    """A table of intervals by `signal_key`; its subjects are s0000, s0001, ..."""
    rows = len(next(iter(columns.values()), ()))
    return FactTable(
        kind,
        tuple(f"s{row:05}" for row in range(rows)),
        {
            name: Column(
                np.array([low for low, _ in values], dtype=np.float64),
                np.array([high for _, high in values], dtype=np.float64),
                {"events": np.arange(rows, dtype=np.int64)},
            )
            for name, values in columns.items()
        },
    )
