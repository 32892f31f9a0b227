"""A links document connects by the same thing twice, so a shared value would count twice.

Accepted:

    links: identity
    connect: [{shared: account.payment_id}, {shared: account.device_id}]

Refused:

    links: identity
    connect: [{shared: account.payment_id}, {shared: account.payment_id, max_accounts: 50}]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.model.links import Connector, Synchrony

ID = "EX310"
TITLE = "a connector listed twice"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield every connector whose `shared` an earlier one has."""
    for _, links in sound(draft.links):
        seen: dict[tuple[type, str], Connector | Synchrony] = {}
        for connector in links.by_value:
            first = seen.setdefault((type(connector), connector.shared), connector)
            if first is not connector:
                related = (Related(first.span, "first listed here"),)
                message = f"{quote(connector.shared)} connects twice"
                yield Problem(connector.span, message, None, related)
