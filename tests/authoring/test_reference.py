"""The reference of a pack: all of it is there, and nothing in it becomes markup."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from engine.authoring.reference import pack_reference, plain
from engine.language.load import find_rules, require_pack


def test_every_document_of_the_shipped_pack_is_told() -> None:
    pack = require_pack(find_rules())
    text = pack_reference(pack)
    documents = (
        *pack.policies, *pack.responses, *pack.terms, *pack.lists, *pack.exemptions,
    )  # fmt: skip
    assert re.findall(r"^### (.+)$", text, re.MULTILINE) == [one.name for one in documents]
    for policy in pack.policies:
        assert all(plain(test.name) in text for test in policy.tests)
        assert all(plain(clause) in text for clause in policy.clauses)
    assert pack_reference(pack) == text


@given(st.text())
def test_no_text_becomes_markup_or_a_second_line(text: str) -> None:
    shown = plain(text)
    assert shown.isprintable()
    unescaped = re.sub(r"\\[\\`*_{}\[\]<>#|~!]", "", shown)
    assert not set("`*_{}[]<>#|~!\\") & set(unescaped)
