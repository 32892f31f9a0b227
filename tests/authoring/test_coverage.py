"""What tests have seen of a policy, held against timelines whose numbers are plain."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.authoring.coverage.of_policies import of_policy
from engine.authoring.coverage.of_responses import of_responses
from engine.authoring.coverage.points import Covered, share
from engine.authoring.kept import KeptTrials
from engine.language.load import find_rules, load_texts, require_pack
from engine.language.model.pack import Pack

_AROUND = """\
pack: small
version: "1"
owners: [trust-and-safety]
---
terms: usage-policy
title: Usage policy
versions:
  - version: "1"
    effective: 2025-09-15
    clauses: [{id: scraping, section: "3.2", summary: No training, url: https://example.com/terms}]
---
policy: busy
title: An account that asks for much
version: 1
status: shadow
owner: trust-and-safety
behaviour: distillation
axis: rhythm
severity: low
clauses: [usage-policy/scraping]
subject: account
signals:
  requests: {count: all, window: 7d}
  first: {share: {turn: 1}, min_of: 1, window: 7d}
when: {all: [{requests: {gte: 5}}, {first: {gte: 1}}]}
unless: [{requests: {gt: 7}}]
explain: "{requests} requests"
tests:
"""


def _test(name: str, requests: int, turn: int, expect: str) -> str:
    return (
        f"  - {{name: {name}, as_of: 2026-06-05, accounts: {{}}, expect: {expect}, "
        f"exchanges: {{per_account: {requests}, turn: {turn}}}}}\n"
    )


def _pack(*tests: str) -> Pack:
    loaded = load_texts({"rules/pack.yaml": (_AROUND + "".join(tests)).encode()})
    assert loaded.pack is not None, loaded.diagnostics
    return loaded.pack


def _covered(pack: Pack, name: str = "busy") -> Covered:
    policy = next(one for one in pack.policies if one.name == name)
    with KeptTrials() as trials:
        return of_policy(pack, policy, trials)


def _unseen(*tests: str) -> list[tuple[str, str]]:
    covered = _covered(_pack(*tests))
    return [(point.condition, point.side) for point in covered.unseen]


def test_all_sides_are_seen_by_tests_that_come_near() -> None:
    assert (
        _unseen(
            _test("below", 4, 1, "no finding"),
            _test("at", 5, 1, "finding"),
            _test("above", 6, 2, "no finding"),
            _test("at the exception", 7, 1, "finding"),
            _test("beyond it", 8, 1, "no finding"),
        )
        == []
    )


def test_what_one_test_leaves_out_is_named_with_its_place() -> None:
    covered = _covered(_pack(_test("at", 5, 1, "finding")))
    assert [(one.condition, one.side) for one in covered.unseen] == [
        ("requests gte 5", "fails"),
        ("requests gte 5", "below"),
        ("requests gte 5", "above"),
        ("first gte 1", "fails"),
        ("first gte 1", "below"),
        ("requests gt 7", "holds"),
        ("requests gt 7", "at"),
        ("requests gt 7", "above"),
    ]
    assert {one.span.line for one in covered.unseen} == {25, 26}
    # A share is never above 1, so nobody is asked for a test of it.
    assert len(covered.wanted) == 5 + 4 + 5
    assert share([covered]) == pytest.approx(6 / 14)


def test_a_selection_is_seen_to_pick_and_to_leave_out() -> None:
    selecting = _AROUND.replace("signals:", "select: {opening: {turn: 1}}\nsignals:").replace(
        "share: {turn: 1}", "share: opening"
    )
    written = selecting + _test("at", 5, 1, "finding")
    pack = load_texts({"rules/pack.yaml": written.encode()}).pack
    assert pack is not None
    covered = _covered(pack)
    of_selections = [one for one in covered.unseen if one.condition == "selection opening"]
    assert [(one.side, one.span.line) for one in of_selections] == [("fails", 22)]


def test_no_test_sees_nothing() -> None:
    covered = _covered(_pack(_test("nobody", 1, 1, "no finding").replace("turn: 1", "n: 1")))
    assert ("first gte 1", "holds") in {(one.condition, one.side) for one in covered.unseen}


def test_every_place_is_in_the_policys_own_file() -> None:
    pack = require_pack(find_rules())
    covered = _covered(pack, "logit-sweep")
    assert covered.wanted
    assert {Path(one.span.file).stem for one in covered.wanted} == {"logit-sweep"}
    assert covered.seen > 0


_ANSWER = """\
---
response: answer
subject: account
when: {findings: {behaviour: distillation}}
ladder:
  - {do: log, approval: none}
  - {do: warn, if: {strikes: {gte: 2, within: 90d}}}
"""


def _answered(*tests: str) -> list[tuple[str, str]]:
    written = _AROUND + "".join(tests) + _ANSWER
    pack = load_texts({"rules/pack.yaml": written.encode()}).pack
    assert pack is not None
    with KeptTrials() as trials:
        (covered,) = of_responses(pack, trials)
    return [(point.condition, point.side) for point in covered.unseen]


def _struck(name: str, times: int) -> str:
    strikes = ", ".join(f"{{at: 2026-05-{20 + n}, action: throttle}}" for n in range(times))
    before = f"accounts: {{}}, strikes: [{strikes}]"
    return _test(name, 5, 1, "finding").replace("accounts: {}", before)


def test_every_rung_is_seen_taken_and_every_guard_from_all_sides() -> None:
    struck = "strikes ≥ 2 within 90d"
    assert _answered(_test("at", 5, 1, "finding")) == [
        ("findings distillation", "fails"),
        ("rung 2", "taken"),
        (struck, "holds"),
        (struck, "at"),
        (struck, "above"),
    ]
    below = _test("below", 4, 1, "no finding")
    assert _answered(below) == [
        ("findings distillation", "holds"),
        ("rung 1", "taken"),
        ("rung 2", "taken"),
        (struck, "holds"),
        (struck, "at"),
        (struck, "above"),
    ]
    every = [_struck(f"struck {times} times", times) for times in (1, 2, 3)]
    assert _answered(below, *every) == []


def test_what_was_done_before_is_seen() -> None:
    text = _AROUND + _test("again", 5, 1, "finding").replace(
        "as_of:", "strikes: {at: 2026-06-01, action: throttle}, as_of:"
    )
    when = "when: {all: [{requests: {gte: 5}}, {first: {gte: 1}}]}"
    asked = "when: {all: [{first: {gte: 1}}, {strikes: {gte: 1, within: 90d}}]}"
    loaded = load_texts({"rules/pack.yaml": text.replace(when, asked).encode()})
    assert loaded.pack is not None, loaded.diagnostics
    unseen = {point.side for point in _covered(loaded.pack).unseen if "strikes" in point.condition}
    assert unseen == {"fails", "below", "above"}
