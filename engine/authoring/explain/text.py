"""An explanation as lines for a terminal: a tree with its numbers in columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.authoring.explain.explanation import VERDICT, Explanation
from engine.authoring.explain.numbers import observed
from engine.authoring.explain.reasons import Reasons
from engine.authoring.explain.tree import Answered, Asked, Branch, Explained
from engine.authoring.explain.words import (
    WORD,
    condition_words,
    counts_words,
    room_words,
    value_words,
)
from engine.language.model.response import ActionSpec
from engine.language.moments import format_instant
from engine.language.wording import signal_words
from engine.language.words import Status

_INDENT = "  "
_GAP = "   "
NO_REASONS: Reasons = {}
"""Where there is no activity to tell why values are not known."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a tree: what stands before the columns, the columns, or what is in none."""

    head: str
    cells: tuple[str, ...] = ()
    tail: str = ""


def explanation_text(explanation: Explanation) -> str:
    """Return the whole explanation."""
    asked, *behind = explanation.policies
    lines = [
        f"{_name(asked, explanation.written)}, {explanation.subject}: {explanation.verdict}",
        *_circumstances(explanation),
        *policy_lines(asked, explanation.reasons),
    ]
    for one in behind:
        lines += ["", f"{_name(one)}, asked for above: {VERDICT[one.holds]}"]
        lines += policy_lines(one, explanation.reasons)
    for answered in explanation.responses:
        lines += ["", *_answered(answered)]
    return "\n".join(lines)


def _name(one: Explained, written: Status | None = None) -> str:
    status = one.policy.status.value
    told = status if written is None else f"{written.value}, judged as in {status}"
    return f"{one.policy.name} v{one.policy.version} ({told})"


def _circumstances(explanation: Explanation) -> Iterator[str]:
    since, until = explanation.since_us, format_instant(explanation.as_of_us)
    period = f"as of {until}" if since is None else f"{format_instant(since)} to {until}"
    extent = explanation.extent
    if extent is None:
        yield f"{period}; not active by then"
    else:
        accounts = f", {extent.accounts:,} accounts" if extent.accounts > 1 else ""
        first, last = format_instant(extent.first_us), format_instant(extent.last_us)
        yield f"{period}; active {first} to {last}{accounts}"
    if explanation.policy.holds:
        yield explanation.sentence
    for clause in explanation.clauses:
        yield f"clause {clause['clause']}: {clause_words(clause)}"


def clause_words(clause: Mapping[str, object]) -> str:
    """Return in whose words a clause stood, and since when."""
    if clause["version"] is None:
        return "not in force then"
    told = f"version {clause['version']}, in force from {clause['effective']}"
    organisations = clause.get("organisations")
    if isinstance(organisations, list):
        told = f"{clause['terms']}, {told}, for {', '.join(organisations)}"
    if clause.get("waived"):
        return f"waived by {told}"
    return told + (f"; {clause['summary']}" if clause["summary"] else "")


def policy_lines(one: Explained, reasons: Reasons = NO_REASONS) -> Iterator[str]:
    """Yield every tree of a policy, and what no condition compares."""
    lines = [_Line("when"), *_branch(one.when, 1)]
    for root in one.unless:
        lines += [_Line("unless"), *_branch(root, 1)]
    lines += _others(one)
    lines += _not_known(one, reasons)
    yield from _laid_out(lines)


def _not_known(one: Explained, reasons: Reasons) -> list[_Line]:
    lines = [
        _Line(f"{_INDENT}{name}: {reason}")
        for name in one.facts
        for reason in reasons.get((one.policy.name, name), ())
    ]
    return [_Line("not known, because"), *lines] if lines else []


def _answered(answered: Answered) -> Iterator[str]:
    taken = next((rung for rung in answered.rungs if rung.taken), None)
    done = "nothing" if taken is None else _actions(taken.step.do)
    lines = [
        _Line(f"response {answered.response.name}: {done}"),
        _Line("when"),
        *_branch(answered.when, 1),
    ]
    for number, rung in enumerate(answered.rungs, 1):
        mark = " (taken)" if rung.taken else ""
        guarded = "" if rung.guard else ", without a guard"
        lines.append(_Line(f"rung {number}, {_actions(rung.step.do)}{guarded}{mark}"))
        if rung.guard:
            lines += _branch(rung.guard, 1)
    yield from _laid_out(lines)


def _actions(specs: Sequence[ActionSpec]) -> str:
    features = (f" {spec.feature}" if spec.feature else "" for spec in specs)
    return ", ".join(f"{s.kind.value}{of}" for s, of in zip(specs, features, strict=True))


def _branch(branch: Branch, depth: int) -> Iterator[_Line]:
    head = f"{_INDENT * depth}{WORD[branch.holds]:<3} {condition_words(branch)}"
    if branch.number is not None:
        number = branch.number
        room = room_words(number, holds=branch.holds)
        yield _Line(head, (value_words(number), room, counts_words(number)))
    else:
        yield _Line(head, tail=_asked(branch))
    for part in branch.parts:
        yield from _branch(part, depth + 1)


def _asked(branch: Branch) -> str:
    if branch.composed:
        return ""
    told = [f"{one.policy}: {VERDICT[one.holds]}{_shadow(one)}" for one in branch.asked]
    if not branch.deniable:
        told.append("what is not evaluated may have one" if not told else "never certainly absent")
    return ", ".join(told) or "no policy that is evaluated for this kind of subject"


def _shadow(one: Asked) -> str:
    return "" if one.telling else " in shadow, which decides nothing here"


def _others(one: Explained) -> list[_Line]:
    """Return the signals that no condition compares, with what they came to."""
    leaves = (leaf for root in one.branches for leaf in root.leaves if leaf.number)
    compared = {leaf.number.name for leaf in leaves if leaf.number}
    rest = [
        _Line(
            f"{_INDENT}{name}",
            (observed(fact, 0.0), signal_words(one.policy, name)),
        )
        for name, fact in one.facts.items()
        if name not in compared
    ]
    return [_Line("not compared"), *rest] if rest else []


def laid_out(rows: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    """Yield lines with their cells in columns."""
    yield from _laid_out([_Line(head, cells) for head, cells in rows])


def _laid_out(lines: Sequence[_Line]) -> Iterator[str]:
    told = [line for line in lines if line.cells]
    width = max((len(line.head) for line in told), default=0)
    columns = max((len(line.cells) for line in told), default=0)
    widths = [
        max((len(line.cells[at]) for line in told if at < len(line.cells)), default=0)
        for at in range(columns)
    ]
    for line in lines:
        if line.cells:
            cells = (cell.ljust(widths[at]) for at, cell in enumerate(line.cells))
            yield _GAP.join([line.head.ljust(width), *cells]).rstrip()
        else:
            yield f"{line.head}{_GAP}{line.tail}".rstrip()
