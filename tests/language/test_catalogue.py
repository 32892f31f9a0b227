"""Every code is documented, and every documented code is given by something."""

from __future__ import annotations

import re
from pathlib import Path

import engine.language
from engine.language import codes
from engine.language.catalogue import CATALOGUE
from engine.language.checks import CHECKS
from engine.language.codes import Code

_SOURCES = "".join(
    path.read_text(encoding="utf-8") for path in Path(engine.language.__path__[0]).rglob("*.py")
)


def test_codes_are_in_use_and_used_codes_exist() -> None:
    defined = {name for name, value in vars(codes).items() if isinstance(value, Code)}
    assert set(re.findall(r"\bcodes\.([A-Z_0-9]+)\b", _SOURCES)) == defined


def test_ids_are_unique_and_explained() -> None:
    ids = [value.id for value in vars(codes).values() if isinstance(value, Code)]
    assert len(ids) == len(set(ids))
    assert len(CATALOGUE) > len(ids)
    for key, code in CATALOGUE.items():
        assert key == code.id
        assert re.fullmatch(r"EX\d{3}", key)
        assert code.title
        assert not code.title.endswith(".")
        assert code.explanation.endswith(".") or "Refused:" in code.explanation


def test_every_code_is_emitted_somewhere() -> None:
    """A code of reading is an argument of an error; a check's is its `ID`, and the check is run."""
    emitted = set(re.findall(r"\.error\(\s*codes\.([A-Z_0-9]+)\b", _SOURCES))
    ids = {value.id for name, value in vars(codes).items() if name in emitted}
    assert ids | {check.ID for check in CHECKS} == set(CATALOGUE)


def test_every_check_there_is_is_run() -> None:
    folder = Path(engine.language.__path__[0]) / "checks"
    files = {
        path for path in folder.glob("*.py") if re.search(r"^ID = ", path.read_text(), re.MULTILINE)
    }
    assert {Path(check.__file__ or "") for check in CHECKS} == files  # type: ignore[attr-defined]


def test_no_code_stands_in_the_source_that_the_catalogue_lacks() -> None:
    everywhere = Path(engine.language.__path__[0]).parent.rglob("*.py")
    written = {
        code for path in everywhere for code in re.findall(r"\bEX\d{3}\b", path.read_text("utf-8"))
    }
    assert written <= set(CATALOGUE)
