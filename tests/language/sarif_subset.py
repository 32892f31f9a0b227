"""What SARIF 2.1.0 asks of the objects that Excise writes, as a JSON Schema.

The standard's own schema (OASIS, sarif-schema-2.1.0.json) is in no package. This is the part of it
about the properties in use, with those required, the types, the bounds and the vocabularies it has;
it knows of no other property, so a new one has to be looked up in the standard first.
"""

from __future__ import annotations

Schema = dict[str, object]


def _object(required: str = "", **properties: object) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


def _list(items: Schema, *, unique: bool = False) -> Schema:
    return {"type": "array", "items": items, "uniqueItems": unique}


_TEXT: Schema = {"type": "string"}
_LEVEL: Schema = {"enum": ["none", "note", "warning", "error"]}
_POSITIVE: Schema = {"type": "integer", "minimum": 1}
_INDEX: Schema = {"type": "integer", "minimum": -1}
_MESSAGE = _object("text", text=_TEXT, markdown=_TEXT)
_ARTIFACT = _object(
    uri={"type": "string", "format": "uri-reference"}, uriBaseId=_TEXT, description=_MESSAGE
)
_REGION = _object(
    "startLine", startLine=_POSITIVE, startColumn=_POSITIVE, endLine=_POSITIVE, endColumn=_POSITIVE
)
_LOCATION = _object(
    id=_INDEX,
    physicalLocation=_object("artifactLocation", artifactLocation=_ARTIFACT, region=_REGION),
    message=_MESSAGE,
)
_RULE = _object(
    "id",
    id=_TEXT,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    defaultConfiguration=_object(level=_LEVEL),
)
_RESULT = _object(
    "message",
    ruleId=_TEXT,
    ruleIndex=_INDEX,
    level=_LEVEL,
    message=_MESSAGE,
    locations=_list(_LOCATION),
    relatedLocations=_list(_LOCATION, unique=True),
)
_RUN = _object(
    "tool",
    tool=_object(
        "driver",
        driver=_object("name", name=_TEXT, version=_TEXT, rules=_list(_RULE, unique=True)),
    ),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    originalUriBaseIds={"type": "object", "additionalProperties": _ARTIFACT},
    results=_list(_RESULT),
)
SARIF: Schema = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **_object(
        "version runs",
        **{"$schema": {"type": "string", "format": "uri"}},
        version={"const": "2.1.0"},
        runs=_list(_RUN),
    ),
}
