"""Files of a pack are named from the root of their repository, wherever the command ran."""

from __future__ import annotations

from pathlib import Path

from engine.language.checkout import Checkout


def test_paths_start_at_the_repository_that_holds_the_rules(tmp_path: Path) -> None:
    rules = tmp_path / "repository" / "deep" / "rules"
    rules.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    for working in (tmp_path, rules, Path("/")):
        checkout = Checkout(rules, working)
        assert checkout.path("rules/policies/a.yaml") == "deep/rules/policies/a.yaml"
        assert checkout.path("rules") == "deep/rules"


def test_a_linked_work_tree_is_a_repository_too(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /elsewhere\n")
    (tmp_path / "r").mkdir()
    assert Checkout(tmp_path / "r", Path("/")).path("r/a.yaml") == "r/a.yaml"


def test_the_nearest_repository_counts(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    rules = tmp_path / "module" / "rules"
    rules.mkdir(parents=True)
    (tmp_path / "module" / ".git").write_text("gitdir: ../.git/modules/module\n")
    assert Checkout(rules, tmp_path).path("rules/a.yaml") == "rules/a.yaml"


def test_the_root_of_a_repository_may_be_the_rules(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert Checkout(tmp_path, Path("/")).path(f"{tmp_path.name}/lists/a.yaml") == "lists/a.yaml"


def test_without_a_repository_the_working_folder_counts(tmp_path: Path) -> None:
    rules = tmp_path / "a" / "rules"
    rules.mkdir(parents=True)
    assert Checkout(rules, tmp_path).path("rules/x.yaml") == "a/rules/x.yaml"
    assert Checkout(rules, rules / "lists").path("rules/x.yaml") == f"{rules}/x.yaml"


def test_links_are_followed_to_what_the_repository_holds(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "a.yaml").write_text("")
    (tmp_path / "link").symlink_to("packs")
    assert Checkout(tmp_path / "link", Path("/")).path("link/a.yaml") == "packs/a.yaml"
