"""What a run did, in numbers: for people, for the ledger, and for schedulers as JSON."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.activity.intake import Coverage, Intake
from engine.batch.evaluate import Evaluation
from engine.campaigns.campaign import Linkage
from engine.campaigns.lineage import Lineage, Turn
from engine.campaigns.succession import Succession
from engine.campaigns.weight import MILLION
from engine.decide.screen import Undecided
from engine.enforce.action import Disposition, PlannedAction
from engine.language.meaning import meanings
from engine.language.model.links import Links
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.moments import format_instant
from engine.language.walk import fields_read
from engine.language.words import SubjectKind


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One policy in a run's report."""

    policy: str
    status: str
    subject: str
    judged: int
    findings: int
    undecided: int
    because: tuple[str, ...]
    """The signals, commonest first, whose value could not be known for undecided subjects."""
    formed: bool
    """False when no row supplies any of the fields that such subjects are made of."""
    lacking: tuple[str, ...] = ()
    """The fields that these signals read and that no row supplies."""
    meaning: str = ""
    """The digest of what it meant (`engine.language.meaning`); empty in reports without it."""

    @property
    def not_judged(self) -> bool:
        """Whether the policy could not be judged for somebody."""
        return self.undecided > 0 or not self.formed


@dataclass(frozen=True, slots=True)
class Report:
    """One run in numbers; everything here is derived from the input, nothing from a clock."""

    run_id: str
    as_of_us: int
    tables: Mapping[str, Mapping[str, int]]
    """By input table: rows read, kept, duplicates, quarantined, and so on; they add up."""
    active_accounts: int
    campaigns: int
    oversized_campaigns: int
    not_linked: tuple[str, ...]
    """Sentences about groups too large or split, and about values that too many accounts share."""
    missing_fields: tuple[str, ...]
    """Fields that no row supplied and that the pack asks for."""
    policies: tuple[PolicyLine, ...]
    actions: Mapping[str, Mapping[str, int]]
    """By action: accounts by disposition."""
    reasons: Mapping[str, int]
    """Why actions are held, exempt or not taken: accounts by reason."""
    expired_exemptions: tuple[str, ...]
    held: bool
    """A cap was hit."""
    lineage: tuple[str, ...] = ()
    """Sentences about campaigns that go on, merged or split since the runs before."""
    slices: tuple[str, ...] = ()
    """Sentences about the slices that responses answer to: of which campaigns, by what."""

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Report:
        """Return the report that `to_json` gave."""
        fields = {name: value for name, value in document.items() if name != "not_judged"}
        lines = tuple(
            PolicyLine(
                **{
                    **line,
                    "because": tuple(line["because"]),
                    "lacking": tuple(line.get("lacking", ())),
                }
            )
            for line in document["policies"]
        )
        return cls(
            **{
                **fields,
                "as_of_us": int(document["as_of_us"]),
                "not_linked": tuple(document["not_linked"]),
                "missing_fields": tuple(document["missing_fields"]),
                "policies": lines,
                "expired_exemptions": tuple(document["expired_exemptions"]),
                "lineage": tuple(document.get("lineage", ())),
                "slices": tuple(document.get("slices", ())),
            }
        )

    def to_json(self) -> dict[str, object]:
        """Return plain JSON data, counts as integers."""
        return {
            "run_id": self.run_id,
            "as_of_us": str(self.as_of_us),
            "tables": {name: dict(counts) for name, counts in self.tables.items()},
            "active_accounts": self.active_accounts,
            "campaigns": self.campaigns,
            "oversized_campaigns": self.oversized_campaigns,
            "not_linked": list(self.not_linked),
            "missing_fields": list(self.missing_fields),
            "policies": [
                {
                    "policy": line.policy,
                    "status": line.status,
                    "subject": line.subject,
                    "judged": line.judged,
                    "findings": line.findings,
                    "undecided": line.undecided,
                    "because": list(line.because),
                    "lacking": list(line.lacking),
                    "formed": line.formed,
                    "meaning": line.meaning,
                }
                for line in self.policies
            ],
            "not_judged": [line.policy for line in self.policies if line.not_judged],
            "actions": {name: dict(counts) for name, counts in self.actions.items()},
            "reasons": dict(self.reasons),
            "expired_exemptions": list(self.expired_exemptions),
            "held": self.held,
            "lineage": list(self.lineage),
            "slices": list(self.slices),
        }


def policy_lines(pack: Pack, intake: Intake, evaluation: Evaluation) -> tuple[PolicyLine, ...]:
    """Return a line for every policy of the pack, in order of names."""
    unformed = _unformed(pack, intake)
    decisions = evaluation.decisions
    found = Counter(finding.policy.name for finding in decisions.findings)
    nobody = Undecided(0, {})
    meaning = meanings(pack)
    lines = []
    for policy in sorted(pack.policies, key=lambda policy: policy.name):
        undecided = decisions.undecided.get(policy.name, nobody)
        because = _because(undecided)
        line = PolicyLine(
            policy.name,
            policy.status.value,
            policy.subject.value,
            decisions.judged.get(policy.subject, 0) if policy.status.evaluated else 0,
            found[policy.name],
            undecided.subjects,
            because,
            not (policy.status.evaluated and policy.subject in unformed),
            _lacking(policy, because, intake),
            meaning[policy.name],
        )
        lines.append(line)
    return tuple(lines)


def _lacking(policy: Policy, signals: Sequence[str], intake: Intake) -> tuple[str, ...]:
    """Return the fields that some signals of a policy read and that no row supplies."""
    read = {str(ref) for name in signals for ref in fields_read(policy.signal(name).measure)}
    return tuple(sorted(name for name in read if intake.coverage.get(name) is Coverage.NONE))


def _unformed(pack: Pack, intake: Intake) -> frozenset[SubjectKind]:
    """Return the kinds of subject that the input's fields cannot make up."""
    found = set()
    missing = frozenset(missing_fields(pack, intake))
    if not any(_can_link(links, missing) for links in pack.links):
        found.add(SubjectKind.CAMPAIGN)
    told = {intake.coverage.get(name) for name in ("org_id", "account.org_id")}
    if told == {Coverage.NONE}:
        found.add(SubjectKind.ORGANISATION)
    return frozenset(found)


def _can_link(links: Links, missing: frozenset[str]) -> bool:
    """Return whether what is supplied could make any pair as strong as it must be."""
    supplied = [c for c in links.connectors if c.shared.removesuffix("/24") not in missing]
    strength = sum(math.inf if c.at_most is None else c.at_most for c in supplied)
    strength += sum(
        s.adds for s in links.synchronous if s.shared.removesuffix("/24") not in missing
    )
    if strength and links.signed_up and "account.created_at" not in missing:
        strength += links.signed_up.adds
    return strength >= links.strength


def _because(undecided: Undecided) -> tuple[str, ...]:
    ordered = sorted(undecided.signals.items(), key=lambda item: (-item[1], item[0]))
    return tuple(name for name, _ in ordered)


def action_counts(planned: Sequence[PlannedAction]) -> dict[str, dict[str, int]]:
    """Return by action and disposition how many accounts it concerns."""
    pairs = {(a.kind.value, a.disposition.value, a.account_id) for a in planned}
    counts: dict[str, dict[str, int]] = {}
    for (kind, disposition), number in sorted(Counter(p[:2] for p in pairs).items()):
        counts.setdefault(kind, {})[disposition] = number
    return counts


def reason_counts(planned: Sequence[PlannedAction]) -> dict[str, int]:
    """Return by reason how many accounts it concerns, in order of the reasons."""
    pairs = {(a.reason, a.account_id) for a in planned if a.reason}
    return dict(sorted(Counter(reason for reason, _ in pairs).items()))


def build_report(
    run_id: str,
    as_of_us: int,
    pack: Pack,
    intake: Intake,
    evaluation: Evaluation,
    planned: Sequence[PlannedAction],
    active_accounts: int,
) -> Report:
    """Put a run's numbers together."""
    return Report(
        run_id=run_id,
        as_of_us=as_of_us,
        tables=table_counts(intake),
        active_accounts=active_accounts,
        campaigns=len(evaluation.linkage.whole),
        oversized_campaigns=len(evaluation.linkage.oversized),
        not_linked=not_linked(evaluation.linkage),
        missing_fields=missing_fields(pack, intake),
        policies=policy_lines(pack, intake, evaluation),
        actions=action_counts(planned),
        reasons=reason_counts(planned),
        expired_exemptions=tuple(e.name for e in pack.exemptions if e.expired(as_of_us)),
        held=any(action.disposition is Disposition.HOLD for action in planned),
        slices=slice_words(evaluation),
    )


def slice_words(evaluation: Evaluation) -> tuple[str, ...]:
    """Return which slices are answered to, in words; what they are cut by is told as a field."""
    answered = {answer.subject.id for answer in evaluation.decisions.answers}
    return tuple(
        f"campaign {one.id} is a part of {one.cut.campaign}: {one.cut.exchanges:,} of its "
        f"{one.cut.of:,} exchanges, by {len(one.members):,} of its accounts, with one "
        f"{one.cut.field}"
        for one in evaluation.linkage.campaigns
        if one.cut is not None and one.id in answered
    )


def not_linked(linkage: Linkage) -> tuple[str, ...]:
    """Return what linking set aside or took apart, in words."""
    groups = (
        f"links {group.links_name}: a group of {group.members:,} accounts, {group.example} among "
        "them, is too large to be judged as a campaign"
        for group in linkage.oversized
    )
    values = (
        f"links {each.links_name}: {each.values:,} values of {each.shared} linked nobody, for "
        f"{each.fewest_accounts:,} accounts or more share each"
        for each in linkage.dropped_values
    )
    splits = (
        f"links {each.links_name}: {sum(each.members):,} accounts hung together by a few, "
        f"{each.held_by} among them, and are judged as campaigns of "
        f"{' and '.join(f'{size:,}' for size in each.members)}"
        for each in linkage.splits
    )
    return (*groups, *values, *splits)


def lineage_words(turns: Sequence[Lineage]) -> tuple[str, ...]:
    """Return the turns in the life of campaigns, in words."""
    words = {
        Turn.CONTINUED: "{campaign} goes on, though its first account is another: {accounts} known",
        Turn.MERGED: "{other} has merged into {campaign}, which has {accounts} of its accounts",
        Turn.SPLIT: "{campaign} has split from {other}, with {accounts} of its accounts",
    }
    return tuple(
        "campaign "
        + words[each.turn].format(
            campaign=each.campaign, other=each.other, accounts=f"{each.accounts:,}"
        )
        for each in turns
    )


def succession_words(found: Sequence[Succession]) -> tuple[str, ...]:
    """Return which campaigns succeed which, in words."""
    return tuple(
        f"campaign {one.campaign_id} succeeds {one.other_id}, which was acted on "
        f"{format_instant(one.onset.acted_us)}: at least "
        f"{one.likeness.millionths * 100 / MILLION:.4g} % of what both send is theirs "
        f"alone, and {one.onset.began:,} of its {one.onset.accounts:,} accounts began after it"
        for one in found
    )


def table_counts(intake: Intake) -> dict[str, dict[str, int]]:
    """Return what became of the rows of each input table."""
    return {name: asdict(count) for name, count in sorted(intake.tables.items())}


def missing_fields(pack: Pack, intake: Intake) -> tuple[str, ...]:
    """Return the fields the links ask for that no row of the input supplied."""
    asked = {
        connector.shared.removesuffix("/24") for links in pack.links for connector in links.by_value
    }
    if any(links.signed_up for links in pack.links):
        asked.add("account.created_at")
    return tuple(sorted(name for name in asked if intake.coverage.get(name) is Coverage.NONE))
