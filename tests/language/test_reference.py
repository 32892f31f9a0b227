"""The reference of the language: current, complete, its examples sound, its links unbroken.

EXCISE_UPDATE_GOLDENS=1 writes engine/language/REFERENCE.md anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import engine.language
from engine.language.draft import KINDS
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS
from engine.language.load import load_texts
from engine.language.read.measures import MEASURES
from engine.language.reference.examples import CONDITION, DOCUMENTS, SELECTION
from engine.language.reference.examples import MEASURES as OF_MEASURES
from engine.language.reference.measures import FAMILIES, measured
from engine.language.reference.page import reference_text
from engine.language.survey import documents, measures

FILE = Path(engine.language.__file__).with_name("REFERENCE.md")
TEXT = reference_text()


def test_the_file_is_current() -> None:
    if os.environ.get("EXCISE_UPDATE_GOLDENS"):
        FILE.write_text(TEXT, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == TEXT


def test_every_kind_of_document_and_every_measure_has_its_place() -> None:
    assert set(DOCUMENTS) == set(KINDS)
    assert set(OF_MEASURES) == set(MEASURES)
    assert sorted(word for family in FAMILIES.values() for word in family) == sorted(MEASURES)
    for kind in KINDS:
        assert f"\n### `{kind}`\n" in TEXT
    for word in MEASURES:
        assert f"\n#### `{word}`\n" in TEXT


def test_every_key_and_every_field_is_there() -> None:
    keys = {key for known in documents().values() for key in known}
    keys |= {key for known in measures().values() for key in known}
    for key in {*keys, *EXCHANGE_FIELDS, *ACCOUNT_FIELDS}:
        assert f"`{key}`" in TEXT, key


def test_the_examples_are_a_pack() -> None:
    loaded = load_texts({f"{kind}.yaml": text.encode() for kind, text in DOCUMENTS.items()})
    assert not [found for found in loaded.diagnostics if found.is_error]
    assert set(measured()) == set(MEASURES)


def test_the_examples_of_selections_and_conditions_are_sound() -> None:
    policy = DOCUMENTS["policy"].replace("select:\n", SELECTION, 1)
    policy = policy.replace("  demands: {prompt|contains: list:phrases}\n", "", 1)
    policy = policy.replace("when: {events: {gte: 100}}\n", CONDITION, 1)
    other = DOCUMENTS["policy"].replace("policy: harness", "policy: another-policy")
    files = DOCUMENTS | {"policy": policy, "other": other}
    loaded = load_texts({f"{kind}.yaml": text.encode() for kind, text in files.items()})
    assert not [found for found in loaded.diagnostics if found.is_error]


def test_headings_are_unlike_and_links_lead_to_them() -> None:
    prose = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
    anchors = [
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    ]
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r"\]\(#([^)]*)\)", TEXT)) <= set(anchors)
