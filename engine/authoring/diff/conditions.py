"""Differences between conditions, and whether they make a condition fit fewer or more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.authoring.diff.alignment import aligned
from engine.authoring.diff.change import Change, Kind, Leaning
from engine.authoring.diff.place import Place, leaning
from engine.authoring.diff.words import against, condition_words
from engine.language.canonical import canonical_bytes, meaning
from engine.language.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Found,
    FoundAny,
    Negation,
    Struck,
)
from engine.language.words import Operator

_UPWARD = {Operator.GTE: False, Operator.GT: True}
_DOWNWARD = {Operator.LTE: False, Operator.LT: True}
"""By operator: whether it leaves out the threshold itself."""


def conditions(old: Condition, new: Condition, at: Place) -> Iterator[Change]:
    """Yield what differs between two conditions at one place."""
    if canonical_bytes(old) == canonical_bytes(new):
        return
    here = at.at(old, new)
    match old, new:
        case Compare(signal=before), Compare(signal=after) if before == after:
            ends = (condition_words(old), against(new.operator, new.threshold))
            bent = leaning(stricter=_stricter_comparison(old, new), wanted=here.wanted)
            yield _leaf(old, new, here, ends, bent)
        case Struck(), Struck():
            bent = leaning(stricter=_stricter_strikes(old, new), wanted=here.wanted)
            yield _leaf(old, new, here, _both(old, new), bent)
        case FoundAny(), FoundAny():
            bent = leaning(stricter=_narrower(old, new), wanted=here.wanted)
            yield _leaf(old, new, here, _both(old, new), bent)
        case Found(policy=before), Found(policy=after) if here.scope.now("policy", before) == after:
            return
        case Negation(part=before), Negation(part=after):
            yield from conditions(before, after, _denied(here).inside("part"))
        case (All(before), All(after)) | (Any(before), Any(after)):
            conjoined = isinstance(old, All)
            yield from parts(before, after, here.inside("parts"), conjoined=conjoined)
        case _:
            yield from _wrapped(old, new, here)


def _wrapped(old: Condition, new: Condition, here: Place) -> Iterator[Change]:
    """Tell `all:` of some conditions from one of them alone as parts that came or went."""
    if isinstance(old, All) is isinstance(new, All):
        yield here.change(Kind.CHANGED, " → ".join(_both(old, new)), old, new)
        return
    before = old.parts if isinstance(old, All) else (old,)
    after = new.parts if isinstance(new, All) else (new,)
    found = tuple(parts(before, after, here.inside("parts"), conjoined=True))
    yield from found or [here.change(Kind.REWRITTEN, "the same, written otherwise", old, new)]


def parts(
    old: Sequence[Condition], new: Sequence[Condition], at: Place, *, conjoined: bool
) -> Iterator[Change]:
    """Yield what differs between conditions of which all, or else one, must hold."""
    pairing = aligned(old, new, (_likeness, _kinship))
    for before, after in pairing.pairs:
        yield from conditions(old[before], new[after], at.inside(str(after)))
    for position in pairing.removed:
        part = old[position]
        bent = leaning(stricter=not conjoined, wanted=at.wanted)
        place = at.inside(str(position)).at(part, None)
        yield place.change(Kind.REMOVED, f"removed {condition_words(part)}", old=part, leaning=bent)
    for position in pairing.added:
        part = new[position]
        bent = leaning(stricter=conjoined, wanted=at.wanted)
        place = at.inside(str(position)).at(None, part)
        yield place.change(Kind.ADDED, f"added {condition_words(part)}", new=part, leaning=bent)
    if pairing.reordered:
        yield at.change(Kind.REWRITTEN, "conditions in another order", old, new)


def _likeness(condition: Condition) -> object:
    match condition:
        case Compare(signal, operator):
            return Compare, signal, operator in _UPWARD, operator in _DOWNWARD
        case Found(policy):
            return Found, policy
        case Struck():
            return Struck, condition.actions, condition.within_us
        case FoundAny():
            return FoundAny, condition.behaviours, condition.axes
        case Negation(part):
            return Negation, _likeness(part)
        case All(inner) | Any(inner):
            return type(condition), frozenset(_likeness(part) for part in inner)


def _kinship(condition: Condition) -> object:
    """Return a looser likeness, for what is left over."""
    match condition:
        case Compare(signal):
            return Compare, signal
        case Found():
            return None
        case Negation(part):
            inner = _kinship(part)
            return None if inner is None else (Negation, inner)
    return type(condition)


def _denied(at: Place) -> Place:
    return replace(at, wanted=None if at.wanted is None else not at.wanted)


def _both(old: Condition, new: Condition) -> tuple[str, str]:
    return condition_words(old), condition_words(new)


def _leaf(
    old: Compare | Struck | FoundAny,
    new: Compare | Struck | FoundAny,
    at: Place,
    ends: tuple[str, str],
    bent: Leaning | None,
) -> Change:
    """Return the difference of two leaves of one kind, at their field where just one differs."""
    differing = [
        name
        for name in meaning(old)
        if canonical_bytes(getattr(old, name)) != canonical_bytes(getattr(new, name))
    ]
    place = at.inside(differing[0]) if len(differing) == 1 else at
    return place.change(Kind.CHANGED, " → ".join(ends), old, new, bent)


def _stricter_comparison(old: Compare | Struck, new: Compare | Struck) -> bool | None:
    """Return whether the new comparison holds for fewer values, None where neither holds."""
    for direction, sign in ((_UPWARD, 1), (_DOWNWARD, -1)):
        if old.operator in direction and new.operator in direction:
            before = (sign * old.threshold, direction[old.operator])
            after = (sign * new.threshold, direction[new.operator])
            return None if before == after else after > before
    return None


def _stricter_strikes(old: Struck, new: Struck) -> bool | None:
    counted = _narrower_set(old.actions, new.actions)
    verdicts = [_stricter_comparison(old, new)] if _bound(old) != _bound(new) else []
    upward = new.operator in _UPWARD
    if old.within_us != new.within_us:
        verdicts.append((new.within_us < old.within_us) is upward)
    if old.actions != new.actions:
        verdicts.append(None if counted is None else counted is upward)
    comparable = old.operator in _UPWARD | _DOWNWARD and new.operator in _UPWARD | _DOWNWARD
    return _agreed(verdicts) if comparable else None


def _bound(leaf: Struck) -> tuple[Operator, int]:
    return leaf.operator, leaf.threshold


def _narrower(old: FoundAny, new: FoundAny) -> bool | None:
    """Return whether the new description fits fewer findings."""
    verdicts = []
    if old.behaviours != new.behaviours:
        verdicts.append(_narrower_set(old.behaviours, new.behaviours))
    if old.axes != new.axes:
        verdicts.append(_narrower_set(old.axes, new.axes))
    if old.minimum_severity is not new.minimum_severity:
        verdicts.append(new.minimum_severity.rank > old.minimum_severity.rank)
    return _agreed(verdicts)


def _narrower_set(old: frozenset[object], new: frozenset[object]) -> bool | None:
    """Compare two sets of which the empty one means everything."""
    if not old or (new and new < old):
        return True
    return False if not new or old < new else None


def _agreed(verdicts: Sequence[bool | None]) -> bool | None:
    return verdicts[0] if verdicts and all(one is verdicts[0] for one in verdicts) else None
