"""Which tests are due after a save."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.authoring.watch.standing import Standing
from engine.language.load import find_rules, require_pack
from engine.language.model.pack import Pack
from engine.language.model.policy import PolicyTest


def passed(*packs: Pack) -> Standing:
    """Return how tests stand when all those of some packs, one after the other, passed."""
    standing = Standing()
    for pack in packs:
        for one in standing.due(pack):
            standing.passed(one)
    return standing


def names(standing: Standing, pack: Pack) -> set[str]:
    return {one.policy.name for one in standing.due(pack)}


def changed(pack: Pack, name: str, **keys: Any) -> Pack:
    policies = (replace(one, **keys) if one.name == name else one for one in pack.policies)
    return replace(pack, policies=tuple(policies))


def without_actions() -> Pack:
    """Return the shipped pack without the tests of what follows from a finding: all of it bears."""
    pack = require_pack(find_rules())
    policies = (
        replace(one, tests=tuple(test for test in one.tests if not _acts(test)))
        for one in pack.policies
    )
    return replace(pack, policies=tuple(policies))


def _acts(test: PolicyTest) -> bool:
    return any(one.actions is not None for one in test.expectations)


def test_only_what_may_come_out_differently_is_tested_again() -> None:
    pack = without_actions()
    everything = {policy.name for policy in pack.policies}
    assert names(Standing(), pack) == everything
    assert names(passed(pack), pack) == set()
    # The resale policy asks for the finding of the other one, and the last one for the resale.
    expected = {"shared-template", "tenants-behind-accounts", "fixed-instruction"}
    assert names(passed(pack), changed(pack, "shared-template", version=9)) == expected
    assert names(passed(pack), replace(pack, links=())) == everything


def test_a_test_that_changes_is_tested_again_alone() -> None:
    pack = require_pack(find_rules())
    policy = pack.policies[0]
    first, *rest = policy.tests
    renamed = replace(first, name="another")
    after = changed(pack, policy.name, tests=(renamed, *rest))
    assert [one.test for one in passed(pack).due(after)] == [renamed]
    assert passed(after).due(changed(after, policy.name, tests=tuple(rest))) == ()


def test_what_the_pack_does_is_tested_again_when_it_does_something_else() -> None:
    pack = without_actions()
    policy = pack.policies[0]
    acting = replace(policy.tests[0], name="acting", actions=())
    pack = changed(pack, policy.name, tests=(*policy.tests, acting))
    after = replace(pack, responses=pack.responses[1:])
    assert [one.test for one in passed(pack).due(after)] == [acting]


def test_what_failed_or_never_ran_stays_due_whatever_is_saved() -> None:
    pack = without_actions()
    failing = pack.policies[0]
    last = next(one for one in pack.policies if one.name == "logit-sweep")  # nobody asks for it
    standing = Standing()
    for one in standing.due(pack):
        if one.policy.name != failing.name:
            standing.passed(one)
    elsewhere = changed(pack, last.name, version=9)
    due = standing.due(elsewhere)
    assert {one.policy.name for one in due} == {failing.name, last.name}
    # What was just saved comes first.
    assert due[0].policy.name == last.name
    assert names(standing, pack) == {failing.name, last.name}
