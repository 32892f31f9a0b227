"""The shipped policies keep the promises they make in their own tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.authoring.coverage.of_policies import of_policy
from engine.authoring.kept import KeptTrials
from engine.language.load import find_rules, require_pack
from engine.language.model.policy import Policy, PolicyTest
from engine.language.words import Axis, Behaviour

PACK = require_pack(find_rules())
TESTS = [
    pytest.param(policy, test, id=f"{policy.name}: {test.name}")
    for policy in PACK.policies
    for test in policy.tests
]


@pytest.fixture(scope="module")
def trials() -> Iterator[KeptTrials]:
    with KeptTrials() as kept:
        yield kept


@pytest.mark.parametrize(("policy", "test"), TESTS)
def test_of_a_policy(policy: Policy, test: PolicyTest, trials: KeptTrials) -> None:
    assert trials.result(PACK, policy, test).faults == ()


@pytest.mark.parametrize("policy", PACK.policies, ids=lambda policy: policy.name)
def test_every_condition_is_seen_both_ways_and_every_threshold_from_all_sides(
    policy: Policy, trials: KeptTrials
) -> None:
    assert of_policy(PACK, policy, trials).unseen == ()


@pytest.mark.parametrize("policy", PACK.policies, ids=lambda policy: policy.name)
def test_every_policy_is_tested_from_all_sides(policy: Policy) -> None:
    expected = {verdict for test in policy.tests for verdict in test.verdicts}
    assert {"finding", "no finding"} <= expected
    assert any(test.twin and "no finding" in test.verdicts for test in policy.tests)
    assert any("below" in test.name or "short" in test.name for test in policy.tests)


def test_the_pack_covers_axes_and_behaviours() -> None:
    assert len(PACK.policies) >= 8
    assert {policy.axis for policy in PACK.policies} == set(Axis)
    wanted = {Behaviour.DISTILLATION, Behaviour.RESALE, Behaviour.LOGIT_EXTRACTION}
    assert wanted <= {policy.behaviour for policy in PACK.policies}
