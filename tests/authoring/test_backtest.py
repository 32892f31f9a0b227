"""A backtest says of both packs what runs of them would, and compares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tried import CROWD, LINKS, accounts_of, pack, policy, usual, write_activity

from engine.authoring.backtest.backtest import Backtester
from engine.authoring.backtest.record import backtest_record
from engine.authoring.backtest.result import Backtest, PolicyResult
from engine.authoring.bench.bench import Bench, opened
from engine.authoring.closure import whole_run
from engine.authoring.reviews import Opinion
from engine.batch.run import RunRequest, run
from engine.language.canonical import canonical_bytes
from engine.language.model.pack import Pack
from engine.ledger.records import RunRecords, Verdict
from engine.ledger.store import Ledger


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_activity(tmp_path_factory.mktemp("tried"))


@pytest.fixture(scope="module")
def bench(activity: str) -> Iterator[Bench]:
    with opened(RunRequest(activity), []) as found:
        yield found


Try = Callable[..., Backtest]


@pytest.fixture
def tried(bench: Bench) -> Try:
    def backtest(candidate: Pack, live: Pack, ledger: Ledger | None = None) -> Backtest:
        return Backtester(bench, live, ledger).backtest(candidate, listed=3)

    return backtest


def of(found: Backtest, name: str) -> PolicyResult:
    result = found.policy(name)
    assert result is not None
    return result


def gte(events: int, **rest: Any) -> dict[str, Any]:
    return {"when": {"all": [{"events": {"gte": events}}, *rest.pop("also", [])]}} | rest


def recorded(activity: str, rules: Pack) -> RunRecords:
    records = run(rules, RunRequest(activity), None).records
    assert records is not None
    return records


def found_by(records: RunRecords, name: str) -> set[str]:
    return {one.subject_id for one in records.findings if one.policy == name}


def test_both_sides_are_what_runs_of_the_packs_find(tried: Try, activity: str) -> None:
    candidate = usual(
        loud=gte(60), crowd=gte(300, also=[{"size": {"gte": 4}}]), noisy=gte(8, status="shadow")
    )
    live = usual()
    found = tried(candidate, live)
    after, before = recorded(activity, candidate), recorded(activity, live)
    assert {one.name for one in found.policies} == {"loud", "crowd", "company", "noisy"}
    for result in found.policies:
        hits, hits_before = found_by(after, result.name), found_by(before, result.name)
        assert {hit.subject.id for hit in result.newly} == hits - hits_before
        assert {hit.subject.id for hit in result.unchanged} == hits & hits_before
        assert {hit.subject.id for hit in result.gone} == hits_before - hits
    assert of(found, "loud").gone
    assert of(found, "noisy").newly
    for records, counts in ((after, found.reach.actions), (before, found.reach.before)):
        assert records.actions
        names = {"recorded": "record", "proposed": "propose"}
        told = {(kind, became) for kind, by in counts.items() for became in by}
        assert told == {(one.action, names[one.status]) for one in records.actions}
        for kind, became in told:
            accounts = {
                one.account_id
                for one in records.actions
                if (one.action, names[one.status]) == (kind, became)
            }
            assert counts[kind][became] == len(accounts)


def test_a_pack_against_itself_moves_nothing(tried: Try) -> None:
    found = tried(usual(), usual())
    assert len(found.unmoved) == 3
    assert found.linking.same_links
    assert found.reach.actions == found.reach.before


def test_a_second_candidate_gets_what_it_would_get_alone(bench: Bench, activity: str) -> None:
    candidates = [usual(loud=gte(number)) for number in (60,)]
    candidates.append(usual(loud=gte(3, signals={"events": {"count": "demands", "window": "1d"}})))
    together = Backtester(bench, usual(), None)
    for candidate in candidates:
        with opened(RunRequest(activity), []) as fresh:
            alone = Backtester(fresh, usual(), None).backtest(candidate, listed=2)
        shared = together.backtest(candidate, listed=2)
        assert backtest_record(shared, ()) == backtest_record(alone, ())


def test_the_values_that_decided_come_with_the_hits(tried: Try) -> None:
    found = of(tried(usual(loud=gte(60)), usual()), "loud")
    listed = found.gone[0]
    assert listed.holds is False
    assert listed.deciding
    number = listed.deciding[0].branch.number
    assert number
    assert number.fact.high < number.threshold == 60
    assert found.gone[3].deciding is None


def test_undecided_is_told_and_is_no_hit(tried: Try) -> None:
    found = of(tried(usual(loud=gte(90)), usual()), "loud")
    assert found.undecided >= 1
    assert found.because == ("events",)


def test_drafts_come_out_as_they_would_in_shadow(tried: Try, activity: str) -> None:
    candidate = usual(sketch=gte(100, status="draft"))
    found = tried(candidate, usual())
    draft = of(found, "sketch")
    assert draft.draft
    evaluated = whole_run(candidate, next(p for p in candidate.policies if p.name == "sketch"))
    hits = found_by(recorded(activity, evaluated), "sketch")
    assert hits
    assert {hit.subject.id for hit in draft.newly} == hits
    assert found.reach.actions == found.reach.before


def test_a_draft_that_asks_for_a_draft_waits_for_it(tried: Try) -> None:
    asks = {"status": "draft", "when": {"finding": "sketch"}, "signals": None, "select": None}
    candidate = usual(sketch=gte(100, status="draft"), asks={**asks, "explain": "it"})
    found = tried(candidate, usual())
    assert of(found, "sketch").hits
    assert of(found, "asks").hits == 0
    assert of(found, "asks").undecided == of(found, "asks").judged


def test_a_draft_in_the_live_pack_hits_nobody(tried: Try) -> None:
    found = of(tried(usual(), usual(loud={"status": "draft"})), "loud")
    assert found.newly
    assert not found.unchanged


def test_policies_that_came_went_or_changed_their_name(tried: Try) -> None:
    live = pack(policy("crowd", **CROWD), policy("loud"))
    candidate = pack(
        policy("masses", **CROWD, title="Policy crowd"),
        policy(
            "fresh",
            **gte(60),
            behaviour="evasion",
            axis="rhythm",
            severity="low",
            status="shadow",
            signals={"events": {"count": "demands", "window": "3d"}},
        ),
    )
    found = tried(candidate, live)
    masses = of(found, "masses")
    assert masses.live
    assert masses.live.name == "crowd"
    assert not masses.moved
    assert masses.unchanged
    assert of(found, "loud").candidate is None
    assert of(found, "loud").gone[0].deciding == ()
    assert of(found, "fresh").live is None


def test_other_links_match_hits_by_their_accounts(tried: Try) -> None:
    other = LINKS.replace("identity", "wallets")
    assert (
        len(
            {
                canonical_bytes(one.links)
                for one in (usual(), pack(policy("crowd", **CROWD), links=other))
            }
        )
        == 2
    )
    found = tried(pack(policy("crowd", **CROWD), links=other), pack(policy("crowd", **CROWD)))
    assert not found.linking.same_links
    assert found.linking.kept == found.linking.campaigns == 6
    crowd = of(found, "crowd")
    assert crowd.unchanged
    assert not crowd.moved


def test_campaigns_that_are_no_more_are_no_longer_hit(tried: Try) -> None:
    none = LINKS.replace("gte: 2", "gte: 20")
    found = tried(pack(policy("crowd", **CROWD), links=none), pack(policy("crowd", **CROWD)))
    crowd = of(found, "crowd")
    assert crowd.gone
    assert crowd.hits == 0
    assert crowd.gone[0].deciding == ()


# Past decisions.


@pytest.fixture
def ledger(tmp_path: Path, activity: str) -> Iterator[Ledger]:
    """Return a ledger in which every case of a run was decided: the smallest group wrongly so."""
    with Ledger.open(str(tmp_path / "ledger.db")) as opened_:
        run(usual(crowd=gte(100)), RunRequest(activity), opened_)
        cases = sorted(opened_.cases(), key=lambda case: case.subject_id)
        assert len(cases) >= 4
        wrong = {
            one.case_id for one in cases if _accounts(opened_, one.case_id) == set(accounts_of(1))
        }
        for case in cases:
            verdict = Verdict.REJECT if case.case_id in wrong else Verdict.APPROVE
            opened_.decide(
                case.case_id, seen_version=1, verdict=verdict, reviewer="ana",
                reason="seen", decided_us=case.last_event_us + 1,
            )  # fmt: skip
        yield opened_


def _accounts(ledger: Ledger, case: str) -> set[str]:
    return {member.account_id for member in ledger.members(case)}


def test_hits_fall_on_cases_that_reviewers_decided(tried: Try, ledger: Ledger) -> None:
    found = tried(usual(crowd=gte(100)), usual(), ledger)
    crowd = of(found, "crowd")
    assert found.reviewed
    assert (crowd.precision.approved, crowd.precision.rejected) == (crowd.hits - 1, 1)
    (wrong,) = crowd.newly_rejected
    assert crowd.newly[0] is wrong
    assert wrong.review
    assert wrong.review.opinion is Opinion.REJECTED
    assert _accounts(ledger, wrong.review.case_id) == set(accounts_of(1))


def test_an_account_is_known_from_its_campaigns_case(tried: Try, ledger: Ledger) -> None:
    loud = of(tried(usual(), usual(), ledger), "loud")
    opinions = {hit.subject.id: hit.review and hit.review.opinion for hit in loud.unchanged}
    assert opinions["a20"] is Opinion.APPROVED
    assert set(opinions.values()) == {Opinion.APPROVED}


def test_another_behaviour_is_another_question(tried: Try, ledger: Ledger) -> None:
    other = usual(resale=gte(40, behaviour="resale"))
    assert of(tried(other, usual(), ledger), "resale").precision.decided == 0


def test_a_campaign_is_known_by_its_accounts(tried: Try, ledger: Ledger) -> None:
    other = LINKS.replace("identity", "wallets")
    found = tried(pack(policy("crowd", **CROWD), links=other), usual(), ledger)
    assert of(found, "crowd").precision.approved == of(found, "crowd").hits > 0


def test_what_was_settled_or_struck_is_as_in_a_run(
    tried: Try, ledger: Ledger, activity: str
) -> None:
    """The next run of the same pack proposes nothing for cases decided after all that was done."""
    found = tried(usual(crowd=gte(100)), usual(crowd=gte(100)), ledger)
    assert found.reach.settled >= 4
    assert found.reach.actions == {}
    again = usual(crowd=gte(101))
    records = run(again, RunRequest(activity), ledger).records
    assert records is not None
    assert not records.actions
