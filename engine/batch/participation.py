"""How far members take part in their campaigns, where a response spares those who do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.activity.workspace import Workspace
from engine.campaigns.participation import Members, Membership, Participation, Picked, with_picked
from engine.decide.finding import Answer
from engine.enforce.bystanders import Numbers, accused, bystander
from engine.language.model.condition import Condition
from engine.language.model.selection import Selection
from engine.language.subject import Subject
from engine.language.words import ActionKind
from engine.signals.matching import matching_sql


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of the members of a campaign."""

    subject: Subject
    rules: tuple[Condition, ...]
    selections: tuple[Selection, ...]
    """The exchanges that findings hold against the campaign."""


def members_of(
    workspace: Workspace, answers: Iterable[Answer], *, as_of_us: int
) -> Mapping[Subject, Mapping[str, Numbers]]:
    """Return the numbers of each active member of the campaigns that something may be done to.

    Only of those whose response exculpates; `members`, the roll and `fold_text` are there.
    """
    asked = _asked(answers)
    if not asked:
        return {}
    members = Members(workspace, asked, as_of_us=as_of_us)
    try:
        marked = members.marked()
        found = with_picked(marked, dict(_picked(members, asked, marked)))
    finally:
        members.close()
    numbers: dict[Subject, dict[str, Numbers]] = {}
    for (campaign, account), one in found.items():
        numbers.setdefault(asked[campaign].subject, {})[account] = one.numbers
    return numbers


def _asked(answers: Iterable[Answer]) -> Mapping[str, _Asked]:
    found: dict[str, _Asked] = {}
    for answer in answers:
        rule, subject = answer.response.exculpate, answer.subject
        if rule is None or all(spec.kind is ActionKind.LOG for spec in answer.step.do):
            continue
        one = found.get(subject.id, _Asked(subject, (), ()))
        held = dict.fromkeys((*one.selections, *accused(answer.findings)))
        found[subject.id] = _Asked(subject, (*one.rules, rule), tuple(held))
    return found


def _picked(
    members: Members,
    asked: Mapping[str, _Asked],
    marked: Mapping[Membership, Participation],
) -> Iterator[tuple[Membership, Picked]]:
    """Yield what selections add to marks, for members whom it can make a difference for.

    Selections read text, marks do not: most members of a pool carry its marks, and are done with.
    """
    unclear = [
        member
        for member, one in marked.items()
        if not (one.known and _takes_part(one, asked[member[0]].rules))
    ]
    telling = _telling(members, {campaign: asked[campaign] for campaign, _ in unclear})
    groups: dict[tuple[Selection, ...], list[Membership]] = {}
    for member in unclear:
        if held := telling[member[0]]:
            groups.setdefault(held, []).append(member)
    for selections, chosen in groups.items():
        yield from members.picked(chosen, matching_sql(selections, "part_chosen")).items()


def _telling(members: Members, asked: Mapping[str, _Asked]) -> Mapping[str, tuple[Selection, ...]]:
    """Return by campaign the selections that pick more of its exchanges than of anybody's."""
    different = dict.fromkeys(s for one in asked.values() for s in one.selections)
    members.sample(asked)
    telling = {
        selection: members.characteristic(matching_sql([selection], "part_sample"))
        for selection in different
    }
    return {
        campaign: tuple(s for s in one.selections if campaign in telling[s])
        for campaign, one in asked.items()
    }


def _takes_part(one: Participation, rules: Iterable[Condition]) -> bool:
    """Return whether a member certainly takes part, however many more exchanges show it."""
    least = {**one.numbers, "conduct": (one.numbers["conduct"][0], 1.0)}
    return all(bystander(rule, least).holds is False for rule in rules)
