"""An explanation as lines for a terminal: a tree with its numbers in columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.authoring.explain.explanation import VERDICT, Explanation
from engine.authoring.explain.lines import INDENT, Line, branch_lines, laid_out
from engine.authoring.explain.numbers import observed
from engine.authoring.explain.reasons import Reasons
from engine.authoring.explain.tree import Answered, Explained
from engine.language.model.response import ActionSpec
from engine.language.moments import format_instant
from engine.language.wording import signal_words
from engine.language.words import Status

NO_REASONS: Reasons = {}
"""Where there is no activity to tell why values are not known."""


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
    lines = [Line("when"), *branch_lines(one.when, 1)]
    for root in one.unless:
        lines += [Line("unless"), *branch_lines(root, 1)]
    lines += _others(one)
    lines += _not_known(one, reasons)
    yield from laid_out(lines)


def _not_known(one: Explained, reasons: Reasons) -> list[Line]:
    lines = [
        Line(f"{INDENT}{name}: {reason}")
        for name in one.facts
        for reason in reasons.get((one.policy.name, name), ())
    ]
    return [Line("not known, because"), *lines] if lines else []


def _answered(answered: Answered) -> Iterator[str]:
    taken = next((rung for rung in answered.rungs if rung.taken), None)
    done = "nothing" if taken is None else _actions(taken.step.do)
    lines = [
        Line(f"response {answered.response.name}: {done}"),
        Line("when"),
        *branch_lines(answered.when, 1),
    ]
    for number, rung in enumerate(answered.rungs, 1):
        mark = " (taken)" if rung.taken else ""
        guarded = "" if rung.guard else ", without a guard"
        lines.append(Line(f"rung {number}, {_actions(rung.step.do)}{guarded}{mark}"))
        if rung.guard:
            lines += branch_lines(rung.guard, 1)
    yield from laid_out(lines)


def _actions(specs: Sequence[ActionSpec]) -> str:
    features = (f" {spec.feature}" if spec.feature else "" for spec in specs)
    return ", ".join(f"{s.kind.value}{of}" for s, of in zip(specs, features, strict=True))


def _others(one: Explained) -> list[Line]:
    """Return the signals that no condition compares, with what they came to."""
    leaves = (leaf for root in one.branches for leaf in root.leaves if leaf.number)
    compared = {leaf.number.name for leaf in leaves if leaf.number}
    rest = [
        Line(
            f"{INDENT}{name}",
            (observed(fact, 0.0), signal_words(one.policy, name)),
        )
        for name, fact in one.facts.items()
        if name not in compared
    ]
    return [Line("not compared"), *rest] if rest else []
