"""Every code is documented, and every documented code is given by something."""

from __future__ import annotations

import re
from pathlib import Path

import engine.language
from engine.language import codes
from engine.language.catalogue import CATALOGUE
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
