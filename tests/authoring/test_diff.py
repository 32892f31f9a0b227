"""Differences are told by meaning: all of them, each at its place, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutated import Mutation, mutations
from small_pack import ADDENDUM, EXEMPTION, LIST, SOURCE, document, load_small, pack_of

from engine.authoring.diff.change import Change, Kind, Leaning
from engine.authoring.diff.conditions import conditions
from engine.authoring.diff.difference import Difference, difference
from engine.authoring.diff.notes import About
from engine.authoring.diff.place import Place
from engine.authoring.diff.record import difference_record
from engine.authoring.diff.text import NOTHING, difference_text
from engine.language.canonical import digest
from engine.language.load import find_rules, require_pack
from engine.language.model import condition as c
from engine.language.model.pack import Pack
from engine.language.model.response import Response
from engine.language.span import Span
from engine.language.words import Operator, Status


@cache
def small() -> Pack:
    return pack_of(load_small(exemption=EXEMPTION, addendum=ADDENDUM, source=SOURCE))


@cache
def shipped() -> Pack:
    return require_pack(find_rules())


@cache
def mutations_of(name: str) -> list[Mutation]:
    return list(mutations(small() if name == "small" else shipped()))


def near(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def check(pack: Pack, mutation: Mutation) -> None:
    """A change is told of at its path, and as long as no name changes nowhere else."""
    found = difference(pack, mutation.pack).changes
    if digest(pack) == digest(mutation.pack):
        assert not found
        return
    assert any(near(change.path, mutation.path) for change in found), mutation.path
    assert len(found) <= 2


def test_a_pack_does_not_differ_from_itself() -> None:
    for pack in (small(), shipped()):
        found = difference(pack, pack)
        assert not found.changes
        assert not found.notes
        assert NOTHING in difference_text(found)


def test_every_single_change_of_a_pack_is_told_where_it_is() -> None:
    assert len(mutations_of("small")) > 200
    for mutation in mutations_of("small"):
        check(small(), mutation)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_000_000))
def test_any_single_change_of_the_shipped_pack_is_told_where_it_is(number: int) -> None:
    many = mutations_of("shipped")
    check(shipped(), many[number % len(many)])


@pytest.mark.slow
def test_every_single_change_of_the_shipped_pack_is_told_where_it_is() -> None:
    for mutation in mutations_of("shipped"):
        check(shipped(), mutation)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_nothing_differs_between_packs_of_one_digest_only(data: st.DataObject) -> None:
    packs = []
    for _ in range(2):
        pack = small()
        for _ in range(data.draw(st.integers(0, 3))):
            pack = data.draw(st.sampled_from(list(mutations(pack)))).pack
        packs.append(pack)
    one, other = packs
    for old, new in ((one, other), (other, one)):
        found = difference(old, new)
        assert bool(found.changes) is (digest(old) != digest(new))
        json.dumps(difference_record(found))
        difference_text(found)


def changed(**policy: Any) -> Difference:
    return difference(
        pack_of(load_small()), pack_of(load_small(policy=document("policy", **policy)))
    )


def told(found: Difference) -> list[str]:
    return [change.words for change in found.changes]


def test_comments_places_and_files_do_not_count() -> None:
    moved = load_small(policy="# a comment\n\n" + document("policy"), list="\n" + LIST)
    assert not difference(pack_of(load_small()), pack_of(moved)).changes


def test_a_threshold_is_told_with_both_places_and_its_leaning() -> None:
    (change,) = (
        one for one in changed(when={"events": {"gte": 200}}, version=4).changes if one.decides
    )
    assert change.path == ("policy", "harness", "when", "threshold")
    assert change.words == "when: events ≥ 100 → ≥ 200"
    assert change.leaning is Leaning.TIGHTENED
    assert change.old_at
    assert change.new_at
    assert (change.old_at.file, change.old_at.line) == ("rules/policy.yaml", 15)


def test_what_holds_against_a_finding_leans_the_other_way() -> None:
    one = changed(unless=[{"events": {"gte": 500}}])
    other = pack_of(load_small(policy=document("policy", unless=[{"events": {"gte": 400}}])))
    (change,) = difference(one.new, other).changes
    assert change.words == "unless: events ≥ 500 → ≥ 400"
    assert change.leaning is Leaning.TIGHTENED
    (added,) = one.changes
    assert (added.kind, added.leaning) == (Kind.ADDED, Leaning.TIGHTENED)


def test_windows_and_measures_in_words() -> None:
    window = changed(signals={"events": {"count": "demands", "window": "14d"}})
    assert told(window) == ["signal events, window: 1w → 2w"]
    whole = changed(signals={"events": {"count": "demands"}})
    assert told(whole) == ["signal events, window: 1w → the whole period"]


def test_a_named_selection_is_told_once_with_the_signals_that_count_it() -> None:
    (change,) = changed(select={"demands": {"prompt|contains": "show"}}).changes
    assert change.path[:4] == ("policy", "harness", "select", "demands")
    assert change.affects == ("events",)


def test_a_list_is_told_once_with_the_policies_that_use_it() -> None:
    longer = LIST.replace("step by step]", "step by step, aloud]")
    found = difference(pack_of(load_small()), pack_of(load_small(list=longer)))
    (change,) = found.changes
    assert change.words == 'values: added "aloud"'
    assert change.affects == ("harness",)
    assert [(note.about, note.name) for note in found.notes] == [
        (About.VERSION, "harness"),
        (About.VERSION, "small"),
    ]


def test_equal_selections_under_two_names_are_told_of() -> None:
    phrase = {"prompt|contains": "show"}
    both = {"a": phrase, "b": phrase, "demands": phrase}
    other = {name: {"prompt|contains": "tell"} for name in both}
    before = pack_of(load_small(policy=document("policy", select=both)))
    after = pack_of(load_small(policy=document("policy", select=other)))
    assert difference(before, after).decides


def test_a_new_name_is_one_change_and_its_users_follow() -> None:
    def asking(name: str) -> Pack:
        asks = document(
            "policy", policy="asks", when={"finding": name}, signals=None, select=None, explain="it"
        )
        return pack_of(load_small(policy=document("policy", policy=name), asks=asks))

    found = difference(asking("harness"), asking("renamed"))
    assert [(change.kind, change.path) for change in found.changes] == [
        (Kind.RENAMED, ("policy", "renamed"))
    ]
    assert not found.decides
    assert [note.about for note in found.notes] == [About.RENAMED]


def test_promotion_needs_no_new_version_but_is_noted() -> None:
    found = changed(status="review")
    assert [(note.about, note.words) for note in found.notes if note.kind == "policy"] == [
        (About.DEMOTED, "demoted, enforce → review")
    ]
    old, new = (
        replace(small(), policies=tuple(replace(p, status=status) for p in small().policies))
        for status in (Status.DRAFT, Status.ENFORCE)
    )
    words = [note.words for note in difference(old, new).notes]
    assert "promoted, draft → enforce, past shadow and review" in words


def test_a_raised_version_settles_the_note() -> None:
    found = changed(when={"events": {"gte": 200}}, version=4)
    assert [note.kind for note in found.notes] == ["pack"]


def test_words_alone_change_no_decision() -> None:
    found = changed(title="Another title", owner="somebody")
    assert len(found.changes) == 2
    assert not found.decides
    assert difference_text(found).startswith(NOTHING)


def test_the_order_of_conditions_decides_nothing_that_of_a_ladder_does() -> None:
    two = [{"events": {"gte": 100}}, {"events": {"lte": 900}}]
    before = pack_of(load_small(policy=document("policy", when={"all": two})))
    after = pack_of(load_small(policy=document("policy", when={"all": two[::-1]})))
    (change,) = difference(before, after).changes
    assert (change.kind, change.decides) == (Kind.REWRITTEN, False)

    def turned(response: Response) -> Response:
        return replace(response, ladder=response.ladder[::-1])

    ladder = replace(small(), responses=tuple(map(turned, small().responses)))
    assert difference(small(), ladder).decides


def test_all_of_one_condition_is_that_condition() -> None:
    (change,) = changed(when={"all": [{"events": {"gte": 100}}]}).changes
    assert (change.kind, change.decides) == (Kind.REWRITTEN, False)
    (added,) = changed(when={"all": [{"events": {"gte": 100}}, {"events": {"lte": 999}}]}).changes
    assert added.words == "when: added events ≤ 999"


# Leanings: a condition that was tightened holds nowhere it did not hold before.

SIGNALS = ("a", "b")
POINTS = (-1.0, 0.0, 1.0, 2.0)
SOMEWHERE = Span("f", 1, 1, 1, 2)

comparisons = st.builds(
    c.Compare, st.sampled_from(SIGNALS), st.sampled_from(list(Operator)), st.sampled_from(POINTS)
)
trees = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(c.All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(c.Any, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(c.Negation, inner),
    ),
    max_leaves=6,
)


def held(condition: c.Condition, values: dict[str, float]) -> bool:
    match condition:
        case c.All(parts):
            return all(held(part, values) for part in parts)
        case c.Any(parts):
            return any(held(part, values) for part in parts)
        case c.Negation(part):
            return not held(part, values)
        case c.Compare(signal, operator, threshold):
            value = values[signal]
            return {
                Operator.GT: value > threshold,
                Operator.GTE: value >= threshold,
                Operator.LT: value < threshold,
                Operator.LTE: value <= threshold,
                Operator.EQ: value == threshold,
                Operator.NEQ: value != threshold,
            }[operator]
    raise TypeError(condition)


def edited(tree: c.Condition, draw: Any) -> c.Condition:
    """Change one leaf of a tree, or let a part come or go."""
    match tree:
        case c.All(parts) | c.Any(parts):
            at = draw(st.integers(0, len(parts)))
            if at == len(parts):
                return type(tree)((*parts, draw(comparisons)))
            if draw(st.booleans()) and len(parts) > 1:
                return type(tree)(parts[:at] + parts[at + 1 :])
            return type(tree)((*parts[:at], edited(parts[at], draw), *parts[at + 1 :]))
        case c.Negation(part):
            return c.Negation(edited(part, draw))
        case c.Compare():
            other: c.Compare = draw(comparisons)
            return replace(tree, operator=other.operator, threshold=other.threshold)
    raise TypeError(tree)


@settings(deadline=None)
@given(trees, st.booleans(), st.data())
def test_a_leaning_is_what_it_says(tree: c.Condition, wanted: bool, data: st.DataObject) -> None:
    new = edited(tree, data.draw)
    found: list[Change] = list(
        conditions(tree, new, Place(("policy", "p"), None, None, wanted=wanted))
    )
    if len(found) != 1 or found[0].leaning is None:
        return
    tightened = found[0].leaning is Leaning.TIGHTENED
    steps = (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
    for first in steps:
        for second in steps:
            before = held(tree, {"a": first, "b": second}) is wanted
            after = held(new, {"a": first, "b": second}) is wanted
            assert (before or not after) if tightened else (after or not before)
