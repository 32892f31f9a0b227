"""`excise policy new`, `docs` and `watch`, and the hooks for pre-commit."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from engine.cli.main import build_parser, main
from engine.language.load import find_rules


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    root = tmp_path / "rules"
    shutil.copytree(find_rules(), root)
    return root


def test_a_new_policy_is_written_once(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["policy", "new", "night-shift", "--rules", str(rules)]
    assert main(command) == 0
    path = rules / "policies" / "distillation" / "night-shift.yaml"
    assert str(path) in capsys.readouterr().out
    written = path.read_text(encoding="utf-8")
    assert written.startswith("# yaml-language-server: $schema=../../schema.json\npolicy: ")
    assert main(["policy", "check", str(rules)]) == 0
    assert main(command) == 2
    assert path.read_text(encoding="utf-8") == written
    assert main(["policy", "new", "not a name", "--rules", str(rules)]) == 2


def test_a_new_policy_finds_the_schema_from_where_it_lies(rules: Path) -> None:
    command = ["policy", "new", "night-shift", "--rules", str(rules)]
    assert main([*command, "--to", str(rules / "policies" / "a" / "b")]) == 0
    path = rules / "policies" / "a" / "b" / "night-shift.yaml"
    assert path.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=../../../schema.json\n"
    )
    path.unlink()
    (rules / "schema.json").unlink()
    assert main(command) == 0
    path = rules / "policies" / "distillation" / "night-shift.yaml"
    assert path.read_text(encoding="utf-8").startswith("policy: ")


def test_the_reference_can_be_held_against_the_pack(rules: Path, tmp_path: Path) -> None:
    file = tmp_path / "reference.md"
    command = ["policy", "docs", "--rules", str(rules), "--to", str(file)]
    assert main([*command, "--check"]) == 1
    assert main(command) == 0
    assert main([*command, "--check"]) == 0
    path = rules / "policies" / "evasion" / "even-load.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("version: 1", "version: 2"), encoding="utf-8"
    )
    assert main([*command, "--check"]) == 1


def test_watching_ends_after_the_rounds_asked_for(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (rules / "policies").rglob("*.yaml"):
        if path.stem != "blocked-variants":
            path.unlink()
    assert main(["policy", "watch", "--rules", str(rules), "--rounds", "1"]) == 0
    out = capsys.readouterr().out
    assert "check: " in out
    assert "test: 4 of 4 tests run, 0 failed" in out


def test_the_hooks_run_commands_that_exist() -> None:
    path = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
    hooks = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["excise-check", "excise-test"]
    for hook in hooks:
        program, *arguments = hook["entry"].split()
        assert program == "excise"
        assert callable(build_parser().parse_args(arguments).command)
        assert hook["pass_filenames"] is False
