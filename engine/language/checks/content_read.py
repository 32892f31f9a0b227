"""A policy that promises to read metadata only, and reads text.

`reads: metadata`, in a policy or for the whole pack, is for activity of customers whose text may
not be kept. Hashes, shapes and labels are metadata; prompts are not.

Accepted:

    policy: harness
    reads: metadata
    select: {demands: {labels|contains: reasoning_elicitation}}

Refused:

    policy: harness
    reads: metadata
    select: {demands: {prompt|contains: think step by step}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.model.policy import Policy
from engine.language.model.selection import Selection, Test
from engine.language.span import Span
from engine.language.walk import fields_of, selections_of, walk_selection
from engine.language.words import Reads

ID = "EX324"
TITLE = "content where metadata is promised"
LEVEL = Level.ERROR
ALONE = True

_CONTENT = frozenset({"prompt", "system_prompt"})
_HINT = "use `prompt_hash`, `prompt_shape` or `labels`; or take the promise back"


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the texts that policies use in spite of their promise, or of the pack's."""
    promised = any(pack.reads is Reads.METADATA for _, pack in sound(draft.packs))
    for _, read in sound(draft.policies):
        if promised or read.model.reads is Reads.METADATA:
            yield from _texts(read.model)


def _texts(policy: Policy) -> Iterator[Problem]:
    uses: dict[tuple[Span, str], None] = {}
    for named in policy.select:
        uses.update(dict.fromkeys(_tested(named.selection)))
    for signal in policy.signals:
        for ref in fields_of(signal.measure):
            if ref.name in _CONTENT and not ref.of_account:
                uses[signal.span, ref.name] = None
        for selection in selections_of(signal.measure):
            uses.update(dict.fromkeys(_tested(selection)))
    for span, field_name in uses:
        message = f"{quote(field_name)} is content, and this policy reads metadata only"
        yield Problem(span, message, _HINT)


def _tested(selection: Selection) -> Iterator[tuple[Span, str]]:
    for part in walk_selection(selection):
        if isinstance(part, Test):
            for ref in part.fields:
                if ref.name in _CONTENT and not ref.of_account:
                    yield part.span, ref.name
