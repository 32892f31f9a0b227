"""Responses: which findings lead to which step of the ladder."""

from __future__ import annotations

from collections.abc import Callable

from engine.language import codes
from engine.language.diagnostic import Diagnostics
from engine.language.model.condition import Condition
from engine.language.model.response import MEMBER_NUMBERS, ActionSpec, Cap, Response, Step
from engine.language.read.condition import Conditions
from engine.language.read.mapping import InvalidError, Keys, Reading, shaped, wrong_type
from engine.language.read.scalars import (
    decimal,
    duration,
    integer,
    list_of,
    name,
    one_of,
    text,
    word,
)
from engine.language.words import ActionKind, Approval, SubjectKind
from engine.language.yaml_nodes import Document, MappingNode, Node, ScalarNode

NUMBERS = ("members", "payers", "organisations", "portion")
"""What the conditions of a response may compare."""

FEATURES = ("logprobs", "logit_bias", "reasoning", "batch")
"""What `restrict` can take away."""

TEMPORARY = frozenset(
    {
        ActionKind.REQUIRE_VERIFICATION,
        ActionKind.HOLD_QUOTA,
        ActionKind.THROTTLE,
        ActionKind.RESTRICT,
        ActionKind.SUSPEND,
    }
)
"""What ends by itself, `for` so long."""

_MOST_ACCOUNTS = 10**9
_MEMBERS = Conditions(MEMBER_NUMBERS, approvals=None, alone="`exculpate` compares numbers alone")


def read_response(document: Document, problems: Diagnostics) -> Response:
    """Read a response document; InvalidError, reported, when none can be made of it."""
    keys = Keys(document.root, "a response", problems)
    conditions = Conditions(NUMBERS, approvals=None)
    response = keys.required("response", name)
    title = keys.optional("title", text, "")
    subject = keys.required("subject", word(SubjectKind))
    when = keys.required("when", conditions.read)
    ladder = keys.required("ladder", list_of(_step_over(conditions), single=True))
    cap = keys.optional("cap", read_cap, Cap())
    exculpate: Reading[Condition | None] = keys.optional("exculpate", _MEMBERS.read, None)
    keys.finish()
    return Response(
        name=response.value,
        title=title.value or response.value,
        subject=subject.value,
        when=when.value,
        ladder=ladder.value,
        cap=cap.value,
        exculpate=exculpate.value,
        text=document.text,
        span=document.root.span,
    )


def read_cap(node: Node, problems: Diagnostics) -> Cap:
    """Read how many accounts may be acted on: a number, a share, or both."""
    keys = Keys(node, "a cap", problems, example="such as `{accounts: 100, share: 0.01}`")
    accounts: Reading[int | None] = keys.optional("accounts", integer(0, _MOST_ACCOUNTS), None)
    share: Reading[float | None] = keys.optional("share", decimal(0, 1), None)
    keys.finish()
    if isinstance(node, MappingNode) and not node.entries:
        problems.error(codes.EMPTY, node.span, "the cap is empty", hint="use `accounts` or `share`")
        raise InvalidError
    return Cap(accounts.value, share.value)


def _step_over(conditions: Conditions) -> Callable[[Node, Diagnostics], Step]:
    def read(node: Node, problems: Diagnostics) -> Step:
        keys = Keys(node, "a step", problems, example="such as `do: warn`")
        actions = keys.required("do", list_of(read_action, single=True))
        guard: Reading[Condition | None] = keys.optional("if", conditions.read, None)
        approval = keys.optional("approval", word(Approval), Approval.ONE)
        keys.finish()
        return Step(actions.value, guard.value, approval.value, node.span)

    return read


@shaped({"$ref": "#/definitions/action"})
def read_action(node: Node, problems: Diagnostics, *, complete: bool = True) -> ActionSpec:
    """Read `warn`, `throttle: {for: 7d}` or `restrict: {feature: logprobs}`.

    One that is not `complete` may lack what it could not be taken without.
    """
    if isinstance(node, ScalarNode):
        kind = word(ActionKind)(node, problems)
        return _checked(ActionSpec(kind, span=node.span), problems, complete=complete)
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "an action", problems, "such as `throttle: {for: 7d}`")
    if len(node.entries) != 1:
        message = f"an action is one word, found {len(node.entries)}"
        hint = "put several actions in a list: `[warn, {throttle: {for: 7d}}]`"
        problems.error(codes.BAD_ACTION, node.span, message, hint=hint)
        raise InvalidError
    entry = node.entries[0]
    label = ScalarNode(entry.key, entry.key, entry.quoted, entry.key_span)
    kind = word(ActionKind)(label, problems)
    example = (
        f"such as `{kind.value}: {{for: 7d}}`" if kind in TEMPORARY else f"`{kind.value}` alone"
    )
    keys = Keys(entry.value, f"`{kind.value}`", problems, example=example)
    length: Reading[int | None] = keys.optional("for", duration, None)
    feature: Reading[str | None] = keys.optional("feature", one_of(FEATURES, "feature"), None)
    keys.finish()
    action = ActionSpec(kind, length.value, feature.value, entry.key_span)
    return _checked(action, problems, complete=complete)


def _checked(action: ActionSpec, problems: Diagnostics, *, complete: bool) -> ActionSpec:
    """Refuse parameters that an action has no use for, or needs and has not."""
    word_ = action.kind.value
    temporary, restricts = action.kind in TEMPORARY, action.kind is ActionKind.RESTRICT
    faults = {
        f"`{word_}` cannot have `for`": (action.for_us is not None and not temporary, "remove it"),
        f"`{word_}` cannot have `feature`": (
            action.feature is not None and not restricts,
            "remove it; `restrict` takes a feature away",
        ),
    }
    if complete:
        faults |= {
            f"`{word_}` needs `for`: without an end it would be a termination": (
                action.for_us is None and action.kind is ActionKind.SUSPEND,
                f"such as `{word_}: {{for: 30d}}`",
            ),
            f"`{word_}` needs `feature`": (
                action.feature is None and restricts,
                f"such as `{word_}: {{feature: {FEATURES[0]}}}`",
            ),
        }
    found = {message: hint for message, (is_one, hint) in faults.items() if is_one}
    for message, hint in found.items():
        problems.error(codes.BAD_ACTION, action.span, message, hint=hint)
    if found:
        raise InvalidError
    return action
