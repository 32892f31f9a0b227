"""What every measure means, written down event by event, slowly and without a database.

The reference that the compiled plan is compared with. Nothing is shared with `engine.signals` but
the model; folding is `engine.activity.text.fold`, regular expressions are RE2's.
"""

from __future__ import annotations

import ipaddress
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

import direct_habits
import direct_peers as peers
import direct_sliding
import re2

from engine.activity.folding import fold
from engine.language.fields import Absent, FieldRef, FieldType
from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.selection import After, AllOf, AnyOf, Not, Selection, Test
from engine.language.words import Anchor, Match, SubjectKind, TimePart

VOID = (-math.inf, math.inf)
Interval = tuple[float, float]


@dataclass
class Account:
    """A row of `accounts`: only fields with a value, and the Absent.NONE fields supplied."""

    account_id: str
    values: dict[str, Any] = field(default_factory=dict)
    supplied: frozenset[str] = frozenset()


@dataclass
class Event:
    """A row of `events`."""

    event_id: str
    ts_us: int
    account_id: str
    values: dict[str, Any] = field(default_factory=dict)
    supplied: frozenset[str] = frozenset()
    account: Account | None = None
    released_us: int | None = None
    """When its model was released, if that is recorded."""


@dataclass
class World:
    """All activity of a run."""

    events: list[Event]
    accounts: dict[str, Account]
    members: dict[str, list[str]]
    releases: dict[str, int] = field(default_factory=dict)


def lookup(ref: FieldRef, event: Event | None, account: Account | None) -> tuple[bool, Any]:
    """Return whether a field is known, and its value; None for a feature not used."""
    if ref.of_account:
        if account is None:
            return False, None
        row: Account | Event = account
    else:
        assert event is not None
        row = event
    if ref.name in ("account_id", "event_id"):
        return True, getattr(row, ref.name)
    if ref.name == "ts" and isinstance(row, Event):
        return True, row.ts_us
    value = row.values.get(ref.name)
    if ref.field.absent is Absent.NONE:
        return ref.name in row.supplied, value if ref.name in row.supplied else None
    return value is not None, value


def holds(test: Test, event: Event | None, account: Account | None) -> bool | None:
    """Return a test's outcome, None when its field is unknown."""
    ref = test.field
    known, value = lookup(ref, event, account)
    if test.match is Match.EXISTS:
        if ref.field.absent is Absent.UNKNOWN:
            known = account is not None if ref.of_account else True
        present = value is not None and value != []
        outcomes = [present == bool(wanted) for wanted in test.values]
        return (all(outcomes) if test.every else any(outcomes)) if known else None
    if test.other is not None:
        also, second = lookup(test.other, event, account)
        return same(test, value, second) if known and also else None
    if not known:
        return None
    wanted = [one for one in test.values if one is not None]
    if value is None or (test.every and len(wanted) < len(test.values)):
        return False
    if ref.field.type.is_list:
        outcomes = [
            any(compare(test, one, element) for element in value if element is not None)
            for one in wanted
        ]
    else:
        outcomes = [compare(test, one, value) for one in wanted]
    return all(outcomes) if test.every else any(outcomes)


def same(test: Test, one: Any, two: Any) -> bool:
    """Return whether two recorded values of one type are equal; what is not there equals none."""
    if one is None or two is None:
        return False
    kind = test.field.field.type
    if kind is FieldType.ADDRESS:
        return mapped(ipaddress.ip_address(one)) == mapped(ipaddress.ip_address(two))
    if kind is FieldType.TEXT and not test.cased:
        return fold(one) == fold(two)
    return bool(one == two)


def compare(test: Test, wanted: Any, value: Any) -> bool:
    """Return whether one recorded value satisfies one value of a test."""
    kind = test.field.field.type
    if kind is FieldType.BOOLEAN:
        return bool(wanted == value)
    if kind is FieldType.ADDRESS and test.match in (Match.CIDR, Match.EQUALS):
        return mapped(ipaddress.ip_address(value)) in network(str(wanted))
    if kind.is_number or kind is FieldType.INTEGERS:
        value = time_part(value, test.time_part) if test.time_part else value
        threshold = Fraction(str(wanted)) * (1000 if kind is FieldType.DECIMAL else 1)
        return {
            Match.EQUALS: value == threshold, Match.CONTAINS: value == threshold,
            Match.GT: value > threshold, Match.GTE: value >= threshold,
            Match.LT: value < threshold, Match.LTE: value <= threshold,
        }[test.match]  # fmt: skip
    return compare_text(test, str(wanted), value)


def time_part(value: int, part: TimePart) -> int:
    """Return a part of a moment in microseconds, UTC; weeks are those of ISO 8601."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
    if part is TimePart.WEEK:
        return moment.isocalendar().week
    return int(getattr(moment, part.value))


def compare_text(test: Test, wanted: str, value: str) -> bool:
    """Return whether a text satisfies one value of a test; of a list, `contains` an element."""
    kind = test.field.field.type
    folds = kind in (FieldType.TEXT, FieldType.TEXTS) and not test.cased
    value = fold(value) if folds else value
    if test.match is Match.RE:
        return re2.search(("(?i)" if folds else "") + wanted, value) is not None
    wanted = fold(wanted) if folds else wanted
    match test.match:
        case Match.EQUALS:
            return value == wanted
        case Match.CONTAINS:
            return value == wanted if kind.is_list else wanted in value
        case Match.STARTSWITH:
            return value.startswith(wanted)
        case Match.ENDSWITH:
            return value.endswith(wanted)
    raise AssertionError(test)


def mapped(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv6Address:
    """Return an address as IPv6."""
    if address.version == 4:
        return ipaddress.ip_address(f"::ffff:{address}")  # type: ignore[return-value]
    return address  # type: ignore[return-value]


def network(text: str) -> ipaddress.IPv6Network:
    """Return a network as IPv6."""
    found = ipaddress.ip_network(text, strict=False)
    if found.version == 4:
        return ipaddress.IPv6Network(f"::ffff:{found.network_address}/{96 + found.prefixlen}")
    return found  # type: ignore[return-value]


def truth(selection: Selection, event: Event) -> tuple[bool, bool, bool]:
    """Return (true, false, decided)."""
    match selection:
        case Test():
            outcome = holds(selection, event, event.account)
            return outcome is True, outcome is False, outcome is not None
        case After():
            begin = anchor_of(selection, event)
            if begin is None:
                return False, False, False
            soon = begin <= event.ts_us <= begin + selection.for_us
            return soon, not soon, True
        case Not(part=part):
            true, false, _ = truth(part, event)
            return false, true, true or false
        case AllOf(parts=parts):
            found = [truth(part, event) for part in parts]
            false = any(one[1] for one in found)
            return all(one[0] for one in found), false, all(one[2] for one in found) or false
        case AnyOf(parts=parts):
            found = [truth(part, event) for part in parts]
            true = any(one[0] for one in found)
            return (
                true,
                all(one[1] for one in found),
                true or not found or any(one[2] for one in found),
            )


def anchor_of(after: After, event: Event) -> int | None:
    """Return when an event's anchored window begins, None where that is not recorded."""
    if after.anchor is Anchor.RELEASE:
        return event.released_us
    created: int | None = None if event.account is None else event.account.values.get("created_at")
    return created


def standing(selection: Selection, event: Event) -> bool | None:
    """Return True in, False out, None unknown."""
    true, _, decided = truth(selection, event)
    return True if true else (False if decided else None)


def split(selection: Selection, events: Iterable[Event]) -> tuple[list[Event], list[Event]]:
    """Return the events in a selection, and those unknown to it."""
    events = list(events)
    return (
        [event for event in events if standing(selection, event) is True],
        [event for event in events if standing(selection, event) is None],
    )


def values_of(ref: FieldRef, event: Event) -> list[Any] | None:
    """Return the values an event carries (none, one, or a list's elements), None if unknown."""
    known, value = lookup(ref, event, event.account)
    if not known:
        return None
    if value is None or (value == "" and ref.name in ("prompt_shape", "system_shape")):
        return []
    return [one for one in value if one is not None] if ref.field.type.is_list else [value]


def activity(measure: m.Measure, events: list[Event]) -> Interval:
    """Return an activity measure over events inside its window."""
    match measure:
        case m.Count():
            inside, unknown = split(measure.where, events)
            return len(inside), len(inside) + len(unknown)
        case m.Share():
            return share(measure, events)
        case m.Sum() | m.Mean() | m.Minimum() | m.Maximum():
            return numeric(measure, events)
        case m.Distinct() | m.TopShare() | m.Entropy():
            return valued(measure, events)
        case m.Busiest():
            inside, unknown = split(measure.where, events)
            return busiest(inside, measure.span_us), busiest(inside + unknown, measure.span_us)
        case m.GapCv():
            return gap_cv(measure, events)
    raise AssertionError(measure)


def share(measure: m.Share, events: list[Event]) -> Interval:
    """Return the smallest and the largest share, where enough events are certainly counted."""
    certain = sum(standing(measure.of, event) is True for event in events)
    if certain < max(measure.min_of, 1):
        return VOID
    low, high = (float(Fraction(*some)) for some in extremes(measure, events))
    return low, high


def extremes(
    measure: m.Share | m.Carriers, events: list[Event]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Try for each event what moves the share most; see `counts` for why one step suffices.

    Return numerator and denominator of the smallest share, and of the largest.
    """
    choices = []
    for event in events:
        of, inside = standing(measure.of, event), standing(measure.where, event)
        choices.append(
            [
                (int(o and w), int(o))
                for o in ([True, False] if of is None else [of])
                for w in ([True, False] if inside is None else [inside])
            ]
        )
    least = [min(one, key=lambda pair: (pair[0], -pair[1])) for one in choices]
    most = [max(one, key=lambda pair: (pair[0], -pair[1])) for one in choices]
    return tuple(  # type: ignore[return-value]
        (sum(n for n, _ in some), sum(d for _, d in some)) for some in (least, most)
    )


def numeric(measure: m.Sum | m.Mean | m.Minimum | m.Maximum, events: list[Event]) -> Interval:
    """Return a total, mean or extreme."""
    ref = measure.field
    unit = 1000 if ref.field.type is FieldType.DECIMAL else 1
    inside, unknown = split(measure.where, events)
    found = [values_of(ref, event) for event in inside]
    perhaps = [values_of(ref, event) for event in unknown]
    sure = [Fraction(one, unit) for values in found if values is not None for one in values]
    missing = any(values is None for values in found + perhaps)
    maybe = [Fraction(one, unit) for values in perhaps if values is not None for one in values]
    unsure = missing or bool(maybe)
    if isinstance(measure, m.Sum):
        if unsure and ref.field.minimum is None:
            return VOID
        return float(sum(sure)), math.inf if missing else float(sum(sure + maybe))
    if not sure:
        return VOID
    match measure:
        case m.Mean():
            return VOID if unsure else (float(sum(sure) / len(sure)),) * 2  # type: ignore[return-value]
        case m.Minimum():
            return -math.inf if unsure else float(min(sure)), float(min(sure))
        case m.Maximum():
            return float(max(sure)), math.inf if unsure else float(max(sure))


def valued(measure: m.Distinct | m.TopShare | m.Entropy, events: list[Event]) -> Interval:
    """Return a measure of how often each value occurs."""
    ref = measure.field
    inside, unknown = split(measure.where, events)
    found = [values_of(ref, event) for event in inside]
    perhaps = [values_of(ref, event) for event in unknown]
    counts = Counter(one for values in found if values is not None for one in values)
    many = ref.field.type.is_list
    blind = sum(values is None for values in found + perhaps)
    match measure:
        case m.Distinct():
            more = sum(len(values) for values in perhaps if values is not None)
            high = math.inf if many and blind else len(counts) + blind + more
            return len(counts), high
        case m.TopShare():
            n = sum(values is not None for values in found)
            u = len(unknown) + sum(values is None for values in found)
            if many:
                n = counts.total()
                u = sum(len(values) for values in perhaps if values is not None)
            if n < max(measure.min_of, 1):
                return VOID
            if many and blind:
                return 0.0, 1.0
            top = max(counts.values(), default=0)
            return float(Fraction(top, n + u)), float(Fraction(top + u, n + u))
        case m.Entropy():
            if unknown or blind or counts.total() < max(measure.min_of, 1):
                return VOID
            return (entropy(list(counts.values())),) * 2  # type: ignore[return-value]


def entropy(counts: Sequence[int]) -> float:
    """Return the normalised entropy of how often each value occurs, from its definition."""
    if len(counts) == 1:
        return 0.0
    total = sum(counts)
    return -math.fsum(n / total * math.log2(n / total) for n in counts) / math.log2(len(counts))


def busiest(events: list[Event], span_us: int) -> int:
    """Return the most events in a closed interval that begins at some event."""
    times = [event.ts_us for event in events]
    return max((sum(start <= ts <= start + span_us for ts in times) for start in times), default=0)


def gap_cv(measure: m.GapCv, events: list[Event]) -> Interval:
    """Return the variation of gaps between consecutive events."""
    inside, unknown = split(measure.where, events)
    times = sorted(event.ts_us for event in inside)
    gaps = [(later - earlier) // 1000 for earlier, later in itertools.pairwise(times)]
    if unknown or len(times) < measure.min_events or len(gaps) < 2 or sum(gaps) == 0:
        return VOID
    mean = Fraction(sum(gaps), len(gaps))
    variance = sum((gap - mean) ** 2 for gap in gaps) / (len(gaps) - 1)
    value = math.sqrt(variance / mean**2)
    return value, value


def fact(  # noqa: C901 - a definition a measure
    measure: m.Measure, kind: SubjectKind, subject: str, world: World, since: int, as_of: int
) -> Interval:
    """Return a signal of a subject."""
    everything = [event for event in world.events if since <= event.ts_us <= as_of]
    window = getattr(measure, "window_us", None)
    start = since if window is None else max(since, as_of - window)
    mine = [event for event in everything if belongs(event, kind, subject, world)]
    events = [event for event in mine if event.ts_us >= start]
    members = world.members.get(subject, [])
    measure = unanchored(measure)
    match measure:
        case m.Cohort():
            return cohort(measure, kind, subject, world, since, as_of)
        case m.MemberCohort():
            return members_standing(measure, members, world, since, as_of)
        case h.ActiveHours() | h.HourFlatness() | h.Novel() | h.Spike() | h.ReleaseShift():
            return direct_habits.fact(measure, mine, world, since, as_of)
        case m.LongestRun():
            return direct_habits.longest_run(measure, events)
        case m.Approved():
            return approved(measure, kind, members, mine, world)
        case m.Members():
            return len(members), len(members)
        case m.Portion():
            return 1, 1
        case m.Payers():
            return payers(members, world)
        case m.Organisations():
            return organisations(members, everything, world)
        case m.Carriers():
            return carriers(measure, members, events)
        case m.Shared():
            return shared(measure, members, events, world)
        case m.Tenants():
            return tenants(measure, members, events)
        case m.Quantile():
            return direct_sliding.over_all(measure, events)
        case m.Windows() | m.Together() | m.Sequence():
            return direct_sliding.fact(measure, events, as_of)
        case m.PartitionIndex():
            return partition(measure, events)
    return activity(measure, events)


def cohort(
    measure: m.Cohort, kind: SubjectKind, subject: str, world: World, since: int, as_of: int
) -> Interval:
    """Return where a subject stands among those of its kind."""
    names = subjects(kind, world, since, as_of)
    everyone = [
        peers.Subject(
            fact(measure.value, kind, name, world, since, as_of),
            undecided(measure.value, kind, name, world, since, as_of),
            traits(measure, kind, name, world, since, as_of),
        )
        for name in names
    ]
    return peers.standing(names.index(subject), everyone, measure.scale, measure.min_peers)


def traits(
    measure: m.Cohort, kind: SubjectKind, subject: str, world: World, since: int, as_of: int
) -> tuple[Any, ...] | None:
    """Return what is recorded of all accounts of a subject, None where something is not."""
    events = [event for event in world.events if since <= event.ts_us <= as_of]
    accounts = {event.account_id for event in events if belongs(event, kind, subject, world)}
    if kind is SubjectKind.CAMPAIGN:
        accounts = set(world.members[subject])
    found = []
    for ref in measure.by:
        rows = [lookup(ref, None, world.accounts.get(account)) for account in accounts]
        found.append(peers.trait(ref, rows))
    return None if None in found else tuple(found)


def undecided(
    measure: m.Measure, kind: SubjectKind, subject: str, world: World, since: int, as_of: int
) -> bool:
    """Return whether a void value may be due to something that is not recorded."""
    if isinstance(measure, m.Cohort):
        return False
    start = as_of - (getattr(measure, "window_us", None) or as_of - since)
    measure = unanchored(measure)
    events = [
        event
        for event in world.events
        if max(since, start) <= event.ts_us <= as_of and belongs(event, kind, subject, world)
    ]
    if isinstance(measure, m.Share):
        states = [(standing(measure.of, one), standing(measure.where, one)) for one in events]
        return any(of is None or (of and where is None) for of, where in states)
    if isinstance(measure, m.GapCv):
        return bool(split(measure.where, events)[1])
    assert isinstance(measure, m.Count), measure
    return False


def members_standing(
    measure: m.MemberCohort, members: list[str], world: World, since: int, as_of: int
) -> Interval:
    """Return the median of the active members' standing."""
    active = set(subjects(SubjectKind.ACCOUNT, world, since, as_of))
    found = [
        cohort(measure.cohort, SubjectKind.ACCOUNT, member, world, since, as_of)
        for member in members
        if member in active
    ]
    if not found:
        return VOID
    return median(low for low, _ in found), median(high for _, high in found)


def unanchored(measure: m.Measure) -> m.Measure:
    """Return the measure with its anchored window as a condition on the events it is over."""
    after = getattr(measure, "after", None)
    if after is None or isinstance(measure, m.Windows | m.Together | m.Sequence):
        return measure
    key = "of" if isinstance(measure, m.Share | m.Carriers) else "where"
    narrowed: dict[str, Any] = {key: AllOf((after, getattr(measure, key))), "after": None}
    return replace(measure, **narrowed)


def _account_value(world: World, account: str, name: str) -> Any:
    row = world.accounts.get(account)
    return None if row is None else row.values.get(name)


def organisation(event: Event) -> str | None:
    """Return an event's organisation: its own, else its account's."""
    own = event.values.get("org_id")
    if own is None and event.account is not None:
        own = event.account.values.get("org_id")
    return own


def belongs(event: Event, kind: SubjectKind, subject: str, world: World) -> bool:
    """Return whether an event counts for a subject."""
    match kind:
        case SubjectKind.ACCOUNT:
            return event.account_id == subject
        case SubjectKind.ORGANISATION:
            return organisation(event) == subject
        case SubjectKind.CAMPAIGN:
            return event.account_id in world.members[subject]


def subjects(kind: SubjectKind, world: World, since: int, as_of: int) -> tuple[str, ...]:
    """Return who is measured."""
    active = [event for event in world.events if since <= event.ts_us <= as_of]
    match kind:
        case SubjectKind.ACCOUNT:
            return tuple(sorted({event.account_id for event in active}))
        case SubjectKind.ORGANISATION:
            found = {organisation(event) for event in active}
            return tuple(sorted(one for one in found if one is not None))
        case SubjectKind.CAMPAIGN:
            return tuple(sorted(world.members))


def different(values: list[Any]) -> Interval:
    """Return the number of different values, at least and at most."""
    found = len({value for value in values if value is not None})
    return found, found + sum(value is None for value in values)


def payers(members: list[str], world: World) -> Interval:
    """Return how many parties pay: one organisation's fingerprints are its own, others apart."""
    whose: dict[str, set[Any]] = {}
    for member in members:
        fingerprint = _account_value(world, member, "payment_id")
        if fingerprint is not None:
            whose.setdefault(fingerprint, set()).add(_account_value(world, member, "org_id"))
    lacking = sum(_account_value(world, one, "payment_id") is None for one in members)
    found = {
        ("fingerprint", fingerprint) if len(own) > 1 or None in own else ("organisation", *own)
        for fingerprint, own in whose.items()
    }
    return len(found), len(found) + lacking


def organisations(members: list[str], events: list[Event], world: World) -> Interval:
    """Return how many parties members are: their events' organisations, else their account's.

    A member that some row says to have none is a party of its own.
    """
    found: set[str] = set()
    missing = alone = 0
    for member in members:
        own = {organisation(event) for event in events if event.account_id == member} - {None}
        own = own or ({_account_value(world, member, "org_id")} - {None})
        found |= own  # type: ignore[arg-type]
        account = world.accounts.get(member)
        rows = [event for event in events if event.account_id == member]
        told = any("org_id" in row.supplied for row in (*rows, *([account] if account else [])))
        alone += told and not own
        missing += not told and not own
    return len(found) + alone, len(found) + alone + missing


def approved(
    measure: m.Approved,
    kind: SubjectKind,
    members: list[str],
    events: list[Event],
    world: World,
) -> Interval:
    """Return whether every account holds the approval."""
    names = members if kind is SubjectKind.CAMPAIGN else {event.account_id for event in events}
    test = Test(FieldRef("approvals", of_account=True), Match.CONTAINS, (measure.approval,))
    outcomes = [holds(test, None, world.accounts.get(one)) for one in names]
    return float(all(one is True for one in outcomes)), float(False not in outcomes)


def carriers(measure: m.Carriers, members: list[str], events: list[Event]) -> Interval:
    """Return members that certainly, and that possibly, carry the selection."""
    low = high = 0
    share_ = Fraction(str(measure.at_least_share))
    for member in members:
        own = [event for event in events if event.account_id == member]
        (least, of_least), (most, of_most) = extremes(measure, own)
        low += least >= 1 and least >= share_ * of_least
        high += most >= 1 and most >= share_ * of_most
    return low, high


def partition(measure: m.PartitionIndex, events: list[Event]) -> Interval:
    """Return one minus observed over expected collisions."""
    templates: dict[str, dict[str, set[str]]] = {}
    for event in events:
        state, shapes = standing(measure.where, event), values_of(measure.field, event)
        hashes = values_of(FieldRef("prompt_hash"), event)
        if state is False or shapes == []:
            continue
        if state is None or shapes is None or hashes is None:
            return VOID
        templates.setdefault(shapes[0], {}).setdefault(event.account_id, set()).update(hashes)
    observed, expected = 0, Fraction(0)
    for members in templates.values():
        if len(members) < 2:
            continue
        shared = Counter(one for hashes in members.values() for one in hashes)
        sizes = [len(hashes) for hashes in members.values()]
        observed += sum(k * (k - 1) // 2 for k in shared.values())
        expected += Fraction(sum(sizes) ** 2 - sum(n * n for n in sizes), 2 * len(shared))
    if not any(hashes for members in templates.values() for hashes in members.values()):
        return VOID
    value = float(1 - observed / expected) if expected else 1.0
    return value, value


def shared(measure: m.Shared, members: list[str], events: list[Event], world: World) -> Interval:
    """Return the share of members with a value of another's, at least and at most."""
    held: dict[str, set[Any]] = {}
    carried: dict[str, list[Any]] = {}
    lacking: Counter[str] = Counter()
    for member in members:
        own = [event for event in events if event.account_id == member]
        if measure.field.of_account:
            own = [Event("", 0, member, account=world.accounts.get(member))]
        found = []
        for event in own:
            inside, values = standing(measure.where, event), values_of(measure.field, event)
            if inside is True:
                found.append(values)
            elif inside is None and values != []:
                found.append(None)
        carried[member] = [one for values in found if values is not None for one in values]
        held[member] = set(carried[member])
        lacking[member] = sum(values is None for values in found)
    degree = Counter(one for values in held.values() for one in values)
    part = Fraction(str(measure.at_least_share))
    sharing = set()
    for member in members:
        common = sum(degree[one] > 1 for one in carried[member])
        of = len(carried[member]) + (lacking[member] if part else 0)
        if common and common >= part * of:
            sharing.add(member)
    open_ = {one for one in members if lacking[one]} - sharing
    lone = {one for one in members if held[one]} - sharing - open_
    pulls = math.inf if measure.field.field.type.is_list else lacking.total()
    pulled = min(len(lone), pulls) if lacking.total() else 0
    most = len(sharing) + len(open_) + pulled if len(members) > 1 else 0
    return float(Fraction(len(sharing), len(members))), float(Fraction(int(most), len(members)))


def tenants(measure: m.Tenants, members: list[str], events: list[Event]) -> Interval:
    """Return the share of members with so many different values, at least and at most."""
    low = high = 0
    for member in members:
        values: set[Any] = set()
        more: float = 0
        for event in (one for one in events if one.account_id == member):
            inside, own = standing(measure.where, event), values_of(measure.field, event)
            if inside is False or own == []:
                continue
            if inside is True and own is not None:
                values |= set(own)
            else:
                more += math.inf if measure.field.field.type.is_list else 1
        low += len(values) >= measure.at_least
        high += len(values) + more >= measure.at_least
    return float(Fraction(low, len(members))), float(Fraction(high, len(members)))
