"""Whatever the bytes, diagnostics or a pack, and no exception."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from small_pack import DOCUMENTS, EXEMPTION, SOURCE, document, load_small

from engine.language.load import Loaded, load_texts
from engine.language.render import render_json, render_text

_PACK = DOCUMENTS["pack"].encode()
_TEXTS = [text.encode() for text in (*DOCUMENTS.values(), EXEMPTION, SOURCE)]
_PIECES = [
    b"&a ", b"*a", b"!!str ", b"<<: ", b"\t", b"\n", b"\n---\n", b"\n...\n", b"[", b"]", b"{", b"}",
    b": ", b"- ", b"? ", b'"', b"'", b"|\n", b">-\n", b"#", b"%YAML 1.1\n", b"\x00", b"\xff",
    "\u2028".encode(), "\x85".encode(), b"\r", b"\r\n", b"null", b"true", b".nan", b"1e999", b"~",
    b"all", b"list:phrases", b"(((", b"not ", b"*", b"\\", "😀".encode(), "\ufeff".encode(), b"@",
    b"{}", b"[]", b"0x", b"9" * 30, b"events", b"finding: harness",
    b"condition: 1 of x*", b"\\u0000",
]  # fmt: skip


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    """Draw a document of the small pack with pieces put in, taken out and repeated."""
    data = bytearray(draw(st.sampled_from(_TEXTS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 30))
        change = draw(st.sampled_from(("put", "take", "repeat")))
        if change == "put":
            data[at:at] = draw(st.sampled_from(_PIECES))
        elif change == "take":
            del data[at : at + length]
        else:
            data[at:at] = data[at : at + length]
    return bytes(data)


def _check(loaded: Loaded) -> None:
    """Assert that a result is a pack or errors, and that every place is in its file."""
    has_errors = any(found.is_error for found in loaded.diagnostics)
    assert (loaded.pack is None) == has_errors
    for found in loaded.diagnostics:
        for span in (found.span, *(related.span for related in found.related)):
            assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
            if span.file in loaded.sources:
                lines = loaded.sources[span.file].split("\n")
                assert span.line <= len(lines)
                assert span.column <= len(lines[span.line - 1]) + 2
    shown = render_text(loaded.diagnostics, loaded.sources)
    assert all(char.isprintable() or char == "\n" for char in shown)
    render_json(loaded.diagnostics)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes(data: bytes) -> None:
    _check(load_texts({"rules/pack.yaml": _PACK, "rules/x.yaml": data}))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_random_text(text: str) -> None:
    _check(load_texts({"rules/pack.yaml": _PACK, "rules/x.yaml": text.encode("utf-8")}))


@settings(max_examples=400, deadline=None)
@given(st.lists(_mutated(), min_size=1, max_size=3))
def test_mutated_documents(texts: list[bytes]) -> None:
    files = {f"rules/{number}.yaml": text for number, text in enumerate(texts)}
    _check(load_texts({"rules/pack.yaml": _PACK} | files))


_KEYS = st.sampled_from(
    ["any", "all", "not", "condition", "prompt|contains", "model", "status|gte", "list", "events",
     "finding", "findings", "strikes", "approval", "gte", "for", "x", "share", "of", "min_of"]
)  # fmt: skip
_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
    st.sampled_from(["all", "demands", "list:phrases", "harness", "7d", "2026-01-01"]),
)  # fmt: skip
_NESTED = st.recursive(
    _VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_KEYS, inner, max_size=4)),
    max_leaves=12,
)
_PLACES = {
    "policy": ["select", "signals", "when", "unless", "explain", "tests", "clauses", "version"],
    "response": ["when", "ladder", "cap"],
    "links": ["connect", "strength", "members"],
    "terms": ["versions"],
    "list": ["values"],
    "pack": ["guardrails", "owners"],
}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_value_in_any_place(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(_PLACES)))
    key = data.draw(st.sampled_from(_PLACES[kind]))
    value = data.draw(_NESTED)
    _check(load_small(**{kind: document(kind, **{key: value})}))
