"""Windows: `7d` up to the moment judged from, or `{after: release, of: model, for: 24h}`."""

from __future__ import annotations

from typing import TypedDict

from engine.language.diagnostic import Diagnostics
from engine.language.model.selection import After
from engine.language.read.mapping import Keys, shaped, wrong_type
from engine.language.read.scalars import duration, one_of, word
from engine.language.read.times import duration_us
from engine.language.words import Anchor
from engine.language.yaml_nodes import MappingNode, Node

_OWNERS = {Anchor.RELEASE: "model", Anchor.SIGNUP: "account"}
"""Whose anchor it is; an author may say so under `of`."""


class Window(TypedDict):
    """The parameters of a measure that say when its events happened."""

    window_us: int | None
    after: After | None


WHOLE = Window(window_us=None, after=None)
"""The whole period of the run."""


def _anchored(node: Node, problems: Diagnostics) -> Window:
    keys = Keys(node, "an anchored window", problems)
    anchor, length = keys.required("after", word(Anchor)), keys.required("for", duration)
    last = keys.optional("last", duration, None)
    owners = _OWNERS.values() if anchor.failed else (_OWNERS[anchor.value],)
    keys.optional("of", one_of(owners, "owner of the anchor"), None)
    keys.finish()
    return Window(window_us=last.value, after=After(anchor.value, length.value, node.span))


@shaped(lambda of: {"anyOf": [of(duration), of(_anchored)]})
def read_window(node: Node, problems: Diagnostics) -> Window:
    """Read a window; InvalidError, reported, when it makes no sense."""
    if isinstance(node, MappingNode):
        alone = node.entries[0] if len(node.entries) == 1 else None
        if alone is not None and duration_us(alone.key) is not None:
            hint = f"without braces: `{alone.key}`"
            raise wrong_type(node, "a duration", problems, hint)
        return _anchored(node, problems)
    return Window(window_us=duration(node, problems), after=None)
