"""A reference of the pack in Markdown, for reviewers and counsel: what is prohibited, what follows.

Equal packs give equal text. What authors wrote is escaped, so that it cannot become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.batch.outcome_json import condition_text
from engine.language.model.condition import All, Any, Condition, Negation
from engine.language.model.pack import Exemption, NamedList, Pack
from engine.language.model.policy import Policy, PolicyTest
from engine.language.model.response import ActionSpec, Cap, Response, Step
from engine.language.model.terms import Addendum, Terms
from engine.language.moments import format_duration, format_instant
from engine.language.wording import signal_words

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def pack_reference(pack: Pack) -> str:
    """Return the whole reference as one Markdown document."""
    parts = [
        f"# {plain(pack.name)} {plain(pack.version)}",
        f"Digest `{pack.digest}`. Owners: {', '.join(map(plain, pack.owners))}.",
        *_section("Policies", (_policy(pack, policy) for policy in pack.policies)),
        *_section("Responses", map(_response, pack.responses)),
        *_section("Terms", map(_terms, pack.terms)),
        *_section("Addenda", map(_addendum, pack.addenda)),
        *_section("Lists", map(_list, pack.lists)),
        *_section("Exemptions", map(_exemption, pack.exemptions)),
    ]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """Return text as Markdown that shows just it, on one line."""
    line = " ".join(text.split())
    printable = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line
    )
    return _MARKUP.sub(r"\\\1", printable)


def _section(title: str, parts: Iterable[str]) -> Iterator[str]:
    made = list(parts)
    if made:
        yield f"## {title}"
        yield from made


def _policy(pack: Pack, policy: Policy) -> str:
    facts = (
        f"{policy.status.value}, {policy.severity.value}; {policy.behaviour.value}, evidence of "
        f"{policy.axis.value} about each {policy.subject.value}; owner {plain(policy.owner)}; "
        f"version {policy.version}."
    )
    tests = [f"- {plain(test.name)}: {_expected(test)}" for test in policy.tests]
    unless = [line for part in policy.unless for line in _condition(policy, part, 0)]
    parts = [
        f"### {policy.name}",
        f"**{plain(policy.title)}**",
        facts,
        "Clauses:\n\n" + "\n".join(_clause(pack, clause) for clause in policy.clauses),
        "Found when:\n\n" + "\n".join(_condition(policy, policy.when, 0)),
        *(["Cleared when one of these holds:\n\n" + "\n".join(unless)] if unless else []),
        f"Told as: {plain(policy.explain)}",
        *(["Tests:\n\n" + "\n".join(tests)] if tests else []),
    ]
    return "\n\n".join(parts)


def _expected(test: PolicyTest) -> str:
    by_group = (f"{one.group}: {one.verdict}" for one in test.groups)
    return test.expect or ", ".join(by_group)


def _clause(pack: Pack, reference: str) -> str:
    document, _, identifier = reference.partition("/")
    for terms in pack.terms:
        if terms.name != document:
            continue
        for version in reversed(terms.versions):
            for clause in version.clauses:
                if clause.id == identifier:
                    return (
                        f"- {plain(terms.title)}, {plain(clause.section)}: {plain(clause.summary)} "
                        f"({plain(reference)}, version {plain(version.version)}, <{clause.url}>)"
                    )
    return f"- {plain(reference)}"


def _condition(policy: Policy, condition: Condition, depth: int) -> list[str]:
    mark = "  " * depth + "- "
    match condition:
        case All(parts) | Any(parts):
            word = "all of:" if isinstance(condition, All) else "one of:"
            return [
                mark + word,
                *(line for p in parts for line in _condition(policy, p, depth + 1)),
            ]
        case Negation(part):
            return [f"{mark}not:", *_condition(policy, part, depth + 1)]
    signal = getattr(condition, "signal", None)
    words = f" ({plain(signal_words(policy, signal))})" if signal else ""
    return [mark + plain(condition_text(condition)) + words]


def _response(response: Response) -> str:
    rungs = [f"{number}. {_step(step)}" for number, step in enumerate(response.ladder, 1)]
    parts = [
        f"### {response.name}",
        f"**{plain(response.title)}**",
        f"About each {response.subject.value}. {_cap(response.cap)}".rstrip(),
        "When:\n\n" + "\n".join(_asked(response.when, 0)),
        *(
            [
                "Not done to members of which this holds, before they are decided about apart:\n\n"
                + "\n".join(_asked(response.exculpate, 0))
            ]
            if response.exculpate
            else []
        ),
        "Ladder, of which the last step that holds is taken:\n\n" + "\n".join(rungs),
    ]
    return "\n\n".join(parts)


def _asked(condition: Condition, depth: int) -> list[str]:
    mark = "  " * depth + "- "
    match condition:
        case All(parts) | Any(parts):
            word = "all of:" if isinstance(condition, All) else "one of:"
            return [mark + word, *(line for part in parts for line in _asked(part, depth + 1))]
        case Negation(part):
            return [f"{mark}not:", *_asked(part, depth + 1)]
    return [mark + plain(condition_text(condition))]


def _step(step: Step) -> str:
    done = ", ".join(map(_action, step.do))
    approval = {"none": "without approval", "one": "one approval", "two": "two approvals"}
    asked = "" if step.guard is None else f", if {'; '.join(_flat(step.guard))}"
    return f"{done} ({approval[step.approval.value]}){asked}"


def _flat(condition: Condition) -> list[str]:
    return [line.strip().removeprefix("- ") for line in _asked(condition, 0)]


def _action(action: ActionSpec) -> str:
    length = "" if action.for_us is None else f" for {format_duration(action.for_us)}"
    feature = "" if action.feature is None else f" {action.feature}"
    return plain(f"{action.kind.value}{feature}{length}")


def _cap(cap: Cap) -> str:
    limits = [] if cap.accounts is None else [f"{cap.accounts:,} accounts"]
    limits += [] if cap.share is None else [f"{cap.share:.3g} of the active accounts"]
    return f"Held for review beyond {' or '.join(limits)}." if limits else ""


def _terms(terms: Terms) -> str:
    rows = [
        f"| {plain(version.version)} | {format_instant(version.effective_us)} | "
        f"{plain(clause.section)} | {plain(clause.id)} | {plain(clause.summary)} |"
        for version in terms.versions
        for clause in version.clauses
    ]
    head = "| version | in force from | section | clause | summary |\n|---|---|---|---|---|"
    return f"### {terms.name}\n\n**{plain(terms.title)}**\n\n" + "\n".join([head, *rows])


def _addendum(one: Addendum) -> str:
    rows = []
    for version in one.versions:
        since = f"from {format_instant(version.effective_us)}"
        rows += [f"- {since}: {plain(c.id)}: {plain(c.summary)}" for c in version.clauses]
        rows += [f"- {since}: waives {plain(waiver.clause)}" for waiver in version.waives]
    whose = ", ".join(plain(name) for name in sorted(one.organisations))
    head = f"### {one.name}\n\n**{plain(one.title)}**: amends {plain(one.amends)} for {whose}."
    return "\n\n".join([head, "\n".join(rows)])


def _list(one: NamedList) -> str:
    return (
        f"### {one.name}\n\n{len(one.values)} values; owner {plain(one.owner)}; source "
        f"{plain(one.source)}; reviewed {plain(one.reviewed)}."
    )


def _exemption(one: Exemption) -> str:
    who = [
        f"{word} {', '.join(plain(name) for name in sorted(names))}"
        for word, names in (
            ("accounts", one.accounts),
            ("organisations", one.organisations),
            ("holders of", one.approvals),
        )
        if names
    ]
    scope = sorted(one.policies) + sorted(one.behaviours)
    return (
        f"### {one.name}\n\n{plain(one.reason)}. For {'; '.join(who)}, from "
        f"{', '.join(map(plain, scope)) or 'everything'}, until {format_instant(one.until_us)}. "
        f"Owner {plain(one.owner)}, approved by {plain(one.approved_by)}."
    )
