"""The codes about Sigma files: what their examples show is so."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from malformed import CASES

from engine.authoring.sigma.codes import CATALOGUE, level_of
from engine.authoring.sigma.importing import import_sigma
from engine.authoring.sigma.settings import Settings
from engine.language.codes import Code
from engine.language.diagnostic import Diagnostic
from engine.language.examples import examples_of, prose_of
from engine.language.load import load_texts

_BESIDE = {"logsource": {"category": "inference"}}
_DETECTION = {"detection": {"selection": {"status": 403}, "condition": "selection"}}
_ONE = {"title": "One", "name": "one", **_BESIDE, **_DETECTION}
_KNOWN = "sigma:7d0e6a52-9c1f-4c5e-8a1b-0a4c9f3e1d01"


def _found(example: str, folder: Path) -> list[Diagnostic]:
    """Import an example with what it leaves out, beside a rule that it may refer to."""
    pack = (CASES / "rules" / "pack.yaml").read_text("utf-8")
    file = folder / "example.yml"
    documents = [one for one in yaml.safe_load_all(example) if one]
    whole = [_completed(one) for one in documents]
    if "correlation" in example or "filter:" in example:
        whole.append(_ONE)
    file.write_text(yaml.safe_dump_all(whole) if whole else example, encoding="utf-8")
    loaded = load_texts({"pack.yaml": pack.encode(), "known.yaml": _known().encode()})
    assert loaded.pack is not None, loaded.diagnostics
    texts = {"pack.yaml": pack, "known.yaml": _known()}
    settings = Settings(clauses=("usage-policy/access",), owner="nobody", mapped={})
    return list(import_sigma([file], settings, loaded.pack, texts).diagnostics)


def _completed(document: dict[str, object]) -> dict[str, object]:
    if "correlation" in document:
        return document
    return {**_BESIDE, **({} if "filter" in document else _DETECTION), **document}


def _known() -> str:
    policy = {
        "policy": "known", "title": "Known", "version": 1, "status": "draft", "owner": "nobody",
        "behaviour": "account-fraud", "axis": "access", "severity": "low",
        "clauses": ["usage-policy/access"], "references": [_KNOWN], "subject": "account",
        "select": {"one": {"status": 403}}, "signals": {"n": {"count": "one"}},
        "when": {"n": {"gte": 1}}, "explain": "{n} requests",
    }  # fmt: skip
    hosts = {
        "list": "hosts",
        "owner": "nobody",
        "source": "reviewers",
        "reviewed": "2026-06-01",
        "values": ["a"],
    }
    return yaml.safe_dump_all([policy, hosts], sort_keys=False)


@pytest.mark.parametrize("code", CATALOGUE.values(), ids=CATALOGUE)
def test_examples_are_accepted_and_refused(code: Code, tmp_path: Path) -> None:
    accepted, refused = examples_of(code)
    assert (accepted.label, refused.label) == ("Accepted", "Refused")
    assert _found(accepted.text, tmp_path) == []
    found = {one.code: one.severity for one in _found(refused.text, tmp_path)}
    assert found[code.id] is level_of(code.id)


def test_every_code_is_told_in_sentences() -> None:
    for name, code in CATALOGUE.items():
        assert name == code.id
        assert not code.title.endswith(".")
        assert prose_of(code).endswith(".")
