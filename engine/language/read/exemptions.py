"""Exemptions: narrow, owned, expiring reasons not to act."""

from __future__ import annotations

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model.pack import Exemption
from engine.language.read.mapping import InvalidError, Keys, shaped
from engine.language.read.scalars import distinct, end, list_of, name, text, word
from engine.language.words import Behaviour
from engine.language.yaml_nodes import Document, Node

_WILDCARDS = frozenset("*?%")
_WHO = ("accounts", "organisations", "approvals")


def read_exemption(document: Document, problems: Diagnostics) -> Exemption:
    """Read an exemption document; InvalidError, reported, when none can be made of it."""
    keys = Keys(document.root, "an exemption", problems)
    title, reason = keys.required("exemption", name), keys.required("reason", text)
    owner, approver = keys.required("owner", text), keys.required("approved_by", text)
    until = keys.required("until", end)
    texts = distinct(list_of(_one, single=True))
    accounts, organisations, approvals = (keys.optional(key, texts, ()) for key in _WHO)
    policies = keys.optional("policies", distinct(list_of(name, single=True)), ())
    behaviours = keys.optional("behaviours", distinct(list_of(word(Behaviour), single=True)), ())
    keys.finish()
    if not any(keys.has(key) for key in _WHO):
        message = "the exemption names nobody, so it would be for everybody"
        hint = f"it needs one of: {', '.join(_WHO)}"
        problems.error(codes.MISSING_KEY, document.root.span, message, hint=hint)
        raise InvalidError
    return Exemption(
        name=title.value,
        reason=reason.value,
        owner=owner.value,
        approved_by=approver.value,
        until_us=until.value,
        accounts=frozenset(accounts.value),
        organisations=frozenset(organisations.value),
        approvals=frozenset(approvals.value),
        policies=frozenset(policies.value),
        behaviours=frozenset(behaviour.value for behaviour in behaviours.value),
        span=document.root.span,
    )


@shaped({"type": "string", "pattern": r"\S"})
def _one(node: Node, problems: Diagnostics) -> str:
    """Read the id of one account or organisation, or the name of one approval."""
    value = text(node, problems)
    if _WILDCARDS & set(value):
        message = f"{quote(value)} is the id of nobody: it is no pattern here"
        hint = "an exemption names those whom it shields, one by one"
        problems.error(codes.BAD_NAME, node.span, message, hint=hint)
        raise InvalidError
    return value
