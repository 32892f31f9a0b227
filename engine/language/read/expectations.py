"""What a policy's test expects: verdicts, values, actions and campaigns, of all or by group."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model.measure import Bound
from engine.language.model.policy import Expectation, ExpectedValue
from engine.language.model.response import ActionSpec
from engine.language.read.bounds import read_bounds
from engine.language.read.mapping import (
    InvalidError,
    Keys,
    Read,
    Reading,
    Shaper,
    as_mapping,
    attempt,
    shaped,
    suggestion,
    wrong_type,
)
from engine.language.read.response import read_action
from engine.language.read.scalars import distinct, list_of, name, number_hint, one_of
from engine.language.words import ActionKind
from engine.language.yaml_nodes import Entry, MappingNode, Node, ScalarNode

VERDICTS = ("finding", "no finding", "indeterminate")
NONE, UNKNOWN = "none", "indeterminate"
_BESIDE = ("values", "actions")
"""What may stand beside a verdict on all accounts."""
_DETAILS = ("verdict", *_BESIDE, "campaign")
"""The keys of what is expected of a group."""
_VERDICT = one_of(VERDICTS, "expectation")
_VALUE = {"anyOf": [{"type": "number"}, {"enum": [UNKNOWN]}, {"$ref": "#/definitions/comparison"}]}


class Expectations:
    """Reads what the tests of one policy expect; `signals` are the policy's."""

    def __init__(self, signals: Collection[str]) -> None:
        self._signals = signals

    def of(self, groups: Collection[str] | None) -> Read[Expectation | tuple[Expectation, ...]]:
        """Return a reader of a verdict on all accounts, or of what is expected of each group.

        `groups` are the names of the test's groups, where they could be read.
        """

        def read(node: Node, problems: Diagnostics) -> Expectation | tuple[Expectation, ...]:
            if not isinstance(node, MappingNode):
                return Expectation(_VERDICT(node, problems), span=node.span)
            if not node.entries:
                hint = f"one of: {', '.join(VERDICTS)}"
                problems.error(codes.EMPTY, node.span, "nothing is expected", hint=hint)
            if groups is not None:
                _refuse_details(node, groups, problems)
            readings = [attempt(self._of_group, entry.value, problems) for entry in node.entries]
            return tuple(
                replace(reading.value, group=entry.key, span=entry.key_span)
                for entry, reading in zip(node.entries, readings, strict=True)
            )

        def shape(of: Shaper) -> dict[str, object]:
            one = {"anyOf": [of(_VERDICT), of(self._in_detail)]}
            groups = {"type": "object", "minProperties": 1, "additionalProperties": one}
            return {"anyOf": [of(_VERDICT), groups]}

        return shaped(shape)(read)

    def _of_group(self, node: Node, problems: Diagnostics) -> Expectation:
        if not isinstance(node, MappingNode):
            return Expectation(_VERDICT(node, problems))
        return self._in_detail(node, problems)

    def _in_detail(self, node: Node, problems: Diagnostics) -> Expectation:
        keys = Keys(node, "an expectation", problems)
        verdict = keys.required("verdict", _VERDICT)
        values = keys.optional("values", self.values, ())
        actions: Reading[tuple[ActionSpec, ...] | None]
        actions = keys.optional("actions", expected_actions, None)
        campaign: Reading[tuple[str, ...] | None] = keys.optional("campaign", _campaign, None)
        keys.finish()
        return Expectation(
            verdict.value, None, values.value, actions.value, campaign.value, node.span
        )

    @shaped({"type": "object", "minProperties": 1, "additionalProperties": _VALUE})
    def values(self, node: Node, problems: Diagnostics) -> tuple[ExpectedValue, ...]:
        """Read values of signals: numbers, bounds, or `indeterminate`."""
        example = "such as `{requests: 412, part: {gte: 0.3}}`"
        entries = as_mapping(node, problems, "signals with their values", example).entries
        if not entries:
            hint = "name a signal, or leave `values` out"
            problems.error(codes.EMPTY, node.span, "no value is expected", hint=hint)
        readings = [_attempted(self._signals, entry, problems) for entry in entries]
        return tuple(reading.value for reading in readings)


def _refuse_details(node: MappingNode, groups: Collection[str], problems: Diagnostics) -> None:
    """Report the keys of an expectation where the names of groups stand."""
    for entry in node.entries:
        if entry.key in _DETAILS and entry.key not in groups:
            message = f"{quote(entry.key)} stands where a group's name does, and no group has it"
            hint = _in_its_place(node, groups)
            problems.error(codes.UNKNOWN_GROUP, entry.key_span, message, hint=hint)
            raise InvalidError


def _in_its_place(node: MappingNode, groups: Collection[str]) -> str:
    """Say how to write what was meant, of all accounts and of a group."""
    written = [word for word in _DETAILS if word in node.by_key]
    beside = " and ".join(f"`{word}`" for word in _BESIDE if word in written)
    verdict = node.entry("verdict")
    told = verdict.value.text if verdict and isinstance(verdict.value, ScalarNode) else None
    of_all = f"`expect: {told if told in VERDICTS else VERDICTS[0]}`"
    of_all += f", and {beside} beside it" if beside else ""
    named = next(iter(groups), None)
    details = ", ".join(f"{word}: …" for word in dict.fromkeys(("verdict", *written)))
    of_group = f"`{named or '<its name>'}: {{{details}}}`"
    return f"of all accounts: {of_all}; of a group: {of_group}"


def _attempted(
    signals: Collection[str], entry: Entry, problems: Diagnostics
) -> Reading[ExpectedValue]:
    def read(node: Node, found: Diagnostics) -> ExpectedValue:
        if entry.key not in signals:
            message = f"unknown signal {quote(entry.key)}"
            hint = suggestion(entry.key, signals)
            found.error(codes.UNKNOWN_SIGNAL, entry.key_span, message, hint=hint)
            raise InvalidError
        return ExpectedValue(entry.key, _bounds(node, found), entry.key_span)

    return attempt(read, entry.value, problems)


def _bounds(node: Node, problems: Diagnostics) -> tuple[Bound, ...]:
    if isinstance(node, ScalarNode) and node.value == UNKNOWN:
        return ()
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        quoted = node.quoted and number_hint(node)
        hint = quoted or f"a number, a comparison such as `{{gte: 0.3}}`, or `{UNKNOWN}`"
        raise wrong_type(node, "a value", problems, hint)
    if not isinstance(node, ScalarNode | MappingNode):
        raise wrong_type(node, "a value", problems, "such as `412`, `{gte: 0.3, lt: 0.5}`")
    return read_bounds(node, problems)


@shaped(
    {
        "anyOf": [
            {"enum": [NONE, *(kind.value for kind in ActionKind)]},
            {"$ref": "#/definitions/action"},
            {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/action"}},
        ]
    }
)
def expected_actions(node: Node, problems: Diagnostics) -> tuple[ActionSpec, ...]:
    """Read `none`, or actions; one without its parameters stands for any of its kind."""
    if isinstance(node, ScalarNode) and node.value == NONE:
        return ()
    return list_of(_expected_action, single=True)(node, problems)


def _expected_action(node: Node, problems: Diagnostics) -> ActionSpec:
    return read_action(node, problems, complete=False)


@shaped(
    {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "minItems": 1, "items": {"type": "string"}},
        ]
    }
)
def _campaign(node: Node, problems: Diagnostics) -> tuple[str, ...]:
    """Read the groups that are one campaign, or `none`."""
    if isinstance(node, ScalarNode) and node.value == NONE:
        return ()
    return distinct(list_of(name, single=True))(node, problems)
