"""Sigma files in, policies and diagnostics out, one file a case.

A case may begin with `# options:`, the options of the command. EXCISE_UPDATE_GOLDENS=1 writes the
expected texts anew.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from engine.authoring.sigma.codes import CATALOGUE
from engine.cli.main import main
from engine.errors import ExitCode
from engine.language.load import load_texts

_CASES = Path(__file__).parents[2] / "golden" / "sigma"
_RULES = _CASES / "rules"
_CLAUSE = "usage-policy/access"
_ABOUT_FILES = {"SG106", "SG402"}
"""About files, and about the pack; test_command.py has them."""


def _options(case: Path) -> list[str]:
    found = re.match(r"# options: (.*)\n", case.read_text(encoding="utf-8"))
    return shlex.split(found[1]) if found else []


@pytest.mark.parametrize("case", sorted(_CASES.glob("*.yml")), ids=lambda case: case.stem)
def test_rules_become_what_they_should(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(_CASES)
    line = ["import-sigma", case.name, "--rules", "rules", "--clause", _CLAUSE, *_options(case)]
    code = main(["policy", *line])
    said = capsys.readouterr()
    shown = f"{said.out}\n{said.err}"
    expected = case.with_suffix(".txt")
    if os.environ.get("EXCISE_UPDATE_GOLDENS"):
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")
    assert code == (ExitCode.FINDINGS if "error[" in said.err else ExitCode.OK)
    _assert_accepted(said.out)


def _assert_accepted(documents: str) -> None:
    """What is printed is a sound part of the pack."""
    around = (_RULES / "pack.yaml").read_bytes()
    loaded = load_texts({"rules/pack.yaml": around, "rules/new.yaml": documents.encode()})
    assert [found.message for found in loaded.diagnostics if found.is_error] == []


def test_every_code_has_a_case() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in _CASES.glob("*.txt"))
    assert set(re.findall(r"\[(SG\d+)\]", texts)) | _ABOUT_FILES == set(CATALOGUE)
