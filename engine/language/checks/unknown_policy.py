"""A condition or an exemption names a policy that the pack does not have.

Accepted:

    response: answer
    when: {finding: harness}

Refused:

    response: answer
    when: {finding: harnes}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.conditions import written_conditions
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.model.condition import Found
from engine.language.read.mapping import suggestion
from engine.language.span import Span

ID = "EX302"
TITLE = "an unknown policy"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield every name of a policy that no document has, sound or not."""
    known = {document.name: None for document in draft.policies if document.name is not None}
    for name, span in _names(draft):
        if name not in known:
            message = f"unknown policy {quote(name)}"
            yield Problem(span, message, suggestion(name, sorted(known)))


def _names(draft: Draft) -> Iterator[tuple[str, Span]]:
    for condition in written_conditions(draft):
        if isinstance(condition, Found):
            yield condition.policy, condition.span
    for document, exemption in sound(draft.exemptions):
        for name in sorted(exemption.policies):
            yield name, document.at_item("policies", name)
