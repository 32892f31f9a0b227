"""An explanation without a number.

The account holder and the reviewer are owed the facts: `{signal}` puts a signal's value into the
sentence.

Accepted:

    policy: harness
    explain: "{events} requests carried one instruction"

Refused:

    policy: harness
    explain: many requests carried one instruction
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level
from engine.language.draft import Draft, sound

ID = "EX424"
TITLE = "an explanation without a number"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield explanations that name none of the policy's signals."""
    for document, read in sound(draft.policies):
        if read.model.signals and "{" not in read.model.explain:
            name = read.model.signals[0].name
            message = "the explanation tells no number"
            yield Problem(document.at("explain"), message, f"such as `{{{name}}}`")
