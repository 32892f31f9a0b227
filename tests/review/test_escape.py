"""No character of a stranger's text acts on the terminal, and none is dropped in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.review.escape import printable, printable_lines

ANYTHING = st.text(st.characters(codec=None), max_size=60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;ZXZpbA==\x07", "^[]52;c;ZXZpbA==^G"),
        ("\x9b31m", "<U+009B>31m"),
        ("\u202eabc", "<U+202E>abc"),
        ("a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"),
        ("\x7f\x00", "^?^@"),
        ("\ud800", "<U+D800>"),
        ("a\r\nb\tc", "a^M^Jb^Ic"),
        ("[red]markup[/]", "[red]markup[/]"),
        ("tag\U000e0041", "tag<U+E0041>"),
        ("z\u0301\u0301\u0301\u0301\u0301", "z\u0301\u0301"),
        ("日本語 é", "日本語 é"),
    ],
)
def test_hostile_characters_are_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_ascii_only_writes_out_the_rest() -> None:
    assert printable("é\u202e x", ascii_only=True) == "<U+00E9><U+202E> x"


@given(ANYTHING)
def test_printing_twice_changes_nothing_and_leaves_no_control(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in shown)


@given(ANYTHING)
def test_ascii_only_is_ascii(text: str) -> None:
    assert all(" " <= c <= "~" for c in printable(text, ascii_only=True))


def test_lines_break_at_line_ends_only() -> None:
    text = "a\r\nb\x0bc\u2028d\n\te\n"
    assert printable_lines(text) == ("a", "b^Kc<U+2028>d", "    e")


def test_lines_of_nothing() -> None:
    assert printable_lines("") == ("",)
