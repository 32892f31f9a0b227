"""Where what pySigma complains about is likely to stand, and what to do about it."""

from __future__ import annotations

import re

from sigma.exceptions import SigmaError
from sigma.modifiers import modifier_mapping

from engine.authoring.sigma.shape import Place
from engine.language.read.mapping import suggestion

_TESTS = "write a field's test as `field|modifier: value`, with values of the modifier's type"
_KNOWN: dict[str, tuple[Place, str]] = {
    "Logsource": (("logsource",), "write `logsource: {category: …}`, or product, or service"),
    "Detection": (("detection",), "write `detection:` with selections and their `condition`"),
    "Condition": (
        ("detection", "condition"),
        "write an expression over the names of the selections, such as `selection and not filter`",
    ),
    "Modifier": (("detection",), _TESTS),
    "RegularExpression": (("detection",), "write a regular expression that RE2 takes"),
    "Placeholder": (("detection",), "`expand` fills `%name%` in; it goes with text"),
    "Value": (("detection",), _TESTS),
    "Type": (("detection",), _TESTS),
    "Identifier": (("id",), "write a UUID: 32 hexadecimal digits in five groups"),
    "Title": (("title",), "write `title:` with at most 256 characters"),
    "Name": (("name",), "write a name, or leave the key out"),
    "Taxonomy": (("taxonomy",), "write `taxonomy: sigma`, or leave the key out"),
    "Level": (("level",), "one of: informational, low, medium, high, critical"),
    "Status": (("status",), "one of: stable, test, experimental, deprecated, unsupported"),
    "Date": (("date",), "write the date as 2026-06-05"),
    "Modified": (("modified",), "write the date as 2026-06-05"),
    "Tag": (("tags",), "write tags as `namespace.name`, such as attack.t1078"),
    "Related": (("related",), "write a list of mappings with `id` and `type`"),
    "Timespan": (
        ("correlation", "timespan"),
        "write a whole number and a unit: s, m, h, d, w, M, y",
    ),
    "CorrelationType": (
        ("correlation", "type"),
        "one of event_count, temporal, temporal_ordered, and value_ with count, sum, avg or median",
    ),
    "CorrelationCondition": (
        ("correlation", "condition"),
        "write one comparison, such as `{gte: 5}`, or for `temporal` an expression over the rules",
    ),
    "CorrelationRule": (
        ("correlation",),
        "a correlation needs a type, rules, group-by, a timespan and a condition",
    ),
    "FilterCondition": (
        ("filter", "condition"),
        "write one expression over the names of the filter",
    ),
    "FilterRuleReference": (("filter", "rules"), "write `any`, or a list of names or ids of rules"),
    "Filter": (("filter",), "a filter needs rules, selections and a condition"),
}
"""By an error's class; pySigma knows the file only."""
_ELSE: tuple[Place, str] = ((), "see the Sigma specification for what the key takes")
_WINDASH = "windash modifier"
"""Of this one pySigma complains as if it were about `modified`."""
_UNKNOWN_MODIFIER = re.compile(r"Unknown modifier '([^']*)'")


def place_of(error: SigmaError) -> Place:
    """Return the place in a document that an error is about, as near as its class tells."""
    return _known(error)[0]


def advice_on(error: SigmaError) -> str:
    """Return a hint."""
    modifier = _UNKNOWN_MODIFIER.match(str(error.args[0]) if error.args else "")
    close = suggestion(modifier[1], sorted(modifier_mapping)) if modifier else None
    return close or _known(error)[1]


def _known(error: SigmaError) -> tuple[Place, str]:
    if str(error.args[0] if error.args else "").startswith(_WINDASH):
        return _KNOWN["Modifier"]
    names = (one.__name__.removeprefix("Sigma").removesuffix("Error") for one in type(error).mro())
    return next((_KNOWN[name] for name in names if name in _KNOWN), _ELSE)
