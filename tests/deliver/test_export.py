"""Exports are what other systems read: stable columns, and no formula for a spreadsheet to run."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.deliver.export import write_csv, write_jsonl
from engine.review.escape import visible


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_csv_survives_any_text_and_disarms_formulas(texts: list[str]) -> None:
    stream = io.StringIO(newline="")
    write_csv([{"a": text, "b": 1} for text in texts], ("a", "b"), stream)
    rows = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert rows[0] == ["a", "b"]
    for text, (cell, _) in zip(texts, rows[1:], strict=True):
        assert cell in (visible(text), f"'{visible(text)}")
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_csv_obeys_nobody_and_loses_nothing() -> None:
    stream = io.StringIO(newline="")
    marks = "\u0301" * 5  # two ids that differ only here are two accounts
    write_csv([{"a": f"\x1b[2J\x9b31m\u202e\n{marks}"}], ("a",), stream)
    assert stream.getvalue() == f"a\r\n^[[2J<U+009B>31m<U+202E>^J{marks}\r\n"


VALUES = [(None, ""), (True, "true"), (False, "false"), (3, "3")]


@pytest.mark.parametrize(("value", "cell"), VALUES)
def test_csv_values(value: object, cell: str) -> None:
    stream = io.StringIO(newline="")
    write_csv([{"a": value}], ("a",), stream)
    assert next(iter(list(csv.reader(io.StringIO(stream.getvalue())))[1:]), [""]) == [cell]


def test_jsonl_is_ascii() -> None:
    stream = io.StringIO()
    write_jsonl([{"a": "\x1b[31m é \u202e"}], stream)
    assert stream.getvalue() == '{"a": "\\u001b[31m \\u00e9 \\u202e"}\n'
