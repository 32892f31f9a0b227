"""What comes together, and what comes in order."""

from __future__ import annotations

from engine.language import codes
from engine.language.diagnostic import Diagnostics
from engine.language.model import measure as m
from engine.language.read.mapping import InvalidError
from engine.language.read.measures.parameters import Parameters, Readers
from engine.language.read.scalars import boolean, items
from engine.language.yaml_nodes import Node

_FEWEST = 2
"""Steps that make a sequence."""


def _together(p: Parameters) -> m.Measure:
    steps, within, where = p.steps(), p.span("within"), p.selection("where")
    window, ordered = p.window_alone(), p.keys.optional("ordered", boolean, default=False)
    p.keys.finish()
    return m.Together(
        steps=steps.value,
        within_us=within.value,
        where=where.value,
        ordered=ordered.value,
        **window.value,
    )


def _sequence(p: Parameters) -> m.Measure:
    steps, within, where = p.steps(_check_sequence), p.span("within"), p.selection("where")
    window = p.window_alone()
    p.keys.finish()
    return m.Sequence(steps=steps.value, within_us=within.value, where=where.value, **window.value)


def _check_sequence(steps: tuple[m.Step, ...], node: Node, problems: Diagnostics) -> None:
    """Refuse steps of which nobody could say in which order they must come."""
    fault = _fault(steps)
    if fault is not None:
        at, message, hint = fault
        problems.error(codes.BAD_STEPS, items(node)[at].span, message, hint=hint)
        raise InvalidError


def _fault(steps: tuple[m.Step, ...]) -> tuple[int, str, str | None] | None:
    absent = [at for at, step in enumerate(steps) if step.absent]
    if len(steps) < _FEWEST:
        return 0, "a sequence has at least two steps", "count a single selection with `count`"
    if absent and absent[0] == 0:
        hint = "`together` looks for what is absent from a whole interval"
        return 0, "a sequence begins with something that happens", hint
    last = max(at for at, step in enumerate(steps) if not step.absent)
    if absent and absent[0] < last < absent[-1]:
        message = "a sequence says what is absent between its steps or at its end, not both"
        return absent[-1], message, None
    return None


READERS: Readers[m.Measure] = {
    "together": _together,
    "sequence": _sequence,
}
