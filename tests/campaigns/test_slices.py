"""What is cut out of a mixed campaign, what is not, and under which id it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from engine.campaigns.campaign import (
    Campaign,
    Cut,
    Linkage,
    Member,
    campaign_id,
    is_slice,
    slice_links,
)
from engine.campaigns.find import find_campaigns
from engine.campaigns.lineage import continued
from engine.language.model.links import Connector, Links, Slicing
from fixtures.filled import AS_OF, Filled

FIELDS = ("prompt_shape", "system_shape", "tools_sig")
LINKS = Links(
    "ring",
    (Connector("account.payment_id"),),
    0.3,
    members_min=2,
    slices=Slicing(FIELDS, min_events=20, min_accounts=3, per_account=2),
)
POOL = [f"p{number}" for number in range(8)]


def pool(workspace: Filled, names: Sequence[str] = POOL, each: int = 40) -> None:
    """Add accounts on one card that send what nobody sends twice, and strangers who do so too."""
    for name in names:
        workspace.account(name, payment_id="card")
    everybody = [*names, *(f"stranger{number}" for number in range(60))]
    workspace.add(
        "events",
        [
            {"account_id": name, "ts_us": AS_OF, "prompt_shape": f"{name} {number}"}
            for name in everybody
            for number in range(each)
        ],
    )


def found(workspace: Filled, links: Links = LINKS) -> tuple[Campaign, ...]:
    return find_campaigns(workspace, [links], as_of_us=AS_OF).campaigns


def cuts(workspace: Filled, links: Links = LINKS) -> list[tuple[str, tuple[str, ...], int, int]]:
    """Return by what the slices are cut, who is in them, and how much of the whole they are."""
    return [
        (one.cut.value, one.account_ids, one.cut.exchanges, one.cut.of)
        for one in found(workspace, links)
        if one.cut is not None
    ]


def send(workspace: Filled, value: str, names: Sequence[str], times: int, field: str = "") -> None:
    for name in names:
        workspace.event(name, times, **{field or "prompt_shape": value})


def test_a_part_with_one_template_is_cut_out(workspace: Filled) -> None:
    pool(workspace)
    send(workspace, "theirs", POOL[:4], 5)
    assert cuts(workspace) == [("theirs", tuple(POOL[:4]), 20, 340)]
    (slice_,) = (one for one in found(workspace) if one.cut is not None)
    (whole,) = (one for one in found(workspace) if one.cut is None)
    assert slice_.cut is not None
    assert slice_.cut.campaign == whole.id
    assert whole.account_ids == tuple(POOL)
    assert [tie.shared for tie in slice_.members[0].evidence] == [
        "prompt_shape",
        "account.payment_id",
    ]


def test_by_whom_it_is_sent_is_told(workspace: Filled) -> None:
    pool(workspace)
    for name in POOL[:4]:
        workspace.event(name, 5, prompt_shape="theirs", end_user_id="customer")
        workspace.event(name, 2, prompt_shape="theirs", end_user_id=f"tries-{name}")
        workspace.event(name, 9, prompt_shape=f"other {name}", end_user_id="somebody")
    (slice_,) = (one for one in found(workspace) if one.cut is not None)
    told = [(t.value, t.accounts) for t in slice_.members[0].evidence if t.shared == "end_user_id"]
    assert told == [("customer", 4), ("tries-p0", 1)]


def test_just_enough_and_just_too_little(workspace: Filled) -> None:
    pool(workspace)
    send(workspace, "one short", POOL[:4], 4)
    send(workspace, "one short", POOL[4:5], 3)
    send(workspace, "two accounts", POOL[:2], 30)
    send(workspace, "enough", POOL[:3], 6)
    send(workspace, "enough", POOL[3:4], 2)
    send(workspace, "enough", POOL[4:5], 1)  # who pasted it once is not in it
    assert cuts(workspace) == [("enough", tuple(POOL[:4]), 20, 320 + 19 + 60 + 21)]


@pytest.mark.parametrize(("strangers", "cut"), [(40, True), (41, False)])
def test_what_others_send_as_well_is_not_theirs(
    workspace: Filled, strangers: int, cut: bool
) -> None:
    """Ten times as common: 60 of 380 exchanges here, 40 of 2,534 elsewhere."""
    pool(workspace)
    send(workspace, "public", POOL[:6], 10)
    workspace.event("stranger0", strangers, prompt_shape="public")
    workspace.event("reader", 2_534 - 2_400 - strangers)
    assert bool(cuts(workspace)) is cut


def test_a_pool_of_few_templates_is_not_cut_up(workspace: Filled) -> None:
    """Five values make up half of what it sends: it is one hand's, with some camouflage."""
    for name in POOL:
        workspace.account(name, payment_id="card")
    for number in range(5):
        send(workspace, f"paraphrase {number}", POOL, 8)
    workspace.add(
        "events",
        [
            {"account_id": name, "ts_us": AS_OF, "prompt_shape": f"{name} {number}"}
            for name in POOL
            for number in range(40)
        ],
    )
    assert cuts(workspace) == []
    workspace.event(POOL[0], prompt_shape="one more of another kind")
    assert len(cuts(workspace)) == 5


def test_the_same_exchanges_are_one_slice(workspace: Filled) -> None:
    pool(workspace)
    for name in POOL[:4]:
        workspace.event(name, 8, prompt_shape="theirs", tools_sig="theirs too")
        workspace.event(name, 1, prompt_shape="variation", tools_sig="theirs too")
    assert [value for value, *_ in cuts(workspace)] == ["theirs too"]


def test_a_part_of_a_product_is_a_slice_beside_it(workspace: Filled) -> None:
    pool(workspace)
    for name in POOL[:4]:
        workspace.event(name, 6, prompt_shape="theirs", system_shape="an app")
        workspace.event(name, 20, prompt_shape=f"of users of {name}", system_shape="an app")
    assert sorted(value for value, *_ in cuts(workspace))[:2] == ["an app", "theirs"]


def test_nothing_is_cut_unless_asked_for(workspace: Filled) -> None:
    pool(workspace)
    send(workspace, "theirs", POOL[:4], 5)
    assert cuts(workspace, replace(LINKS, slices=None)) == []
    only_tools = replace(LINKS, slices=Slicing(("tools_sig",), 20, 3, 2))
    assert cuts(workspace, only_tools) == []


def test_threads_and_the_order_of_rows_change_nothing(workspace: Filled) -> None:
    pool(workspace)
    for value in ("theirs", "others'"):
        send(workspace, value, POOL[:5], 5)
    first = found(workspace)
    rows = workspace.rows("SELECT account_id, ts_us, prompt_shape FROM events")
    accounts = workspace.rows("SELECT account_id, payment_id FROM accounts")
    with Filled(threads=1) as again:
        for name, card in reversed(accounts):
            again.account(name, payment_id=card)
        names = ("account_id", "ts_us", "prompt_shape")
        again.add("events", [dict(zip(names, row, strict=True)) for row in reversed(rows)])
        assert found(again) == first


def sliced(accounts: str, value: str = "theirs") -> Linkage:
    """Return a campaign and a slice of it, which has all accounts but the first."""
    members = tuple(Member(account, 1.0, ()) for account in accounts)
    whole = Campaign(campaign_id("ring", accounts[0]), "ring", members)
    return Linkage((whole, of(whole, accounts[1:], value)), (), ())


def of(whole: Campaign, accounts: str, value: str) -> Campaign:
    links = slice_links("ring", "prompt_shape", value)
    members = tuple(Member(account, 1.0, ()) for account in accounts)
    cut = Cut(whole.id, "prompt_shape", value, 20, 400)
    return Campaign(campaign_id(links, accounts[0]), links, members, cut)


def known(linkage: Linkage) -> dict[str, frozenset[str]]:
    return {one.id: frozenset(one.account_ids) for one in linkage.campaigns}


def test_a_slice_goes_on_under_its_id_though_its_first_account_is_gone() -> None:
    before, today = sliced("abcdef"), sliced("acdef")
    after, _ = continued(today, known(before))
    assert [one.id for one in after.campaigns] == [one.id for one in before.campaigns]
    assert after.campaigns[1].cut is not None
    assert after.campaigns[1].cut.campaign == before.campaigns[0].id


def test_a_slice_of_another_value_is_another_one() -> None:
    before, today = sliced("abcdef"), sliced("abcdef", "others'")
    after, _ = continued(today, known(before))
    assert is_slice(after.campaigns[1].id)
    assert after.campaigns[1].id not in known(before)


def test_a_campaign_never_goes_on_as_its_slice() -> None:
    before = known(sliced("abcdef"))
    only_slice = {id_: accounts for id_, accounts in before.items() if is_slice(id_)}
    whole = Linkage(sliced("abcdef").campaigns[:1], (), ())
    assert continued(whole, only_slice) == (whole, ())
