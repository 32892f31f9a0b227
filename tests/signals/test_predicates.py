"""Comparisons of text: phrases, expressions, literals that try to be more."""

from __future__ import annotations

import direct
import duckdb
import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from engine.activity.folding import fold, folded_sql
from engine.activity.text import register
from engine.errors import ExciseError
from engine.language.fields import FieldRef
from engine.language.model.selection import Test
from engine.language.words import Match, TimePart
from engine.signals.predicates import column_operand, comparison, contains_some, escaped
from engine.signals.sql import as_sql, text, written

CONNECTION = duckdb.connect()
register(CONNECTION)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def evaluated(sql: str) -> object:
    return CONNECTION.execute(f"SELECT {sql}").fetchall()[0][0]


@given(ANY_TEXT)
def test_literals_survive_whatever_they_hold(value: str) -> None:
    assert evaluated(written(text(value))) == value


@given(ANY_TEXT, ANY_TEXT)
def test_an_escaped_phrase_matches_itself_alone(phrase: str, around: str) -> None:
    assert re2.search(escaped(phrase), around + phrase + around)
    assert (re2.search(escaped(phrase), around) is not None) == (phrase in around)


@given(st.lists(ANY_TEXT.filter(bool), min_size=1, max_size=4), ANY_TEXT)
def test_many_phrases_at_once_are_each_looked_for(phrases: list[str], value: str) -> None:
    found = evaluated(written(as_sql(contains_some(text(value), phrases))))
    assert found == any(phrase in value for phrase in phrases)


def test_more_phrases_than_one_expression_holds() -> None:
    phrases = [f"phrase {number};" for number in range(1000)]
    sql = written(as_sql(contains_some(text("say phrase 999;"), phrases)))
    assert sql.count("REGEXP_MATCHES") > 1
    assert evaluated(sql) is True


@given(st.integers(-(2**40), 2**57), st.sampled_from(TimePart))
def test_parts_of_a_time_are_those_of_its_moment_in_utc(moment: int, part: TimePart) -> None:
    wanted = direct.time_part(moment, part)
    for value, holds in ((wanted, True), (wanted + 1, False)):
        test = Test(FieldRef("ts"), Match.EQUALS, (value,), time_part=part)
        sql = written(as_sql(comparison(test, column_operand("ts_us"))))
        assert evaluated(f"{sql} FROM (SELECT {moment} AS ts_us)") is holds


@given(ANY_TEXT)
def test_folding_in_the_engine_is_folding_in_python(value: str) -> None:
    test = Test(FieldRef("prompt"), Match.EQUALS, (value,))
    sql = written(as_sql(comparison(test, column_operand("prompt"))))
    row = f"(SELECT {folded_sql('p')} FROM t)"
    found = CONNECTION.execute(
        f"WITH t AS (SELECT ? AS p) SELECT {sql} FROM (SELECT {row} AS folded_prompt)", [value]
    ).fetchall()
    assert found == [(True,)]
    assert fold(value) == fold(fold(value))


@pytest.mark.parametrize(
    ("field", "match", "value", "message"),
    [
        ("prompt", Match.GT, "x", "`prompt` is of type text, which `gt` cannot compare"),
        ("logprobs", Match.GT, True, "`logprobs` is of type boolean, which `gt` cannot compare"),
        ("status", Match.RE, 1, "`status` is of type integer, which `re` cannot compare"),
        ("status", Match.EQUALS, "x", "`status` is of type integer, which `x` is not"),
        (
            "logprobs",
            Match.EQUALS,
            3,
            "`logprobs` is compared with `3`, which is neither true nor false",
        ),
        ("ip", Match.CIDR, "x", "`ip` is compared with `x`, which is not an address or network"),
    ],
)
def test_values_that_do_not_fit_are_named(
    field: str, match: Match, value: str | int, message: str
) -> None:
    test = Test(FieldRef(field), match, (value,))
    with pytest.raises(ExciseError) as caught:
        comparison(test, column_operand(field))
    assert str(caught.value) == message
