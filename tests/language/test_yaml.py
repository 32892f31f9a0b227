"""YAML as the language reads it."""

from __future__ import annotations

import pytest

from engine.language.diagnostic import Diagnostics
from engine.language.source_text import SourceText
from engine.language.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, locate
from engine.language.yaml_reading import decode, documents
from engine.language.yaml_scalars import AmbiguousNumberError, NotFiniteError, resolve


def _read(text: str) -> tuple[list[Node], list[str]]:
    problems = Diagnostics()
    found = documents(SourceText("f", text), problems)
    return [document.root for document in found], [fault.code for fault in problems.sorted()]


def _root(text: str) -> Node:
    roots, faults = _read(text)
    assert faults == []
    return roots[0]


def _place(node: Node) -> tuple[int, int, int, int]:
    return (node.span.line, node.span.column, node.span.end_line, node.span.end_column)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("1_000", "1_000"),
        ("190:20:30", "190:20:30"),
        ("2026-06-05", "2026-06-05"),
        ("1.10.2", "1.10.2"),
        ("+", "+"),
        ("0b11", "0b11"),
        ("tRUE", "tRUE"),
        ("", None),
        ("~", None),
        ("Null", None),
        ("true", True),
        ("FALSE", False),
        ("0o17", 15),
        ("0xFf", 255),
        ("-7", -7),
        ("+7", 7),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1e-3", -0.001),
        ("9223372036854775807", 2**63 - 1),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text", [".inf", "-.Inf", ".NaN", "1e999", "9223372036854775808", "9" * 9000, "0x" + "f" * 40]
)
def test_numbers_that_cannot_be_held_are_refused(text: str) -> None:
    with pytest.raises(NotFiniteError):
        resolve(text)


@pytest.mark.parametrize("text", ["010", "-07", "00", "0644"])
def test_whole_numbers_that_are_octal_to_others_are_refused(text: str) -> None:
    with pytest.raises(AmbiguousNumberError):
        resolve(text)


def test_quoted_and_block_scalars_are_text() -> None:
    root = _root("a: '5'\nb: \"true\"\nc: |\n  5\nd: >-\n  null\n")
    assert isinstance(root, MappingNode)
    values = [entry.value.value for entry in root.entries if isinstance(entry.value, ScalarNode)]
    assert values == ["5", "true", "5\n", "null"]


def test_spans_count_from_one_and_end_after_the_last_character() -> None:
    root = _root("a: [1, {b: é}]\nc:\n  - x\n  -   long text\n\n# end\n")
    assert isinstance(root, MappingNode)
    assert _place(root) == (1, 1, 4, 16)
    listed = root.entries[0].value
    assert isinstance(listed, SequenceNode)
    assert _place(listed) == (1, 4, 1, 15)
    assert locate(root, "a", 1, "b").column == 12
    assert locate(root, "a", 1, "b").end_column == 13
    assert locate(root, "c", 1).end_column == 16
    assert locate(root, "nowhere", 3) == root.span


def test_a_block_scalar_ends_with_its_last_line() -> None:
    root = _root("a: >\n  one\n  two\n\n\nb: x\n")
    assert _place(root.entries[0].value) == (1, 4, 3, 6)  # type: ignore[union-attr]


def test_lines_of_windows_and_a_byte_order_mark_are_read() -> None:
    problems = Diagnostics()
    source = decode("f", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", problems)
    assert source is not None
    root = documents(source, problems)[0].root
    assert [locate(root, key).line for key in ("a", "b")] == [1, 2]
    assert locate(root, "a").column == 4
    assert problems.sorted() == ()


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"a: \xff", "f:1:4"),
        ("a: é\nb: \xc3".encode() + b"\xc3", "f:2:5"),
        ("a: x\nb: \u2028".encode(), "f:2:4"),
        (b"a: x\rb: y", "f:1:5"),
        (b"a: \x00", "f:1:4"),
    ],
)
def test_bytes_that_are_no_plain_text_are_refused_where_they_stand(data: bytes, place: str) -> None:
    problems = Diagnostics()
    assert decode("f", data, problems) is None
    assert [str(fault.span) for fault in problems.sorted()] == [place]


@pytest.mark.parametrize(
    "hostile",
    ["[" * 200_000, "- " * 200_000, "{" * 200_000, "? " * 200_000, "{a: " * 100_000],
)
def test_deep_nesting_is_refused_at_once(hostile: str) -> None:
    _, faults = _read(hostile)
    assert faults == ["EX105"]


def test_documents_after_a_break_are_still_read() -> None:
    roots, faults = _read("a: [1\n---\nb: 2\n---\nc: {\n---\nd: 4\n")
    assert faults == ["EX104", "EX104"]
    names = [root.entries[0].key for root in roots if isinstance(root, MappingNode)]
    assert [name for name in names if name in "bd"] == ["b", "d"]


def test_the_beginning_of_a_broken_document_still_names_it() -> None:
    problems = Diagnostics()
    found = documents(SourceText("f", "policy: harness\nwhen: {a: [\n"), problems)
    assert [document.sound for document in found] == [False]
    assert isinstance(found[0].root, MappingNode)
    assert found[0].root.entries[0].value.text == "harness"  # type: ignore[union-attr]


def test_a_key_written_twice_keeps_the_first_value() -> None:
    roots, faults = _read("a: 1\nb: 2\na: 3\n")
    assert faults == ["EX109"]
    assert isinstance(roots[0], MappingNode)
    assert [entry.key for entry in roots[0].entries] == ["a", "b"]
    assert locate(roots[0], "a").line == 1


def test_three_dashes_inside_a_value_start_no_document() -> None:
    root = _root("a: |\n  ---\n  x\nb: '--- y'\n")
    assert isinstance(root, MappingNode)
    assert [entry.key for entry in root.entries] == ["a", "b"]


def test_what_libyaml_itself_refuses_is_a_diagnostic_too() -> None:
    _, faults = _read("a: \x01")
    assert faults == ["EX104"]
