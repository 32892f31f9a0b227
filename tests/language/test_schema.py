"""The schema for editors: current, complete, and never stricter than the readers.

EXCISE_UPDATE_GOLDENS=1 writes rules/schema.json anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from small_pack import DOCUMENTS, EXEMPTION, SOURCE
from test_checks import _completed, _examples  # type: ignore[attr-defined]

from engine.language import told
from engine.language.checks import CHECKS
from engine.language.diagnostic import Diagnostics
from engine.language.draft import KINDS
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS
from engine.language.load import find_rules
from engine.language.read.measures import BARE, MEASURES
from engine.language.read.plain import plain
from engine.language.schema import language_schema, schema_text
from engine.language.survey import documents as known_documents
from engine.language.yaml_nodes import Document
from engine.language.yaml_reading import decode, documents

RULES = find_rules()
SCHEMA: Any = language_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


FIELDS = """\
fields: gateway
of: exchanges
declare: {tool.name: text, score: {type: integer, absent: unknown}}
"""


def written(text: str) -> list[Any]:
    """Return the documents of a text as plain data, read as YAML 1.2."""
    problems = Diagnostics()
    source = decode("a.yaml", text.encode(), problems)
    assert source is not None
    found: list[Document] = documents(source, problems)
    return [plain(document.root, problems) for document in found]


def faults(text: str) -> list[str]:
    return [fault.message for data in written(text) for fault in VALIDATOR.iter_errors(data)]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_the_file_that_ships_is_current() -> None:
    file = RULES / "schema.json"
    if os.environ.get("EXCISE_UPDATE_GOLDENS"):
        file.write_text(schema_text(), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("file", sorted(RULES.rglob("*.yaml")), ids=lambda file: file.stem)
def test_a_shipped_file_names_the_schema_and_fits_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    first = text.partition("\n")[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named is not None
    assert (file.parent / named[1]).resolve() == (RULES / "schema.json").resolve()
    assert faults(text) == []


def test_the_small_pack_fits() -> None:
    for text in (*DOCUMENTS.values(), EXEMPTION, SOURCE, FIELDS):
        assert faults(text) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.rpartition(".")[2])
def test_what_the_readers_accept_fits(check: Any) -> None:
    for example in _examples(check).values():
        for document in _completed(example):
            assert faults(document) == []


def test_every_kind_and_every_key_of_a_document_is_there() -> None:
    known = known_documents()
    assert set(known) == set(KINDS)
    for kind, keys in known.items():
        definition = SCHEMA["definitions"][kind]
        assert set(definition["properties"]) == set(keys)
        assert definition["additionalProperties"] is False


def test_every_measure_is_there() -> None:
    bare, mapped = SCHEMA["definitions"]["measure"]["anyOf"]
    assert set(bare["enum"]) == set(BARE)
    assert set(mapped["properties"]) == set(MEASURES)
    assert {f"measure-{word}" for word in MEASURES} <= set(SCHEMA["definitions"])


def test_every_field_is_there() -> None:
    patterns = SCHEMA["definitions"]["selection"]["anyOf"][2]["patternProperties"]
    names = [*EXCHANGE_FIELDS, *(f"account.{name}" for name in ACCOUNT_FIELDS)]
    for name in names:
        assert sum(re.search(pattern, name) is not None for pattern in patterns) == 1
    assert len(patterns) == len(names) + 1  # those that a pack declares


def definitions_with_properties() -> Iterator[tuple[str, str, Any]]:
    queue: list[tuple[str, Any]] = list(SCHEMA["definitions"].items())
    for where, node in queue:
        if isinstance(node, dict):
            for part in ("properties", "patternProperties"):
                for key, value in node.get(part, {}).items():
                    yield where, key, value
            queue += [(where, value) for value in node.values()]
        elif isinstance(node, list):
            queue += [(where, value) for value in node]


def test_every_key_has_a_description() -> None:
    missing = [
        (where, key)
        for where, key, value in definitions_with_properties()
        if not value.get("description")
    ]
    assert missing == []


def test_nothing_is_described_that_no_reader_knows() -> None:
    known = {key for _, key, _ in definitions_with_properties()}
    known |= {key.strip("^").partition("(")[0] for key in known}
    known |= {key.replace("account[.]", "") for key in known}
    told_of = {key for keys in told.KEYS.values() for key in keys}
    assert told_of - known == {"declared"}  # a pattern has it


BROKEN = [
    "policy: x\nstatus: enforced\n",
    DOCUMENTS["policy"].replace("owner:", "ownr:"),
    DOCUMENTS["policy"].replace("status: enforce", "status: enforced"),
    DOCUMENTS["policy"].replace("version: 3", "version: three"),
    DOCUMENTS["policy"].replace("window: 7d", "window: 7 days"),
    DOCUMENTS["policy"].replace("count: demands", "conut: demands"),
    DOCUMENTS["policy"].replace("prompt|contains", "prompt|cidr"),
    DOCUMENTS["policy"].replace("gte: 100", "gte: many"),
    DOCUMENTS["policy"].replace("gte: 100", "over: 100"),
    DOCUMENTS["policy"].replace("as_of: 2026-06-05", "as_of: tomorrow"),
    DOCUMENTS["policy"].replace("accounts: {count: 30}", "accounts: {cuont: 30}"),
    DOCUMENTS["response"].replace("terminate", "degrade"),
    DOCUMENTS["response"].replace("approval: two", "approval: three"),
    DOCUMENTS["response"].replace("{throttle: {for: 7d}}", "{throttle: {feature: batch}}"),
    DOCUMENTS["list"].replace("reviewed: 2026-01-05", "reviewed: recently"),
    DOCUMENTS["links"].replace("account.payment_id", "account.plan"),
    DOCUMENTS["pack"].replace("terminate:", "delete:"),
    DOCUMENTS["terms"].replace("clauses:", "claws:"),
    EXEMPTION.replace("until: 2027-01-01\n", ""),
    SOURCE.replace("kind: exchanges", "kind: exchange"),
    "polcy: x\n",
    "- policy\n",
]


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_what_is_broken_does_not_fit(text: str) -> None:
    assert faults(text) != []
