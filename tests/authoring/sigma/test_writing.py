"""What is written reads back as the same data, and looks as an author would write it."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.authoring.sigma.writing import WIDTH, Inline, Prose, document, flow
from engine.language.diagnostic import Diagnostics
from engine.language.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.language.yaml_reading import decode, documents


def _data(node: Node) -> Any:
    match node:
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [_data(item) for item in node.items]
        case MappingNode():
            return {entry.key: _data(entry.value) for entry in node.entries}
    raise AssertionError(node)


def _read(text: str) -> Any:
    problems = Diagnostics()
    source = decode("text", text.encode(), problems)
    assert source is not None
    (found,) = documents(source, problems)
    assert problems.sorted() == ()
    return _data(found.root)


_ODD = """~|null|no|True|1|1e3|.inf|0x1f|2026-06-05|a: b|a #b|- a|*a|&a|!a|>|it's|say "so"|a\\|'|{a}
|[|a:|:a|%a|@"""
_seen = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Zl", "Zp"])
_text = st.text(_seen) | st.sampled_from(["", "|", "\n", *_ODD.replace("\n", "").split("|")])
_scalar = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _text
)
_key = _text
_value = st.recursive(
    _scalar,
    lambda inner: (
        st.lists(inner, min_size=1)
        | st.dictionaries(_key, inner, min_size=1)
        | st.dictionaries(_key, inner, min_size=1).map(Inline)
    ),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.dictionaries(_key, _value, min_size=1))
def test_what_is_written_reads_back(data: dict[str, Any]) -> None:
    assert _read(document(data)) == data


@given(st.lists(st.text("ab {}:.'", min_size=1, max_size=30), min_size=1))
def test_prose_keeps_its_words_and_its_width(words: list[str]) -> None:
    text = document({"explain": Prose(" ".join(words))})
    assert all(len(line) <= WIDTH for line in text.splitlines())
    assert str(_read(text)["explain"] or "").split() == " ".join(words).split()


@given(st.text())
def test_comments_stay_comments(comment: str) -> None:
    text = document({"a": 1}, [comment])
    assert all(line.startswith("#") for line in text.splitlines()[:-1])
    assert _read(text) == {"a": 1}


def test_short_mappings_stand_on_one_line_where_asked() -> None:
    signal = Inline({"count": "a", "with": Inline(gte=1)})
    assert flow(signal) == "{count: a, with: {gte: 1}}"
    assert document({"signals": {"x": signal}}) == "\nsignals:\n  x: {count: a, with: {gte: 1}}\n"


def test_what_is_too_long_for_a_line_is_a_block() -> None:
    text = document({"values": [f"value-{n}" for n in range(20)]})
    assert text.splitlines()[:2] == ["values:", "  - value-0"]
