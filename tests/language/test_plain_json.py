"""The fast encoder spells as the reference does, and refuses what it refuses."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.language.plain_json import spelled

_TEXT = st.text() | st.text(st.characters(max_codepoint=0x7F)) | st.sampled_from(["\x7f", "\u2028"])
_INTEGERS = st.integers() | st.sampled_from([2**53 - 1, -(2**53) + 1])
_SCALARS = st.none() | st.booleans() | _INTEGERS | st.floats() | _TEXT
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(_TEXT, inner),
    max_leaves=12,
)


@given(_VALUES)
def test_it_spells_as_the_reference(value: object) -> None:
    try:
        expected = bytes(rfc8785.dumps(value))  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError as error:
        with pytest.raises(type(error)):
            spelled(value)
    else:
        assert spelled(value) == expected


@pytest.mark.parametrize("value", ["\ud800", {"\ud800": 1}, {1: 2}, [object()], {"a": {3}}])
def test_it_refuses_what_the_reference_refuses(value: object) -> None:
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        spelled(value)
