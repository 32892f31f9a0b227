"""Diagnostics as text and as JSON."""

from __future__ import annotations

import json

import pytest

from engine.language.diagnostic import Diagnostic, Level, Related, quote
from engine.language.render import render, render_json, render_text, summary
from engine.language.span import Span


def _fault(span: Span, message: str = "unknown field", **more: object) -> Diagnostic:
    return Diagnostic("EX201", Level.ERROR, message, span, **more)  # type: ignore[arg-type]


def _caret_line(text: str, span: Span) -> str:
    return render(_fault(span), {"f": text}).splitlines()[4].partition("| ")[2]


def test_the_caret_stands_under_the_place() -> None:
    shown = render(
        _fault(
            Span("f", 2, 3, 2, 6),
            hint="did you mean?",
            related=(Related(Span("f", 1, 1, 1, 2), "here"),),
        ),
        {"f": "a: 1\nb: cde\n"},
    )
    assert shown.splitlines() == [
        "error[EX201]: unknown field",
        "  --> f:2:3",
        "   |",
        " 2 | b: cde",
        "   |   ^^^",
        "  --> f:1:1",
        "   |",
        " 1 | a: 1",
        "   | - here",
        "  = hint: did you mean?",
    ]


@pytest.mark.parametrize(
    ("text", "span", "caret"),
    [
        ("a\tb", Span("f", 1, 3, 1, 4), "  ^"),
        ("推理: x", Span("f", 1, 1, 1, 3), "^^^^"),
        ("推理: x", Span("f", 1, 5, 1, 6), "      ^"),
        ("e\u0301x", Span("f", 1, 3, 1, 4), " ^"),
        ("ab", Span("f", 1, 3, 1, 3), "  ^"),
        ("ab\ncd", Span("f", 1, 2, 2, 2), " ^"),
        ("ab", Span("f", 1, 9, 1, 12), "  ^"),
    ],
)
def test_the_caret_counts_columns_of_the_terminal(text: str, span: Span, caret: str) -> None:
    assert _caret_line(text, span) == caret


def test_a_long_line_is_shown_around_the_place() -> None:
    text = "x" * 5000 + "HERE" + "y" * 5000
    line = render(_fault(Span("f", 1, 5001, 1, 5005)), {"f": text}).splitlines()
    assert len(line[3]) < 120
    start = line[4].index("^")
    assert line[3][start : start + 4] == "HERE"
    assert line[4].count("^") == 4


def test_nothing_in_a_file_reaches_the_terminal_as_control() -> None:
    shown = render(_fault(Span("f\x1b[2J", 1, 1, 1, 2)), {"f\x1b[2J": "\x1b[31m\u202e\x9b"})
    assert all(char.isprintable() or char == "\n" for char in shown)


def test_a_place_without_text_is_named_alone() -> None:
    assert render(_fault(Span("g", 1, 1, 1, 1)), {}).splitlines()[1:] == ["  --> g:1:1"]
    assert len(render(_fault(Span("f", 9, 1, 9, 1)), {"f": "a"}).splitlines()) == 2


def test_a_summary_counts() -> None:
    fault = _fault(Span("f", 1, 1, 1, 1))
    warning = Diagnostic("EX401", Level.WARNING, "unused", fault.span)
    assert summary([]) == "no problems"
    assert summary([fault, fault, warning]) == "2 errors, 1 warning"
    assert render_text([], {}) == ""


def test_json_has_every_part() -> None:
    fault = _fault(Span("f", 1, 2, 3, 4), related=(Related(Span("g", 1, 1, 1, 1), "here"),))
    (data,) = json.loads(render_json([fault]))
    assert data["code"] == "EX201"
    assert data["severity"] == "error"
    assert data["span"] == {"file": "f", "line": 1, "column": 2, "end_line": 3, "end_column": 4}
    assert data["related"][0]["message"] == "here"


@pytest.mark.parametrize("message", ["", "Unknown field", "unknown field."])
def test_the_style_of_messages_is_asserted(message: str) -> None:
    with pytest.raises(AssertionError):
        _fault(Span("f", 1, 1, 1, 1), message)


def test_names_are_shown_short_and_harmless() -> None:
    assert quote("a`b\x07\n") == "`a'b\\x07\\n`"
    assert quote("x" * 500) == f"`{'x' * 59}…`"
