"""What the README says is what there is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from engine.authoring.trial import run_tests
from engine.cli.main import build_parser
from engine.errors import ExitCode
from engine.language.load import find_rules, require_pack

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_policy_of_the_readme_loads_and_passes_its_tests(tmp_path: Path) -> None:
    (written,) = re.findall(r"```yaml\n(policy: .*?)```", README, re.DOTALL)
    (another,) = re.findall(r"```yaml\n(  - name: .*?)```", README, re.DOTALL)
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    (rules / "policies" / "night-shift.yaml").write_text(written + another, encoding="utf-8")
    results = list(run_tests(require_pack(rules), frozenset({"night-shift"})))
    assert [result.faults for result in results] == [(), (), ()]


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("excise ")]


@pytest.mark.parametrize("line", commands())
def test_commands_of_the_readme_are_understood(line: str) -> None:
    words = [word.strip('"') for word in line.replace("…", "0").split()[1:]]
    assert build_parser().parse_args(words).command


def test_every_exit_code_is_documented() -> None:
    for code in ExitCode:
        assert re.search(rf"^\| (\d+, )?{code.value}(, \d+)? \|", README, re.MULTILINE), code


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target
