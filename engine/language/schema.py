"""The language as JSON Schema (draft-07), for editors: made of what the readers know.

A document of a kind is told by the key that only its kind has, or has first. The schema is laxer
than the readers: references, names and what fits together are left to `excise policy check`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from typing import Any

from engine.language import told
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, FieldType
from engine.language.moments import format_duration
from engine.language.read.condition import WORDS
from engine.language.read.field_key import ALL_FIELDS, MODIFIERS, modifiers_of
from engine.language.read.fields import KEY, TYPES
from engine.language.read.mapping import Asked, Read, attempt
from engine.language.read.measures import BARE
from engine.language.read.response import FEATURES, TEMPORARY
from engine.language.read.scalars import duration, name
from engine.language.span import NOWHERE
from engine.language.survey import (
    WORD,
    Survey,
    conditions,
    declaration,
    documents,
    inner_measures,
    mapping,
    measures,
)
from engine.language.words import OPERATORS, ActionKind
from engine.language.yaml_nodes import ScalarNode, SequenceNode

Shape = dict[str, Any]
_DRAFT = "http://json-schema.org/draft-07/schema#"
_WRONG_TYPE = "EX123"
_ONE = ScalarNode(1, "1", quoted=False, place=NOWHERE)
_OPEN = frozenset({"exchanges"})
"""Mappings that may hold fields which a pack declares."""
_NUMBERS = frozenset(
    {
        FieldType.ANY,
        FieldType.INTEGER,
        FieldType.DECIMAL,
        FieldType.INTEGERS,
        FieldType.TIMESTAMP,  # whose parts are numbers
    }
)


def schema_text() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(language_schema(), indent=1, ensure_ascii=False) + "\n"


def language_schema() -> Shape:
    """Return the schema of one document; of a file with several, each is one."""
    return _Schema().whole()


class _Schema:
    """A schema in the making: what one definition refers to becomes a definition as well."""

    def __init__(self) -> None:
        self._definitions: Shape = {}

    def whole(self) -> Shape:
        kinds = documents()
        for kind, keys in kinds.items():
            self._definitions[kind] = self._mapping(kind, keys)
        self._definitions["source"]["properties"]["fields"] |= _source_fields()
        self._definitions["policy"]["properties"]["signals"] |= _named("measure")
        self._definitions["fields"]["properties"]["declare"] |= self._declared()
        self._conditions()
        self._definitions |= {
            "measure": self._measure("measure", measures(), list(BARE)),
            "inner": self._measure("inner", inner_measures(), []),
            "selections": _named("selection"),
            "selection": _selection(),
            "happening": {"$ref": "#/definitions/selection"},
            "action": self._action(),
        }
        return {
            "$schema": _DRAFT,
            "title": "Excise policy language",
            "type": ["object", "null"],
            **_by_kind(kinds),
            "definitions": dict(sorted(self._definitions.items())),
        }

    def _mapping(self, where: str, keys: Asked) -> Shape:
        return {
            "type": "object",
            "additionalProperties": where in _OPEN,
            "required": [key for key, (_, required, _) in keys.items() if required],
            "properties": {
                key: {
                    "description": told.of(where, key),
                    **_with_default(self._value(key, read), default),
                }
                for key, (read, _, default) in keys.items()
            },
        }

    def _value(self, key: str, read: Read[Any] | None) -> Shape:
        if read is None:
            return {"type": "number"} if key in OPERATORS else {}
        shape = self._shape(read)
        # Beside `$ref`, draft-07 sees nothing else.
        return {"allOf": [shape]} if "$ref" in shape else shape

    def _shape(self, read: Read[Any]) -> Shape:
        shape = getattr(read, "shape", None)
        if shape is None:
            return self._tried(read)
        return dict(shape(self._shape) if callable(shape) else shape)

    def _tried(self, read: Read[Any]) -> Shape:
        """Return the types that a reader does not complain about."""
        options: list[Shape] = []
        if _takes(read, WORD):
            options.append({"type": "string"})
        elif _takes(read, _ONE):
            options.append({"type": "number"})
        if _takes(read, SequenceNode((WORD,), NOWHERE)):
            options.append({"type": "array"})
        survey = Survey()
        attempt(read, mapping(), survey)
        if survey.found:
            options.append(self._definition(*survey.found[-1]))
        return options[0] if len(options) == 1 else {"anyOf": options} if options else {}

    def _definition(self, what: str, keys: Asked) -> Shape:
        where = told.place(what)
        if where not in self._definitions:
            self._definitions[where] = {}
            self._definitions[where] = self._mapping(where, keys)
        known = self._definitions[where].get("properties", keys).keys()
        if known != keys.keys():
            where = f"{where}-{len(self._definitions)}"
            self._definitions[where] = self._mapping(told.place(what), keys)
        return {"$ref": f"#/definitions/{where}"}

    def _declared(self) -> Shape:
        self._definitions["declaration"] = self._mapping("declaration", declaration())
        options = _any({"enum": list(TYPES)}, _ref("declaration"))
        return {"type": "object", "minProperties": 1, "additionalProperties": options}

    def _conditions(self) -> None:
        self._definitions |= {
            where: self._mapping(where, keys) for where, keys in conditions().items()
        }
        inner = {"all": "condition", "any": "condition", "not": "condition"}
        refs = inner | {"findings": "findings", "strikes": "strikes"}
        words: Shape = {
            word: {"description": told.of("condition", word)}
            | ({"allOf": [_ref(refs[word])]} if word in refs else self._shape(name))
            for word in sorted(WORDS)
        }
        comparison = self._mapping("comparison", dict.fromkeys(OPERATORS, (None, False, None)))
        several = {"type": "object", "minProperties": 1, "properties": words}
        self._definitions["comparison"] = {**comparison, "minProperties": 1}
        self._definitions["condition"] = _any(
            {**several, "additionalProperties": _any({"type": "number"}, _ref("comparison"))},
            {"type": "array", "minItems": 1, "items": _ref("condition")},
        )

    def _measure(self, prefix: str, known: dict[str, Asked], bare: list[str]) -> Shape:
        for word, keys in known.items():
            self._definitions[f"{prefix}-{word}"] = self._mapping(f"measure {word}", keys)
        one = {
            "type": "object",
            "properties": {word: {"description": told.of("measure", word)} for word in known},
            "anyOf": [{"required": [word]} for word in known],
            "allOf": [
                {"if": {"required": [word]}, "then": _ref(f"{prefix}-{word}")} for word in known
            ],
        }
        return _any({"enum": bare}, one) if bare else one

    def _action(self) -> Shape:
        kinds = {kind.value: self._parameters(kind) for kind in ActionKind}
        single = {"type": "object", "minProperties": 1, "maxProperties": 1}
        return _any(
            {"enum": list(kinds)},
            {**single, "additionalProperties": False, "properties": kinds},
        )

    def _parameters(self, kind: ActionKind) -> Shape:
        length = {"description": told.of("action", "for"), **self._shape(duration)}
        feature = {"description": told.of("action", "feature"), "enum": list(FEATURES)}
        keys = {"for": length} if kind in TEMPORARY else {}
        keys |= {"feature": feature} if kind is ActionKind.RESTRICT else {}
        needed = {ActionKind.SUSPEND: ["for"], ActionKind.RESTRICT: ["feature"]}
        return {
            "description": told.of("action", kind.value),
            "type": "object",
            "additionalProperties": False,
            "required": needed.get(kind, []),
            "properties": keys,
        }


def _with_default(shape: Shape, default: object) -> Shape:
    """Add what stands for a key that is left out, where that is a plain value."""
    plain = default.value if isinstance(default, Enum) else default
    kind = shape.get("type")
    if shape.get("title") == "duration" and type(plain) is int:
        return shape | {"default": format_duration(plain)}
    if plain in shape.get("enum", ()) or (kind == "boolean" and isinstance(plain, bool)):
        return shape | {"default": plain}
    if kind in ("integer", "number") and isinstance(plain, int | float):
        held = shape.get("minimum", plain) <= plain
        return shape | ({"default": int(plain) if plain == int(plain) else plain} if held else {})
    return shape


def _by_kind(kinds: dict[str, Asked]) -> Shape:
    """Return the choice of a definition; what has another kind's word as a key comes first."""
    choice: Shape = {
        "properties": {kind: {"description": told.of(kind, kind)} for kind in kinds},
        "anyOf": [{"required": [kind]} for kind in kinds],
    }
    for kind in _peeled(kinds):
        choice = {"if": {"required": [kind]}, "then": _ref(kind), "else": choice}
    return {"if": {"type": "object"}, "then": choice}


def _peeled(kinds: dict[str, Asked]) -> Iterator[str]:
    """Yield each kind after those whose words it has among its keys."""
    left = list(kinds)
    while left:
        ready = [kind for kind in left if not kinds[kind].keys() & set(left) - {kind}]
        yield from ready
        left = [kind for kind in left if kind not in ready]


def _takes(read: Read[Any], node: Any) -> bool:  # noqa: ANN401 - a node
    survey = Survey()
    attempt(read, node, survey)
    return all(found.code != _WRONG_TYPE for found in survey.sorted())


def _selection() -> Shape:
    several = {"type": "array", "minItems": 1, "items": _ref("selection")}
    words: Shape = {
        "all": several,
        "any": several,
        "not": {"allOf": [_ref("selection")]},
        "condition": {"type": "string"},
        "keywords": {"type": ["string", "number", "array"]},
        "keywords|all": {"type": ["string", "number", "array"]},
    }
    tests = {
        f"^{field.replace('.', '[.]')}(\\|({'|'.join(modifiers_of(ref.field.type))}))*$": {
            "description": told.of("field", field),
            "type": _value_types(ref.field.type),
        }
        for field, ref in ALL_FIELDS.items()
    }
    canonical = "|".join(field.replace(".", "[.]") for field in ALL_FIELDS)
    declared = {
        f"^(?!({canonical}|keywords)(\\||$)){KEY.pattern}(\\|({'|'.join(MODIFIERS)}))*$": {
            "description": told.of("selection", "declared"),
        }
    }
    one = {
        "type": "object",
        "minProperties": 1,
        "properties": {
            word: {"description": told.of("selection", word), **shape}
            for word, shape in words.items()
        },
        "patternProperties": tests | declared,
        "additionalProperties": False,
    }
    return _any({"type": "string"}, several, one)


def _value_types(kind: FieldType) -> list[str]:
    number = ["number"] if kind in _NUMBERS else []
    return ["string", "boolean", "null", "array", *number]


def _source_fields() -> Shape:
    fields = [
        *EXCHANGE_FIELDS,
        *(field for field in ACCOUNT_FIELDS if field not in EXCHANGE_FIELDS),
    ]
    return {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "properties": {
            field: {"description": told.of("record", field), "type": "string"} for field in fields
        },
    }


def _named(definition: str) -> Shape:
    return {"type": "object", "additionalProperties": _ref(definition)}


def _ref(definition: str) -> Shape:
    return {"$ref": f"#/definitions/{definition}"}


def _any(*options: Shape) -> Shape:
    return {"anyOf": list(options)}
