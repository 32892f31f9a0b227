"""The shipped policies keep the promises they make in their own tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.authoring.trial import try_out
from engine.decide.crew import Crew
from engine.decide.lane import Orders
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
def crew() -> Iterator[Crew]:
    with Crew(Orders(PACK.name)) as one:
        yield one


@pytest.mark.parametrize(("policy", "test"), TESTS)
def test_of_a_policy(policy: Policy, test: PolicyTest, crew: Crew) -> None:
    assert try_out(PACK, policy, test, crew).faults == ()


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
