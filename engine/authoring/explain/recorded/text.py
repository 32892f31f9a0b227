"""A recorded decision as lines for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator

from engine.authoring.explain.lines import Line, laid_out
from engine.authoring.explain.numbers import observed
from engine.authoring.explain.recorded.decision import RecordedDecision, RecordedFinding
from engine.authoring.explain.recorded.record import Step, steps
from engine.authoring.explain.text import clause_words, policy_lines
from engine.authoring.explain.words import WORD
from engine.language.moments import format_duration, format_instant
from engine.ledger.records import ActionStatus
from engine.review.outcome import Node
from engine.review.succession import headline, sentences
from engine.version import VERSION

_APPROVALS = {0: "no approval needed", 1: "one approval needed", 2: "two approvals needed"}


def decision_text(decision: RecordedDecision) -> str:
    """Return the whole decision."""
    lines = [*_run(decision)]
    for one in decision.findings:
        lines += ["", *_finding(one, decision)]
    for told in decision.successions:
        said = (f"  {sentence}" for sentence in sentences(told))
        lines += ["", headline(told, decision.subject.id), *said]
    lines += ["", *_actions(decision)]
    return "\n".join(lines)


def _run(decision: RecordedDecision) -> Iterator[str]:
    run, then = decision.run, decision.then
    since = "" if run.since_us is None else f"{format_instant(run.since_us)} to "
    yield f"{decision.subject} in {run.run_id}, {since or 'as of '}{format_instant(run.as_of_us)}"
    yield f"judged with pack {run.pack_name} {run.pack_version}, {run.pack_digest}"
    yield f"judged by engine {run.engine_version}, activity {run.input_digest}"
    if then.same:
        yield "the pack given is the same"
    else:
        yield f"the pack given is another, {then.given}"
        for name, words in then.differences.items():
            yield f"  {name} {words}"
        for name, words in then.moved.items():
            yield f"  {name} {words}"
        if not then.differences:
            yield "  every policy of the run means what it did"
    if run.engine_version != VERSION:
        yield f"judged again by engine {VERSION}"


def _finding(one: RecordedFinding, decision: RecordedDecision) -> Iterator[str]:
    record = one.record
    case = f", {record.case_id}" if record.case_id else ", in no case"
    yield f"{record.policy} v{record.policy_version} ({record.policy_status}): finding"
    yield f"{record.finding_id}{case}"
    if record.run_id != decision.run.run_id:
        moment = format_instant(record.as_of_us)
        yield f"written by {record.run_id} as of {moment}; an equal finding is written once"
    first, last = format_instant(record.first_event_us), format_instant(record.last_event_us)
    yield f"active {first} to {last}"
    yield record.explanation
    for clause in one.clauses:
        yield f"clause {clause['clause']}: {clause_words(clause)}"
    yield "facts as recorded"
    rows = [
        Line(
            f"  {name}",
            (
                observed(told.fact, 0.0),
                ", ".join(f"{count} {number:,}" for count, number in told.fact.counts.items()),
                told.measure,
            ),
        )
        for name, told in one.facts.items()
    ]
    yield from laid_out(rows)
    yield from _again(one)


def _again(one: RecordedFinding) -> Iterator[str]:
    if one.again is None:
        yield f"not judged again: {one.record.policy} {one.why_not}; as recorded"
        for part in one.tree.parts:
            yield "unless" if part.unless else "when"
            yield from _node(part, 1)
        return
    yield from policy_lines(one.again.explained)
    count = one.again.conditions
    if one.again.deviations:
        yield "judged again, it comes out OTHERWISE:"
        yield from (f"  {words}" for words in one.again.deviations)
    else:
        noun = "condition" if count == 1 else "conditions"
        yield f"judged again from these facts: as recorded, in {count:,} {noun}"


def _node(node: Node, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}{WORD[node.holds]:<3} {node.text}"
    for part in node.parts:
        yield from _node(part, depth + 1)


def _actions(decision: RecordedDecision) -> Iterator[str]:
    found = steps(decision.actions)
    if not found:
        yield "this run planned no action that was not planned before"
        return
    yield "actions that this run planned, as they stand now"
    for step in found:
        yield from _step(step)


def _step(step: Step) -> Iterator[str]:
    one, number = step.first, len(step.accounts)
    whom = step.accounts[0] if number == 1 else f"{number:,} accounts"
    asked = one.status not in (ActionStatus.RECORDED.value, ActionStatus.EXEMPT.value)
    approvals = f", {_APPROVALS[one.approvals_needed]}" if asked else ""
    yield f"  {one.action}{_parameters(one.parameters)} on {whom}: {one.status}{approvals}"
    yield f"    {one.response}, for {one.policies.replace(',', ', ')}"
    if one.reason:
        yield f"    {one.reason}"


def _parameters(text: str) -> str:
    given = json.loads(text)
    feature = f" {given['feature']}" if "feature" in given else ""
    length = f" for {format_duration(int(given['for_us']))}" if "for_us" in given else ""
    return feature + length
