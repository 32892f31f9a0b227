"""A promotion from beginning to end: the numbers, the verdict, the record and the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.authoring.promote.criteria import NEXT, Criterion, assess, stated
from engine.authoring.promote.effects import effects
from engine.authoring.promote.rewriting import Rewritten, ready, rewritten
from engine.authoring.promote.shown import Shown, shown
from engine.errors import UsageError
from engine.language.diagnostic import Diagnostic
from engine.language.load import Loaded
from engine.language.meaning import meanings
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.numerals import exact
from engine.language.words import Status
from engine.ledger.canonical_json import Json
from engine.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Promotion:
    """A policy on the step to its next status."""

    policy: Policy
    to: Status
    meaning: str
    shown: Shown
    criteria: tuple[Criterion, ...] | None
    """None where the policy states none for leaving its status."""
    effects: tuple[str, ...]
    change: Rewritten

    @property
    def asks_for_criteria(self) -> bool:
        """Whether the step is one for which a policy must have shown something."""
        return self.to is not Status.SHADOW

    @property
    def unmet(self) -> tuple[Criterion, ...]:
        """The criteria that are not met."""
        return tuple(each for each in self.criteria or () if not each.met)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the checks say of the pack once the policy is promoted."""
        return self.change.warnings


@dataclass(frozen=True, slots=True)
class Authority:
    """Who promotes, when (microseconds UTC), and why."""

    actor: str
    at_us: int
    reason: str = ""
    without_criteria: bool = False


def next_status(policy: Policy, wanted: Status | None) -> Status:
    """Return the status a policy goes to; UsageError when that is not the one wanted."""
    following = NEXT.get(policy.status)
    if following is None:
        message = f"{policy.name} is at `{policy.status.value}`: nothing is above it"
        hint = "edit its file: `status: draft` takes a retired policy up again"
        raise UsageError(message, hint=hint if policy.status is Status.RETIRED else None)
    if wanted not in (None, following):
        message = f"{policy.name} is at `{policy.status.value}`, so it goes to `{following.value}`"
        hint = "no status is skipped; to step back, or to retire it, edit its file"
        raise UsageError(message, hint=hint)
    return following


def prepare(
    root: Path, loaded: Loaded, pack: Pack, policy: Policy, to: Status, ledger: Ledger | None
) -> Promotion:
    """Return what a promotion rests on and changes; nothing is written.

    Without a ledger nothing has been shown. Raises what `rewritten` raises.
    """
    meaning = meanings(pack)[policy.name]
    seen = Shown() if ledger is None else shown(ledger, pack, policy, meaning)
    criteria = stated(policy)
    return Promotion(
        policy,
        to,
        meaning,
        seen,
        None if criteria is None else assess(criteria, seen),
        effects(pack, policy, to),
        rewritten(root, loaded, policy, to),
    )


def carry_out(promotion: Promotion, ledger: Ledger | None, authority: Authority) -> None:
    """Record the promotion and change the file, both or none but for a crash in between."""
    with ready(promotion.change):
        if ledger is not None:
            ledger.promote(_record(promotion, authority))


def _record(promotion: Promotion, authority: Authority) -> Mapping[str, Json]:
    """Return the content of the log's entry."""
    seen = asdict(promotion.shown)
    criteria = None
    if promotion.criteria is not None:
        criteria = [
            {"name": each.name, "needed": exact(each.needed), "seen": exact(round(each.seen, 6))}
            for each in promotion.criteria
        ]
    return {
        "policy": promotion.policy.name,
        "version": promotion.policy.version,
        "from": promotion.policy.status.value,
        "to": promotion.to.value,
        "meaning": promotion.meaning,
        "actor": authority.actor,
        "reason": authority.reason,
        "without_criteria": authority.without_criteria,
        "promoted_us": authority.at_us,
        "criteria": criteria,
        "shown": {**seen, "days": list(promotion.shown.days)},
    }
