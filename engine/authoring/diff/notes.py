"""What an author should know about the changes, besides what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from engine.authoring.diff.change import Change
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.span import Span
from engine.language.words import Status

_ORDER = (Status.DRAFT, Status.SHADOW, Status.REVIEW, Status.ENFORCE)


class About(Enum):
    """What a note is about."""

    VERSION = "version"  # what it decides changed, its version did not rise
    PROMOTED = "promoted"
    DEMOTED = "demoted"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about a document of the new pack."""

    about: About
    kind: str
    name: str
    words: str
    at: Span | None


def notes(
    old: Pack, new: Pack, policies: Sequence[tuple[Policy, Policy]], changes: Sequence[Change]
) -> tuple[Note, ...]:
    """Return what there is to know of the pairs of policies, in their order, and of the pack."""
    found = [note for before, after in policies for note in _of_policy(before, after, changes)]
    if any(change.decides for change in changes) and old.version == new.version:
        words = f"what it decides changed, but its version stays {new.version}"
        found.append(Note(About.VERSION, "pack", new.name, words, None))
    return tuple(found)


def _of_policy(old: Policy, new: Policy, changes: Sequence[Change]) -> Iterator[Note]:
    if old.name != new.name:
        yield _note(About.RENAMED, new, f"what was decided about {old.name} stays under that name")
    if old.status is not new.status:
        yield _moved(old, new)
    if new.version <= old.version and any(_alters(change, new) for change in changes):
        came = f"stays {new.version}" if new.version == old.version else f"fell to {new.version}"
        yield _note(About.VERSION, new, f"what it decides changed, but its version {came}")
    elif new.version < old.version:
        yield _note(About.VERSION, new, f"its version fell to {new.version}")


def _alters(change: Change, policy: Policy) -> bool:
    """Say whether a policy decides by other means; its status is not among them."""
    if not change.decides:
        return False
    if change.document == ("policy", policy.name):
        return change.path[2:3] != ("status",)
    return change.path[0] == "list" and policy.name in change.affects


def _moved(old: Policy, new: Policy) -> Note:
    step = f"{old.status.value} → {new.status.value}"
    if old.status not in _ORDER:
        return _note(About.PROMOTED, new, f"taken up again, {step}")
    if new.status not in _ORDER:
        return _note(About.DEMOTED, new, f"retired, {step}")
    before, after = _ORDER.index(old.status), _ORDER.index(new.status)
    if after < before:
        return _note(About.DEMOTED, new, f"demoted, {step}")
    skipped = " and ".join(status.value for status in _ORDER[before + 1 : after])
    past = f", past {skipped}" if skipped else ""
    return _note(About.PROMOTED, new, f"promoted, {step}{past}")


def _note(about: About, policy: Policy, words: str) -> Note:
    return Note(about, "policy", policy.name, words, policy.span)
