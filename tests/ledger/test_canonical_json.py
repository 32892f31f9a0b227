"""Canonical JSON: exact bytes, and a reason for what has none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.canonical_json import CanonicalError, dumps, loads


def test_keys_sort_by_utf16_units() -> None:
    # U+10000 is a surrogate pair, d800 dc00, and so comes before U+E000.
    assert dumps({"\ue000": 1, "\U00010000": 2}) == '{"\U00010000":2,"\ue000":1}'.encode()


def test_text_is_kept_as_it_is() -> None:
    assert dumps("e\u0301") == '"e\u0301"'.encode()
    assert dumps("\x00\n") == b'"\\u0000\\n"'


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (2**53, "beyond 2"),
        (float("nan"), "not finite"),
        ({1: 2}, "key that is not text"),
        ("\ud800", "not valid Unicode"),
        ({"a": object()}, "a type that JSON does not have"),
    ],
)
def test_what_has_no_form_is_refused(value: object, reason: str) -> None:
    with pytest.raises(CanonicalError, match=reason):
        dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1,"a":1}', b"1e2", b"[" * 100_000],
)
def test_other_spellings_are_not_read(body: bytes) -> None:
    with pytest.raises(CanonicalError):
        loads(body)


def test_an_error_does_not_quote_the_text() -> None:
    with pytest.raises(CanonicalError) as caught:
        loads(b'{"excerpt": secret}')
    assert "secret" not in str(caught.value)


_scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)


@given(_values)
def test_bytes_and_values_stand_for_each_other(value: object) -> None:
    body = dumps(value)  # type: ignore[arg-type]
    assert loads(body) == value
    assert json.loads(body) == value
