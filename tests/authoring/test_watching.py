"""What is checked and tested again after a save."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.authoring.watching import Snapshot, changed_tests, changes
from engine.language.load import find_rules, require_pack
from engine.language.model.pack import Pack
from engine.language.model.policy import PolicyTest


def test_a_save_is_seen_whether_it_writes_or_renames(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("one")
    seen = changes(tmp_path, Snapshot.of(tmp_path))
    next(seen)
    file.write_text("two, and longer")
    written = next(seen)
    aside = tmp_path / "a.yaml.tmp"
    aside.write_text("two, and longer")
    aside.rename(file)
    renamed = next(seen)
    assert written != renamed
    (tmp_path / "notes.txt").write_text("not a rule")
    assert Snapshot.of(tmp_path) == renamed
    file.unlink()
    assert next(seen).files == ()


def names(before: Pack | None, after: Pack) -> set[str]:
    return {policy.name for policy, _ in changed_tests(before, after)}


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
    assert names(None, pack) == everything
    assert names(pack, pack) == set()
    # The resale policy asks for the finding of the other one.
    expected = {"shared-template", "tenants-behind-accounts"}
    assert names(pack, changed(pack, "shared-template", version=9)) == expected
    assert names(pack, replace(pack, links=())) == everything


def test_a_test_that_changes_is_tested_again_alone() -> None:
    pack = require_pack(find_rules())
    policy = pack.policies[0]
    first, *rest = policy.tests
    renamed = replace(first, name="another")
    after = changed(pack, policy.name, tests=(renamed, *rest))
    assert [test for _, test in changed_tests(pack, after)] == [renamed]
    assert changed_tests(after, changed(after, policy.name, tests=tuple(rest))) == ()


def test_what_the_pack_does_is_tested_again_when_it_does_something_else() -> None:
    pack = without_actions()
    policy = pack.policies[0]
    acting = replace(policy.tests[0], name="acting", actions=())
    pack = changed(pack, policy.name, tests=(*policy.tests, acting))
    after = replace(pack, responses=pack.responses[1:])
    assert [test for _, test in changed_tests(pack, after)] == [acting]
