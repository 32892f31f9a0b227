"""What a test expects, held against what came: every expectation that was not met, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.authoring.answers import Answers
from engine.authoring.came import Came
from engine.authoring.explain.nearness import near
from engine.authoring.explain.numbers import observed
from engine.authoring.explain.reasons import reasons_of
from engine.authoring.explain.why import why
from engine.batch.outcome_json import SYMBOLS
from engine.decide.kleene import compared
from engine.language.model.policy import Expectation, ExpectedValue
from engine.language.numerals import exact
from engine.language.span import Span
from engine.language.words import Operator, SubjectKind
from engine.signals.facts import Fact


@dataclass(frozen=True, slots=True)
class Fault:
    """An expectation that was not met."""

    span: Span
    """Where the expectation is written."""
    message: str
    why: tuple[str, ...] = ()
    """Lines: what decided it, for one of the subjects concerned."""


AnswersOf = Callable[[], Answers]
"""Tells what the pack does; asked only where a test expects something of it."""


def faults(came: Came, answers: AnswersOf) -> Iterator[Fault]:
    """Yield what was not as a test expects it."""
    for expectation in came.test.expectations:
        if expectation.group is None:
            yield from _of_all(came, expectation, answers)
        else:
            yield from _of_group(came, expectation, expectation.group, answers)


def _of_all(came: Came, expected: Expectation, answers: AnswersOf) -> Iterator[Fault]:
    if came.verdict != expected.verdict:
        message = f"expected {expected.verdict}, came {came.verdict}"
        if not came.subjects:
            message = f"expected {expected.verdict}, {_nobody(came)}"
        others = [one for one in came.subjects if came.verdict_on(one) != expected.verdict]
        yield Fault(expected.span, message, _why(came, others))
        return
    if expected.values or expected.actions is not None:
        concerned = [one for one in came.subjects if came.verdict_on(one) == expected.verdict]
        yield from _values(came, expected, concerned)
        yield from _actions(came, expected, concerned, answers)


def _of_group(came: Came, expected: Expectation, group: str, answers: AnswersOf) -> Iterator[Fault]:
    subjects = came.subjects_of(group)
    yield from _campaign(came, expected, group)
    wrong = [one for one in subjects if came.verdict_on(one) != expected.verdict]
    if wrong:
        message = f"{group}: expected {expected.verdict}, came {came.verdict_on(wrong[0])}"
        yield Fault(expected.span, message + _of_how_many(wrong, subjects), _why(came, wrong))
    elif not subjects and expected.verdict != "no finding":
        message = f"{group}: expected {expected.verdict}, {_nobody(came)}"
        yield Fault(expected.span, message)
    yield from _values(came, expected, subjects)
    yield from _actions(came, expected, subjects, answers)


def _nobody(came: Came) -> str:
    """Return why there was nobody to judge."""
    told = f"came no {came.policy.subject.value} to judge"
    if came.policy.subject is SubjectKind.CAMPAIGN and came.test.links == "rules":
        return f"{told}: the pack's links make none of these accounts; `links: all` makes one"
    if came.policy.subject is SubjectKind.ORGANISATION:
        return f"{told}: the accounts, or their exchanges, need an `org_id`"
    return f"{told}: nobody had asked anything by `as_of`"


def _of_how_many(some: Sequence[str], everyone: Sequence[str]) -> str:
    if len(everyone) <= 1:
        return ""
    return f" for {len(some):,} of {len(everyone):,}, such as {some[0]}"


def _why(came: Came, subjects: Sequence[str]) -> tuple[str, ...]:
    """Return what decided about the subject that is nearest to a finding."""
    explained = {one: came.explained(one) for one in subjects}
    if not explained:
        return ()
    id_ = max(explained, key=lambda one: near(explained[one]).nearness)
    reasons = reasons_of(came.judged, came.subject(id_), [explained[id_]])
    return (f"{came.subject(id_)}: {came.verdict_on(id_)}", *why(explained[id_], reasons))


def _values(came: Came, expected: Expectation, subjects: Sequence[str]) -> Iterator[Fault]:
    for value in expected.values:
        if not subjects:
            message = f"{_group(expected)}{value.signal}: nobody is judged, so nobody has a value"
            yield Fault(value.span, message)
            continue
        facts = {one: came.fact(one, value.signal) for one in subjects}
        wrong = [one for one, fact in facts.items() if not _met(value, fact)]
        if wrong:
            told = f"expected {_bounds(value)}, came {_observed(facts[wrong[0]])}"
            message = f"{_group(expected)}{value.signal}: {told}"
            yield Fault(value.span, message + _of_how_many(wrong, subjects))


def _met(value: ExpectedValue, fact: Fact) -> bool:
    if not value.bounds:
        return not fact.known
    return all(
        compared(fact.low, fact.high, one.operator, one.threshold)[0] for one in value.bounds
    )


def _bounds(value: ExpectedValue) -> str:
    told = " and ".join(f"{SYMBOLS[one.operator]} {exact(one.threshold)}" for one in value.bounds)
    return told.removeprefix(f"{SYMBOLS[Operator.EQ]} ") or "indeterminate"


def _observed(fact: Fact) -> str:
    """Return a value with all its digits: it is there to be written into the test."""
    return exact(fact.low) if fact.known else observed(fact, 0.0)


def _campaign(came: Came, expected: Expectation, group: str) -> Iterator[Fault]:
    if expected.campaign is None:
        return
    campaigns = came.campaigns_of(group)
    if not expected.campaign:
        if campaigns:
            message = f"{group}: expected in no campaign, came {len(campaigns):,}"
            yield Fault(expected.span, message)
        return
    wanted = {account for name in expected.campaign for account in came.accounts[name]}
    if len(campaigns) == 1 and {*campaigns[0].account_ids} == wanted:
        return
    told = " and ".join(expected.campaign)
    if not campaigns:
        came_to = "it is in none"
    elif len(campaigns) > 1:
        came_to = f"it is in {len(campaigns):,}"
    else:
        there = {*campaigns[0].account_ids}
        came_to = f"of {len(wanted):,} accounts {len(wanted - there):,} are not in it"
        came_to += f", and {len(there - wanted):,} others are"
    yield Fault(expected.span, f"{group}: expected one campaign of {told}; {came_to}")


def _actions(
    came: Came, expected: Expectation, subjects: Sequence[str], answers: AnswersOf
) -> Iterator[Fault]:
    if expected.actions is None:
        return
    found = answers()
    for id_ in subjects:
        told = found.unlike(came.subject(id_), expected.actions)
        if told is not None:
            message = f"{_group(expected)}{told.message}"
            yield Fault(told.span or expected.span, message, told.why)
            return
    if not subjects and expected.actions:
        yield Fault(expected.span, f"{_group(expected)}nobody is acted on")


def _group(expected: Expectation) -> str:
    return f"{expected.group}: " if expected.group else ""
