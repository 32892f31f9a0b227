"""A campaign keeps its id as members come and go; merges and splits are told."""

from __future__ import annotations

import random
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from engine.campaigns.campaign import Campaign, Linkage, Member, campaign_id
from engine.campaigns.lineage import Lineage, Turn, continued


def campaign(accounts: Iterable[str], links: str = "ring") -> Campaign:
    members = tuple(Member(account, 1.0, ()) for account in sorted(accounts))
    return Campaign(campaign_id(links, members[0].account_id), links, members)


def linkage(*campaigns: Campaign) -> Linkage:
    return Linkage(tuple(sorted(campaigns, key=lambda c: (c.links_name, c.id))), (), ())


def known(*campaigns: Campaign) -> dict[str, frozenset[str]]:
    return {campaign.id: frozenset(campaign.account_ids) for campaign in campaigns}


A, B = campaign("abcdef"), campaign("pqrst")


def test_nothing_known_changes_nothing() -> None:
    assert continued(linkage(A), {}) == (linkage(A), ())


def test_the_same_campaign_has_its_id() -> None:
    assert continued(linkage(A, B), known(A, B)) == (linkage(A, B), ())


def test_a_campaign_that_loses_its_first_member_keeps_its_id() -> None:
    later = campaign("bcdefxyz")
    found, turns = continued(linkage(later), known(A))
    assert [each.id for each in found.campaigns] == [A.id]
    assert turns == (Lineage(Turn.CONTINUED, A.id, later.id, 5),)


def test_a_campaign_that_gains_an_earlier_member_keeps_its_id() -> None:
    found, _ = continued(linkage(campaign("Aabcdef")), known(A))
    assert [each.id for each in found.campaigns] == [A.id]


def test_of_two_that_merge_the_larger_keeps_its_id() -> None:
    found, turns = continued(linkage(campaign("abcdefpqrst")), known(A, B))
    assert [each.id for each in found.campaigns] == [A.id]
    assert turns == (Lineage(Turn.MERGED, A.id, B.id, 5),)


def test_of_two_parts_the_larger_keeps_the_id() -> None:
    small, large = campaign("ab"), campaign("cdef")
    found, turns = continued(linkage(small, large), known(A))
    ids = {each.account_ids: each.id for each in found.campaigns}
    assert ids[large.account_ids] == A.id
    assert ids[small.account_ids] not in {A.id, large.id}
    assert {turn.turn for turn in turns} == {Turn.CONTINUED, Turn.SPLIT}
    assert Lineage(Turn.SPLIT, ids[small.account_ids], A.id, 2) in turns


def test_a_part_that_has_a_case_of_its_own_keeps_its_own_id() -> None:
    small, large = campaign("ab"), campaign("cdef")
    first, _ = continued(linkage(small, large), known(A))
    recorded = {**known(A), **known(*first.campaigns)}
    recorded[A.id] |= known(A)[A.id]
    shrunk = campaign("c")
    again, turns = continued(linkage(small, shrunk), recorded)
    ids = {each.account_ids: each.id for each in first.campaigns}
    assert {each.account_ids: each.id for each in again.campaigns} == {
        small.account_ids: ids[small.account_ids],
        shrunk.account_ids: A.id,
    }
    assert Turn.SPLIT not in {turn.turn for turn in turns}


def test_strangers_that_take_over_a_few_accounts_are_another_campaign() -> None:
    found, turns = continued(linkage(campaign("abmnopqrs")), known(A))
    assert found.campaigns[0].id not in known(A)
    assert turns == ()


def test_other_links_make_other_campaigns() -> None:
    by_devices = campaign("abcdefg", "devices")
    found, turns = continued(linkage(A, by_devices), known(A))
    assert found == linkage(A, by_devices)
    assert turns == ()


PEOPLE = st.sets(st.sampled_from("abcdefghijklmnop"), min_size=2, max_size=12)


@given(st.lists(PEOPLE, max_size=4), st.lists(PEOPLE, max_size=4), st.integers())
def test_ids_are_unique_and_depend_on_no_order(
    before: list[set[str]], today: list[set[str]], seed: int
) -> None:
    recorded = known(*(campaign(people) for people in before))
    apart: list[set[str]] = []
    for people in today:
        left = people.difference(*apart)
        apart += [left] if left else []
    found, turns = continued(linkage(*map(campaign, apart)), recorded)
    assert len({each.id for each in found.campaigns}) == len(apart)
    assert {each.account_ids for each in found.campaigns} == {tuple(sorted(p)) for p in apart}
    for each in found.campaigns:
        if each.id in recorded:
            shared = len(recorded[each.id] & set(each.account_ids))
            assert 2 * shared >= min(len(recorded[each.id]), len(each.account_ids))
    shuffled = list(recorded.items())
    random.Random(seed).shuffle(shuffled)
    assert continued(linkage(*map(campaign, reversed(apart))), dict(shuffled)) == (found, turns)
