"""What the documents say about each other: filters, and the rules that correlations rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from sigma.correlations import SigmaCorrelationRule, SigmaExtendedCorrelationCondition
from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule

from engine.authoring.sigma import codes
from engine.authoring.sigma.documents import SigmaDocument
from engine.authoring.sigma.reading import ReadRule, guarded
from engine.language.diagnostic import Diagnostic, Diagnostics, Level, quote
from engine.language.span import Span


def apply_filters(found: Sequence[ReadRule], problems: Diagnostics) -> None:
    """Narrow the rules that filters apply to, in place, as pySigma does it."""
    for read in found:
        if isinstance(read.rule, SigmaFilter):
            applied = [_apply(read.rule, read.document, other, problems) for other in found]
            if not any(applied):
                message = "the filter applies to none of the rules"
                span = read.document.span("filter", "rules")
                hint = "name the files that hold its rules, too"
                problems.add(Diagnostic(codes.IDLE_FILTER.id, Level.WARNING, message, span, hint))


def _apply(
    narrowing: SigmaFilter, document: SigmaDocument, other: ReadRule, problems: Diagnostics
) -> bool:
    rule = other.rule
    if not isinstance(rule, SigmaRule):
        return False
    before = len(rule.detection.detections)
    guarded(lambda: narrowing.apply_on_rule(rule), document.span("filter"), problems)
    return len(rule.detection.detections) > before


def parts_of(
    read: ReadRule,
    rule: SigmaCorrelationRule,
    found: Sequence[ReadRule],
    problems: Diagnostics,
) -> dict[str, ReadRule] | None:
    """Return the rules that a correlation rests on by its names for them, in its order.

    None, reported, when one of them is not there.
    """
    named = {
        name: _named(name, span, found, problems) for name, span in _names(rule, read.document)
    }
    if not named:
        message, hint = (
            "the correlation names no rules",
            "write `rules:` with names or ids of rules",
        )
        problems.error(codes.NOT_SIGMA, read.document.span("correlation"), message, hint=hint)
        return None
    parts = {name: part for name, part in named.items() if part is not None}
    return parts if len(parts) == len(named) else None


def _names(rule: SigmaCorrelationRule, document: SigmaDocument) -> list[tuple[str, Span]]:
    """Return the names that a correlation refers to rules by, each with its place."""
    if rule.rules is None and isinstance(rule.condition, SigmaExtendedCorrelationCondition):
        place = document.span("correlation", "condition")
        return [(name, place) for name in rule.condition.get_referenced_rules()]
    return [
        (str(reference.reference), document.span("correlation", "rules", place))
        for place, reference in enumerate(rule.rules or ())
    ]


def _named(
    name: str, span: Span, found: Sequence[ReadRule], problems: Diagnostics
) -> ReadRule | None:
    named = [read for read in found if goes_by(read, name)]
    if len(named) == 1:
        return named[0]
    if named:
        message = f"{len(named)} rules are called {quote(name)}"
        problems.error(
            codes.AMBIGUOUS, span, message, hint="refer to the one that is meant by its id"
        )
    else:
        message = f"no rule that could be read is called {quote(name)}"
        hint = "name the file that holds it, too"
        problems.error(codes.UNRESOLVED, span, message, hint=hint)
    return None


def goes_by(read: ReadRule, name: str) -> bool:
    """Whether a rule has the name, or the id."""
    if isinstance(read.rule, SigmaFilter):
        return False
    with suppress(ValueError):
        return read.rule.id == UUID(name)
    return read.rule.name == name


def building_blocks(documents: Sequence[SigmaDocument], found: Sequence[ReadRule]) -> set[int]:
    """Return the ids of the rules that are only parts of correlations, faulty ones included.

    Sigma makes nothing of such a rule by itself, unless the correlation says `generate: true`. What
    rests on itself is a part of nothing else, and refused.
    """
    rests_on = {
        id(document): [
            read for name in _parts_named(document, found) for read in found if goes_by(read, name)
        ]
        for document in documents
    }
    parts = [read for reads in rests_on.values() for read in reads]
    return {id(read.rule) for read in parts if not _rests_on_itself(read, rests_on)}


def _rests_on_itself(read: ReadRule, rests_on: Mapping[int, Sequence[ReadRule]]) -> bool:
    seen: set[int] = set()
    below = list(rests_on[id(read.document)])
    while below:
        other = below.pop()
        if id(other) not in seen:
            seen.add(id(other))
            below += rests_on[id(other.document)]
    return id(read) in seen


def _parts_named(document: SigmaDocument, found: Sequence[ReadRule]) -> list[str]:
    correlation: Any = document.data.get("correlation")
    if not isinstance(correlation, dict) or correlation.get("generate") is True:
        return []
    rule = next((read.rule for read in found if read.document is document), None)
    if isinstance(rule, SigmaCorrelationRule):
        return [name for name, _ in _names(rule, document)]
    rules = correlation.get("rules")
    return [str(name) for name in (rules if isinstance(rules, list) else [rules])]
