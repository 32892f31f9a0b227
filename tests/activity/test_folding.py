"""Folding in the database is folding in Python, for every character and beside every other."""

from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.activity.arrays import incoming
from engine.activity.folding import PLAIN, REPLACED, fold, folded_sql
from engine.activity.workspace import Workspace

_PLAIN = tuple(chr(code) for low, high in PLAIN for code in range(low, high + 1))
_VIRAMA, _NUKTA = "\u094d", "\u093c"
_NEIGHBOURS = (
    "a\u0928\u0930\u0933\u0921\u094d\u093c\u0130\u0307"
    "\u0301\u03a3\u03c2\u1e9e\u3099\u304b\u11a8\uac00"
)
_SETTINGS = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


def _each(workspace: Workspace, sql: str, texts: list[str]) -> list[str]:
    with incoming(workspace, {"t": texts, "i": range(len(texts))}) as table:
        rows = workspace.rows(f"SELECT {sql} FROM {table} ORDER BY i")
    return [text for (text,) in rows]


def _folded(workspace: Workspace, texts: list[str]) -> list[str]:
    return _each(workspace, folded_sql("t"), texts)


def _composed() -> frozenset[str]:
    """Return every character that may be composed with the one before it."""
    hangul = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A7, 0x11C3))}
    parts = (unicodedata.decomposition(chr(code)).split() for code in range(0x110000))
    return frozenset(
        hangul | {chr(int(two[1], 16)) for two in parts if len(two) == 2 and two[0][0] != "<"}
    )


def test_a_plain_character_folds_to_one_letter_wherever_it_stands(workspace: Workspace) -> None:
    folded = [fold(character) for character in _PLAIN]
    assert folded == _each(workspace, "lower(t)", list(_PLAIN))
    assert all(len(character) == 1 for character in folded)
    assert not _composed() & {*_PLAIN, *folded}
    orders = {character: unicodedata.combining(character) for character in (*_PLAIN, *folded)}
    assert {character for character, order in orders.items() if order} == {_VIRAMA}
    assert all(unicodedata.is_normalized("NFKC", one) for one in (*_PLAIN, *folded))


def test_what_is_replaced_becomes_plain(workspace: Workspace) -> None:
    assert {character: fold(character) for character in REPLACED} == REPLACED
    assert _folded(workspace, list(REPLACED)) == list(REPLACED.values())


def test_every_character_folds_alike_beside_those_that_meddle(workspace: Workspace) -> None:
    every = [chr(code) for code in range(1, 0x30000) if not 0xD800 <= code < 0xE000]
    beside = [f"{one}{other}{one}" for one in every[:0x3100] for other in _NEIGHBOURS]
    texts = beside + every[0x3100:]
    assert _folded(workspace, texts) == list(map(fold, texts))


@_SETTINGS
@given(
    st.lists(
        st.text(st.sampled_from([*_NEIGHBOURS, *REPLACED]) | st.sampled_from(_PLAIN), max_size=8),
        min_size=1,
    )
)
@example(
    ["\u0130\u094d", "\u0130\u093c", "\u0928\u093c", "\u094d\u093c", "\u093c\u094d", "\u0921\u093c"]
)
def test_plain_and_other_characters_fold_together(workspace: Workspace, texts: list[str]) -> None:
    assert _folded(workspace, texts) == list(map(fold, texts))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
