"""The criteria for a policy's promotion."""

from __future__ import annotations

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model.promotion import (
    CONFIDENCE,
    Promotion,
    ReviewCriteria,
    ShadowCriteria,
)
from engine.language.moments import parse_duration
from engine.language.read.mapping import InvalidError, Keys, Reading
from engine.language.read.scalars import decimal, duration, integer
from engine.language.yaml_nodes import MappingNode, Node, ScalarNode

_DAY_US = parse_duration("1d")
_MOST = 10**6


def read_promotion(node: Node, problems: Diagnostics) -> Promotion:
    """Read what must be shown in shadow and what in review, or one of the two."""
    keys = Keys(node, "`promotion`", problems)
    nothing: None = None
    shadow = keys.optional("shadow", _shadow, nothing)
    review = keys.optional("review", _review, nothing)
    keys.finish()
    if isinstance(node, MappingNode) and not node.entries:
        hint = "state what must be shown in `shadow`, in `review`, or in both"
        problems.error(codes.EMPTY, node.span, "no criteria are stated", hint=hint)
        raise InvalidError
    return Promotion(shadow.value, review.value, node.span)


def _shadow(node: Node, problems: Diagnostics) -> ShadowCriteria:
    keys = Keys(node, "the criteria", problems)
    days = keys.required("for", _days)
    hits: Reading[int] = keys.optional("hits", integer(1, _MOST), 0)
    keys.finish()
    return ShadowCriteria(days.value, hits.value, node.span)


def _review(node: Node, problems: Diagnostics) -> ReviewCriteria:
    keys = Keys(node, "the criteria", problems)
    days: Reading[int] = keys.optional("for", _days, 0)
    reviewed = keys.required("reviewed", integer(1, _MOST))
    wrong = keys.required("wrong_at_most", _wrong)
    confidence = keys.optional("confidence", _confidence, CONFIDENCE)
    keys.finish()
    return ReviewCriteria(reviewed.value, wrong.value, confidence.value, days.value, node.span)


def _wrong(node: Node, problems: Diagnostics) -> float:
    value = decimal(0, 1)(node, problems)
    if value == 0:
        raise _useless(node, "can never be met: the bound always lies above it", problems)
    if value == 1:
        raise _useless(node, "is always met: all hits might be wrong", problems)
    return value


def _confidence(node: Node, problems: Diagnostics) -> float:
    value = decimal(0.5, 1)(node, problems)
    if value == 1:
        raise _useless(node, "can never be met: nothing is ever that certain", problems)
    return value


def _useless(node: Node, why: str, problems: Diagnostics) -> InvalidError:
    shown = quote(node.text if isinstance(node, ScalarNode) else "")
    problems.error(codes.BAD_CRITERIA, node.span, f"{shown} {why}")
    return InvalidError()


def _days(node: Node, problems: Diagnostics) -> int:
    length = duration(node, problems)
    if length % _DAY_US == 0:
        return length // _DAY_US
    shown = quote(node.text if isinstance(node, ScalarNode) else "")
    hint = "days with a run are counted: 14d or 2w"
    problems.error(codes.BAD_CRITERIA, node.span, f"{shown} is no number of days", hint=hint)
    raise InvalidError
