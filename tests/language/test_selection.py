"""Event selections."""

from __future__ import annotations

import pytest
from small_pack import document, load_small, pack_of, policy_faults, policy_with

from engine.language.fields import FieldRef
from engine.language.model.measure import Count
from engine.language.model.selection import EVERYTHING, AllOf, AnyOf, Not, Selection, Test
from engine.language.words import Match

Test.__test__ = False  # type: ignore[attr-defined] # a node of the model, not a case


def _selection(written: object, **named: object) -> Selection:
    """Read a selection written inside a signal, beside named ones."""
    policy = policy_with(
        select=named or None, signals={"events": {"count": written, "window": "7d"}}
    )
    measure = policy.signals[0].measure
    assert isinstance(measure, Count)
    return measure.where


def _faults(written: object, **named: object) -> list[str]:
    return policy_faults(select=named or None, signals={"events": {"count": written}})


def _test(written: dict[str, object]) -> Test:
    found = _selection(written)
    assert isinstance(found, Test)
    return found


def _shape(selection: Selection) -> object:
    """Return a selection as nested tuples of field names and values, for comparison."""
    match selection:
        case Test():
            return (str(selection.field), *selection.values)
        case AllOf(parts):
            return ("all", *map(_shape, parts))
        case AnyOf(parts):
            return ("any", *map(_shape, parts))
        case Not(part):
            return ("not", _shape(part))


def test_a_mapping_is_all_of_its_entries_and_a_list_any_of_its_items() -> None:
    assert _shape(_selection({"turn": 1, "model": "m"})) == ("all", ("turn", 1), ("model", "m"))
    assert _shape(_selection([{"turn": 1}, {"turn": 2}])) == ("any", ("turn", 1), ("turn", 2))


def test_all_any_and_not_nest() -> None:
    written = {"all": [{"turn": 1}, {"not": {"any": [{"model": "a"}, {"model": "b"}]}}]}
    expected = ("all", ("turn", 1), ("not", ("any", ("model", "a"), ("model", "b"))))
    assert _shape(_selection(written)) == expected


def test_the_word_all_is_every_event() -> None:
    assert _selection("all") == EVERYTHING


def test_a_name_stands_for_the_selection() -> None:
    assert _shape(_selection("first", first={"turn": 1})) == ("turn", 1)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a and b or c", ("any", ("all", "a", "b"), "c")),
        ("a and (b or c)", ("all", "a", ("any", "b", "c"))),
        ("not a and b", ("all", ("not", "a"), "b")),
        ("not (a or not b)", ("not", ("any", "a", ("not", "b")))),
        ("A AND a".replace("A A", "a A"), ("all", "a", "a")),
        ("1 of x_*", ("any", "x_1", "x_2")),
        ("any of x_*", ("any", "x_1", "x_2")),
        ("all of x_* and a", ("all", ("all", "x_1", "x_2"), "a")),
        ("1 of them", ("any", "a", "b", "c", "x_1", "x_2")),
    ],
)
def test_conditions_are_those_of_sigma(expression: str, expected: object) -> None:
    names = ("a", "b", "c", "x_1", "x_2")
    named = {name: {"model": name} for name in names}

    def spelled(shape: object) -> object:
        if isinstance(shape, tuple) and shape[0] == "model":
            return shape[1]
        return tuple(map(spelled, shape)) if isinstance(shape, tuple) else shape

    assert spelled(_shape(_selection({"condition": expression}, **named))) == expected


@pytest.mark.parametrize(
    ("key", "value", "match", "values"),
    [
        ("prompt", "think*", Match.STARTSWITH, ("think",)),
        ("prompt", "*think", Match.ENDSWITH, ("think",)),
        ("prompt", "*think**", Match.CONTAINS, ("think",)),
        ("prompt", "*", Match.EXISTS, (True,)),
        ("prompt", "a*b?", Match.RE, (r"(?i)(?s)\Aa.*b.\z",)),
        ("prompt|cased", "a*b", Match.RE, (r"(?s)\Aa.*b\z",)),
        ("model", "a*b", Match.RE, (r"(?s)\Aa.*b\z",)),
        ("prompt", r"2\*3\?", Match.EQUALS, ("2*3?",)),
        ("prompt", r"c:\dir", Match.EQUALS, (r"c:\dir",)),
        ("prompt", r"c:\\*", Match.STARTSWITH, ("c:\\",)),
        ("prompt", "", Match.EQUALS, ("",)),
        ("prompt|contains", "why?", Match.CONTAINS, ("why?",)),
        ("prompt|re", "a.b", Match.RE, ("a.b",)),
        ("prompt|re|i|s", "a.b", Match.RE, ("(?is)a.b",)),
        ("labels|contains", "judge", Match.EQUALS, ("judge",)),
        ("labels", "judge*", Match.STARTSWITH, ("judge",)),
        ("labels", "*judge*", Match.RE, (r"(?i)(?s)\A.*judge.*\z",)),
        ("model|in", ["a", "b"], Match.EQUALS, ("a", "b")),
        ("blocked_by", None, Match.EXISTS, (False,)),
        ("blocked_by|exists", False, Match.EXISTS, (False,)),
        ("status|gte", 400, Match.GTE, (400,)),
        ("temperature|lt", 1, Match.LT, (1.0,)),
        ("logprobs", True, Match.EQUALS, (True,)),
        ("ts|gt", "1970-01-01T00:01", Match.GT, (60_000_000,)),
        ("ip", "2001:DB8:0::1", Match.EQUALS, ("2001:db8::1",)),
        ("ip|cidr", ["10.0.0.0/8", "2001:db8::/32"], Match.CIDR, ("10.0.0.0/8", "2001:db8::/32")),
        ("logit_bias_ids|contains", 5, Match.EQUALS, (5,)),
    ],
)
def test_values_compare_as_their_field_does(
    key: str, value: object, match: Match, values: tuple[object, ...]
) -> None:
    found = _test({key: value})
    assert (found.match, found.values) == (match, values)


def test_identifiers_compare_exactly_and_text_as_asked() -> None:
    keys = ("model", "prompt", "prompt|cased", "prompt|re", "labels", "prefix_hashes")
    assert [_test({key: "x"}).cased for key in keys] == [True, False, True, True, False, True]


def test_every_value_is_asked_for_with_all() -> None:
    found = _test({"prompt|contains|all": ["a", "b"]})
    assert (found.every, found.values) == (True, ("a", "b"))


def test_values_that_compare_differently_become_alternatives() -> None:
    found = _selection({"blocked_by": ["filter", "soft*", None]})
    assert isinstance(found, AnyOf)
    assert [part.match for part in found.parts if isinstance(part, Test)] == [
        Match.EQUALS,
        Match.STARTSWITH,
        Match.EXISTS,
    ]


def test_a_list_document_stands_for_its_values() -> None:
    found = _test({"prompt|contains": "list:phrases"})
    assert found.values == ("show your reasoning", "think step by step")
    assert found.list_name == "phrases"
    mixed = _test({"prompt|contains": ["list:phrases", "more"]})
    assert mixed.values == ("show your reasoning", "think step by step", "more")


def test_fields_of_the_account_are_named_as_such() -> None:
    assert _test({"account.plan": "free"}).field == FieldRef("plan", of_account=True)


def test_a_span_points_at_the_key() -> None:
    policy = pack_of(load_small()).policies[0]
    span = policy.select[0].selection.span
    line = policy.text.splitlines()[span.line - policy.span.line]
    assert line[span.column - 1 : span.end_column - 1] == "prompt|contains"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"promt": "x"}, "EX201"),
        ({"prompt|": "x"}, "EX202"),
        ({"prompt|exists|contains": "x"}, "EX203"),
        ({"tools_sig|cidr": "10.0.0.0/8"}, "EX203"),
        ({"status": True}, "EX204"),
        ({"status": 2.5}, "EX204"),
        ({"status": "200"}, "EX204"),
        ({"model": ["a", 5]}, "EX204"),
        ({"prompt": [["a"]]}, "EX204"),
        ({"labels|all": ["a", None]}, "EX204"),
        ({"prompt|contains|all": ["a", ""]}, "EX204"),
        ({"prompt": []}, "EX129"),
        ([], "EX129"),
        ({}, "EX129"),
        ({"any": {}}, "EX123"),
        ({"not": []}, "EX129"),
        (5, "EX123"),
        ("nobody", "EX207"),
        ({"condition": 5}, "EX123"),
        ({"condition": "(" * 5000}, "EX209"),
        ({"condition": "not " * 40 + "a"}, "EX209"),
    ],
)
def test_what_makes_no_sense_is_refused(written: object, code: str) -> None:
    assert code in _faults(written)


def test_a_chain_of_names_is_followed_up_to_a_limit() -> None:
    chain = {f"s{n}": f"s{n + 1}" for n in range(100)} | {"s100": {"turn": 1}}
    assert "EX105" in _faults("s0", **chain)
    assert _faults("s90", **dict(list(chain.items())[80:])) == []


def test_expansion_is_bounded() -> None:
    doubling: dict[str, object] = {"s0": {"turn": 1}}
    doubling |= {f"s{n}": {"any": [f"s{n - 1}"] * 8} for n in range(1, 9)}
    assert set(_faults("s8", **doubling)) == {"EX211"}
    nested: dict[str, object] = {"s0": {"turn": 1}}
    nested |= {f"s{n}": {"not": f"s{n - 1}"} for n in range(1, 200)}
    assert set(_faults("s199", **nested)) == {"EX211"}


def test_a_fault_in_a_named_selection_is_reported_once() -> None:
    signals = {name: {"count": "bad"} for name in ("events", "more")}
    faults = policy_faults(select={"bad": {"promt": 1}}, signals=signals)
    assert faults == ["EX201"]


def test_numbers_for_identifiers_are_to_be_quoted() -> None:
    loaded = load_small(policy=document("policy", select={"a": {"account_id": 7}}))
    assert any("quotes" in (found.hint or "") for found in loaded.diagnostics)
