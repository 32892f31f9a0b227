"""What is checked and tested again after a save."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.authoring.watching import Snapshot, changed_policies, changes
from engine.language.load import find_rules, require_pack


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


def test_only_what_may_come_out_differently_is_tested_again() -> None:
    pack = require_pack(find_rules())
    everything = frozenset(policy.name for policy in pack.policies)
    assert changed_policies(None, pack) == everything
    assert changed_policies(pack, pack) == frozenset()
    policies = tuple(
        replace(one, version=one.version + 1) if one.name == "shared-template" else one
        for one in pack.policies
    )
    changed = changed_policies(pack, replace(pack, policies=policies))
    # The resale policy asks for the finding of the other one.
    assert changed == {"shared-template", "tenants-behind-accounts"}
    assert changed_policies(pack, replace(pack, links=())) == everything
