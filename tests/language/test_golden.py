"""Every kind of diagnostic as an author sees it, one file a case.

EXCISE_UPDATE_GOLDENS=1 writes the expected texts anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from small_pack import LIST, PACK, TERMS

from engine.language.catalogue import CATALOGUE
from engine.language.load import load_texts
from engine.language.render import render

_CASES = Path(__file__).parents[1] / "golden" / "language"
_ANSWER = """\
response: around
subject: campaign
when: {findings: {}}
ladder: [{do: log}]
"""
_AROUND = f"{PACK}---\n{TERMS}---\n{LIST}---\n{_ANSWER}".encode()

_ABOUT_FILES = {"EX103", "EX112", "EX113", "EX114"}
"""About a folder or a whole file; `test_load.py` has them."""


def _shown(case: Path) -> str:
    """Return what is shown about the case's own file, in a pack that is sound but for it."""
    name = f"rules/{case.name}"
    loaded = load_texts({"rules/around.yaml": _AROUND, name: case.read_bytes()})
    own = [found for found in loaded.diagnostics if found.span.file == name]
    return "\n\n".join(render(found, loaded.sources) for found in own) + "\n"


@pytest.mark.parametrize("case", sorted(_CASES.glob("*.yaml")), ids=lambda case: case.stem)
def test_diagnostics_read_as_they_should(case: Path) -> None:
    expected = case.with_suffix(".txt")
    shown = _shown(case)
    if os.environ.get("EXCISE_UPDATE_GOLDENS"):
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")
    assert "[EX" in shown


def test_every_code_has_a_case_and_every_text_a_case() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in _CASES.glob("*.txt"))
    assert set(re.findall(r"\[(EX\d+)\]", texts)) | _ABOUT_FILES == set(CATALOGUE)
    assert {path.stem for path in _CASES.glob("*.txt")} == {
        path.stem for path in _CASES.glob("*.yaml")
    }
