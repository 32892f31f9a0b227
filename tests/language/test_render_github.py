"""Diagnostics as annotations of a workflow, one line each, whatever a file holds."""

from __future__ import annotations

from typing import Any

import pytest

from engine.language.diagnostic import Diagnostic, Level, Related
from engine.language.render_github import render_github
from engine.language.span import Span


def shown(span: Span, message: str = "unknown field", **more: Any) -> str:
    return render_github([Diagnostic("EX201", Level.ERROR, message, span, **more)], str)


def test_an_annotation_names_its_place_and_its_code() -> None:
    assert shown(Span("rules/a.yaml", 3, 5, 3, 9)) == (
        "::error file=rules/a.yaml,line=3,col=5,endLine=3,endColumn=9,title=EX201::unknown field"
    )


def test_a_warning_is_a_warning() -> None:
    found = Diagnostic("EX401", Level.WARNING, "unused", Span("a", 1, 1, 1, 2))
    assert render_github([found], str).startswith("::warning file=a,")


def test_columns_are_left_out_over_several_lines_and_never_run_backwards() -> None:
    assert ",line=1,endLine=2,title=" in shown(Span("a", 1, 5, 2, 1))
    assert ",col=5,endLine=1,endColumn=5," in shown(Span("a", 1, 5, 1, 3))


def test_hints_and_second_places_follow_on_lines_of_their_own() -> None:
    related = (Related(Span("b.yaml", 7, 2, 7, 3), "first defined here"),)
    text = shown(Span("a", 1, 1, 1, 2), hint="remove it", related=related)
    assert text.endswith("::unknown field%0Ahint: remove it%0Afirst defined here: b.yaml:7:2")


@pytest.mark.parametrize(
    ("written", "escaped"), [("100%", "100%25"), ("a\r\nb", "a%0D%0Ab"), ("%0A", "%250A")]
)
def test_messages_are_escaped(written: str, escaped: str) -> None:
    assert shown(Span("a", 1, 1, 1, 2), f"x {written}").endswith(f"::x {escaped}")


def test_properties_are_escaped_further() -> None:
    assert shown(Span("a,b:c%\n.yaml", 1, 1, 1, 2)).startswith(
        "::error file=a%2Cb%3Ac%25%0A.yaml,line=1,"
    )


def test_a_message_cannot_start_a_command_of_its_own() -> None:
    text = shown(Span("a", 1, 1, 1, 2), "x\n::error::y", hint="::set-output name=a::b\n::c")
    assert len(text.splitlines()) == 1
