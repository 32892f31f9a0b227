"""What decided about a subject, in a few lines: only the conditions that made the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.authoring.explain.lines import Line, laid_out, leaf_line
from engine.authoring.explain.reasons import Reasons
from engine.authoring.explain.tree import Branch, Explained
from engine.language.model.condition import Negation


def why(one: Explained, reasons: Reasons) -> tuple[str, ...]:
    """Return the conditions behind a finding, or those that keep one away, and why not known."""
    lines = [_line(leaf, role) for leaf, role in decisive(one)]
    names = {leaf.number.name for leaf, _ in decisive(one) if leaf.number and leaf.holds is None}
    lines += [
        Line(f"      {name} is not known: {reason}")
        for name in one.facts
        if name in names
        for reason in reasons.get((one.policy.name, name), ())
    ]
    return tuple(laid_out(lines))


def decisive(one: Explained) -> Iterator[tuple[Branch, str]]:
    """Yield the leaves that a verdict rests on, each with where it stands: `when` or `unless`."""
    found = bool(one.holds)
    for leaf in _leaves(one.when, wanted=True, found=found):
        yield leaf, "when"
    for root in one.unless:
        for leaf in _leaves(root, wanted=False, found=found):
            yield leaf, "unless"


def _leaves(branch: Branch, *, wanted: bool, found: bool) -> Iterator[Branch]:
    """Yield the leaves that are as wanted, for a finding; else those that are not."""
    if (branch.holds is wanted) is not found:
        return
    if isinstance(branch.condition, Negation):
        yield from _leaves(branch.parts[0], wanted=not wanted, found=found)
    elif branch.composed:
        for part in branch.parts:
            yield from _leaves(part, wanted=wanted, found=found)
    else:
        yield branch


def _line(leaf: Branch, role: str) -> Line:
    line = leaf_line(leaf, 1)
    return replace(line, head=f"  {role:<6} {line.head.strip()}")
