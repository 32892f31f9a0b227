"""Whatever a Sigma file holds: documents, or refusals with a code, a place and a hint."""

from __future__ import annotations

import random
from pathlib import Path

import malformed
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.authoring.sigma.importing import Imported, import_sigma
from engine.authoring.sigma.settings import Settings
from engine.language.catalogue import CATALOGUE as OF_LANGUAGE
from engine.language.load import load_texts
from engine.language.model.pack import Pack
from engine.language.render import render_text

_AROUND = {"rules/pack.yaml": (malformed.CASES / "rules" / "pack.yaml").read_text("utf-8")}
_SETTINGS = Settings(clauses=("usage-policy/access",), owner="nobody", mapped={"user": "ip"})
_SOUND = """\
title: Sound
logsource: {category: inference}
detection: {selection: {status: 403}, condition: selection}
"""
_VALID = malformed.valid_documents()


@pytest.fixture(scope="module")
def pack() -> Pack:
    pack = load_texts({name: text.encode() for name, text in _AROUND.items()}).pack
    assert pack is not None
    return pack


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sigma") / "mutated.yml"


def read(file: Path, data: bytes, pack: Pack) -> Imported:
    """Import a file and look at what holds of every import."""
    file.write_bytes(data)
    imported = import_sigma([file], _SETTINGS, pack, _AROUND)
    lines = data.count(b"\n") + 1
    for found in imported.diagnostics:
        assert found.code.startswith("SG") or found.code in OF_LANGUAGE
        assert found.hint, found
        assert found.span.file == file.as_posix()
        assert 1 <= found.span.line <= lines
    render_text(imported.diagnostics, imported.sources)
    tally, errors = imported.tally, [one for one in imported.diagnostics if one.is_error]
    assert min(tally.policies, tally.parts, tally.refused) >= 0
    assert len(errors) >= tally.refused
    assert bool(errors) == bool(tally.refused)
    return imported


def mutated_in_company(seed: random.Random, number: int) -> str:
    """Return mutated documents between sound ones."""
    mutated = [
        malformed.mutated(seed, seed.choice(_VALID), seed.choice([1, 1, 2, 3]))
        for _ in range(number)
    ]
    return "---\n".join([_SOUND, *mutated, _SOUND])


def check_mutations(seed: random.Random, number: int, file: Path, pack: Pack) -> None:
    text = mutated_in_company(seed, number)
    imported = read(file, text.encode(), pack)
    if "filter:" not in text and "action:" not in text:
        assert {"policies/sigma/sound.yaml", "policies/sigma/sound-2.yaml"} <= set(
            imported.documents
        ), text
    assert imported.tally.read >= number + 2, text


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 2**32))
def test_a_mutated_document_is_read_or_refused(number: int, file: Path, pack: Pack) -> None:
    check_mutations(random.Random(number), 1, file, pack)


@pytest.mark.slow
def test_twenty_thousand_mutated_documents_are_read_or_refused(file: Path, pack: Pack) -> None:
    seed = random.Random("mutations")
    for _ in range(20_000 // 5):
        check_mutations(seed, 5, file, pack)


def _rule(selection: str, condition: str = "selection") -> bytes:
    return (
        "title: One\nlogsource: {category: inference}\n"
        f"detection: {{selection: {selection}, condition: {condition}}}\n"
    ).encode()


def _correlation(**changed: str) -> bytes:
    keys = {
        "type": "event_count",
        "rules": "[one]",
        "group-by": "[account_id]",
        "timespan": "1h",
        "condition": "{gte: 2}",
    } | changed
    written = "".join(f"  {key}: {value}\n" for key, value in keys.items())
    return b"title: Many\ncorrelation:\n" + written.encode() + b"---\nname: one\n" + _rule("{a: 1}")


_ALIASES = "".join(f"k{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(12))
HOSTILE: dict[str, tuple[bytes, str]] = {
    "an empty file": (b"", "SG106"),
    "a comment alone": (b"# nothing\n", "SG106"),
    "separators alone": (b"---\n---\n", "SG106"),
    "null": (b"null\n", "SG101"),
    "a list": (b"- title: One\n", "SG101"),
    "a text": (b"hello\n", "SG101"),
    "UTF-16": ("\ufeff".encode("utf-16-le") + _SOUND.encode("utf-16-le"), "EX101"),
    "Latin-1": ("title: Zoë\n".encode("latin-1"), "EX101"),
    "zeros": (b"\0" * 99, "EX102"),
    "lone carriage returns": (_SOUND.replace("\n", "\r").encode(), "EX102"),
    "an override of direction": (_rule('{a: "\u202e"}'), "EX102"),
    "too much": (b"#" * (1 << 20) + b"\n", "EX103"),
    "a tab as indentation": (b"title: One\nlogsource:\n\tcategory: c\n", "EX104"),
    "a thirteenth month": (b"date: 2026-13-01\n" + _rule("{a: 1}"), "EX104"),
    "an object of Python": (_rule("!!python/object:os.system x"), "EX104"),
    "5,000 digits": (_rule(f"{{a: {'9' * 5000}}}"), "EX104"),
    "an alias of nothing": (b"title: *one\n", "EX104"),
    "brackets in brackets": (b"[\n" * 20_000, "EX105"),
    "maps in maps": (b"\n".join(b" " * n + b"a:" for n in range(900)), "EX105"),
    "aliases of aliases": (f"k0: &a0 [x]\n{_ALIASES}".encode(), "EX106"),
    "a list in itself": (_rule("&a {b: [*a]}"), "EX106"),
    "a key twice": (_rule('{a: 1, "a": 2}'), "EX109"),
    "a list as key": (b"? [a, b]\n: c\n", "EX110"),
    "a number as key": (_rule("{1: 2}"), "EX110"),
    "400 digits": (_rule(f"{{a|gt: {'9' * 400}}}"), "SG101"),
    "infinity": (_rule("{a|gt: .inf}"), "SG101"),
    "no number": (_rule("{a: .nan}"), "SG101"),
    "binary data": (_rule("{a: !!binary aGVsbG8=}"), "SG101"),
    "a date as value": (_rule("{a: 2026-06-05}"), "SG101"),
    "a number as regular expression": (_rule("{a|re: 5}"), "SG101"),
    "an endless negation": (_rule("{a: 1}", "not " * 3000 + "selection"), "SG101"),
    "thirty dashes": (_rule(f"{{a|windash: '{'-a ' * 30}'}}"), "SG101"),
    "an escape for terminals": (_rule('{a: "\\e[31m"}'), "SG202"),
    "no rules": (_correlation(rules="[]"), "SG101"),
    "a time span of 5,000 digits": (_correlation(timespan="9" * 5000 + "s"), "SG101"),
    "a threshold of 400 digits": (_correlation(condition=f"{{gte: {'9' * 400}}}"), "SG304"),
    "a correlation of itself": (b"name: many\n" + _correlation(rules="[many]"), "SG302"),
    "a part that is refused": (_correlation().replace(b"{a: 1}", b"{not: 1}"), "SG103"),
}  # fmt: skip
SOUND: dict[str, bytes] = {
    "a byte order mark": b"\xef\xbb\xbf" + _SOUND.encode(),
    "CRLF": _SOUND.replace("\n", "\r\n").encode(),
    "tabs between": _SOUND.replace(": ", ":\t").encode(),
    "directives": b"# written by hand\n%YAML 1.1\n---\n" + _SOUND.encode(),
    "anchors": _rule("{a: &x [1, 2], b: *x}"),
    "a merge": _rule("{<<: {a: 1}, b: 2}"),
    "parentheses in parentheses": _rule("{a: 1}", "(" * 200 + "selection" + ")" * 200),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused(name: str, file: Path, pack: Pack) -> None:
    data, code = HOSTILE[name]
    imported = read(file, data, pack)
    assert code in {found.code for found in imported.diagnostics}
    assert imported.tally.refused > 0


@pytest.mark.parametrize("name", SOUND)
def test_unusual_documents_are_read(name: str, file: Path, pack: Pack) -> None:
    imported = read(file, SOUND[name], pack)
    assert (imported.tally.read, imported.tally.policies, imported.diagnostics) == (1, 1, ())


def test_a_broken_document_hides_no_other(file: Path, pack: Pack) -> None:
    broken = ["title: [", "\ttitle: One", "- list", "title: One\ntitle: Two", "title: &a [*a]"]
    text = "---\n".join(f"{_SOUND}---\n{one}\n" for one in broken)
    tally = read(file, text.encode(), pack).tally
    assert (tally.read, tally.policies, tally.parts, tally.refused) == (10, 5, 0, 5)


def test_what_builds_on_a_refused_document_is_refused(file: Path, pack: Pack) -> None:
    text = f"action: global\nlogsource: 5\n---\n{_SOUND}".encode()
    imported = read(file, text, pack)
    assert [found.span.line for found in imported.diagnostics] == [2, 4]
    assert imported.tally.refused == 2
