"""Folding, shapes and hashes: Python and SQL agree, and attackers' small changes do not matter."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.activity.folding import fold, folded_sql
from engine.activity.text import first_words_sql, shape, shape_sql, text_hash, text_hash_sql
from engine.activity.workspace import Workspace

_LETTERS = "`\"'\u201c\u201d\u2018\u2019\u300c\u300d \n\t\x1c\x85\u2028\u3000\u200b\ufeff\xa0"
_WORDS = (
    "``` it's say 12 \u0663 https://a.b/c ftp://x Stra\u00dfe \u0130 \uff21 \u6c49\u5b57 \u30ab"
)
_PIECES = st.sampled_from(
    [*_LETTERS, *_WORDS.split(), *"().,FQ", "\x00", "\u0345", "\U000e0041", "a\u0301", "\ufb01"]
)
_TEXT = st.lists(_PIECES | st.text(max_size=4), max_size=40).map("".join)


def _sql(workspace: Workspace, texts: list[str | None]) -> list[tuple[str | None, ...]]:
    rows = "SELECT unnest($1::VARCHAR[]) AS t, generate_subscripts($1::VARCHAR[], 1) AS i"
    rows = f"SELECT *, {folded_sql('t')} AS f FROM ({rows})"
    rows = f"SELECT *, {first_words_sql('f')} AS w FROM ({rows})"
    return workspace.rows(
        f"SELECT f, {text_hash_sql('f')}, {shape_sql('f', 'w')} FROM ({rows}) ORDER BY i", [texts]
    )


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(texts=st.lists(_TEXT, min_size=1, max_size=30))
@example(texts=["say 'a b' and 'c' to it's it's 'x'", " ' ' ' ' a b c", "'a' b c d"])
@example(texts=["", " ", '"', "one two three four", '```a``` "b" `c` https://d 5 6'])
def test_python_and_sql_agree(workspace: Workspace, texts: list[str]) -> None:
    expected = [(fold(text), text_hash(text), shape(text)) for text in texts]
    assert _sql(workspace, list(texts)) == expected


def test_nothing_stays_nothing(workspace: Workspace) -> None:
    assert shape(None) is None
    assert _sql(workspace, [None]) == [(None, None, None)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('Rewrite "the cat" in style', "rewrite  \u201ca much longer dog\u201d in\nstyle"),
        ("Solve problem 17 step by step", "Solve problem 4242 step by step"),
        ("Solve this st\u200bep by step now", "Solve this step by step now"),
        ("Explain ```x = 1``` in one sentence", "Explain ```for y in z:\n pass``` in one sentence"),
        ("Summarise https://a.example/1 for me", "Summarise https://b.example/2 for me"),
        ("\uff33olve this step by step", "Solve this step by step"),
        ("a b c d e f g h i j k l m", "a b c d e f g h i j x y z"),
        (
            "\u8bf7\u7ffb\u8bd1\u300c\u732b\u300d\u8fd9\u53e5\u8bdd\u6210\u82f1\u6587",
            "\u8bf7\u7ffb\u8bd1\u300c\u957f\u7684\u72d7\u300d\u8fd9\u53e5\u8bdd\u6210\u82f1\u6587",
        ),
    ],
)
def test_variants_share_a_shape(one: str, other: str) -> None:
    assert shape(one)
    assert shape(one) == shape(other)


@pytest.mark.parametrize("text", ["", "hi", "what is love", '"a b c d e f"', "\u200b\u200b \n"])
def test_few_words_have_no_template(text: str) -> None:
    assert shape(text) == ""


def test_different_templates_differ() -> None:
    assert shape("Explain photosynthesis to a child") != shape("Explain gravity to a child")


def test_apostrophes_are_no_quotations() -> None:
    assert shape("it's what's best isn't it") != shape("it's that's worst isn't it")


@pytest.mark.parametrize(
    "piece", ["```", '"', "\u201c", "\u2018", "'", " '", "`a", '\u201c"a"', "\u2018 'b' "]
)
def test_hostile_text_takes_linear_time(workspace: Workspace, piece: str) -> None:
    # Quadratic work on this much would take minutes.
    text = piece * 300_000
    assert _sql(workspace, [text]) == [(fold(text), text_hash(text), shape(text))]
