"""Two documents of one kind have the same name, so nobody could say which one is meant.

Accepted:

    list: reasoning-demands
    ---
    list: judge-rubrics

Refused:

    list: reasoning-demands
    ---
    list: reasoning-demands
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft
from engine.language.span import Span

ID = "EX301"
TITLE = "a name given twice"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield every document whose name an earlier one has, whether they are sound or not."""
    for kind, documents in draft.kinds.items():
        first: dict[str, Span] = {}
        for document in documents:
            if document.name is None:
                continue
            place = first.setdefault(document.name, document.named_at)
            if place != document.named_at:
                message = f"{kind} {quote(document.name)} is defined twice"
                related = (Related(place, "first defined here"),)
                yield Problem(document.named_at, message, "rename one, or remove it", related)
