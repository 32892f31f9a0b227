"""Diagnostics as SARIF 2.1.0: valid, complete, and about the right places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from sarif_subset import SARIF

from engine.language.catalogue import CATALOGUE
from engine.language.checkout import Checkout
from engine.language.diagnostic import Diagnostic, Level, Related
from engine.language.load import load_pack
from engine.language.render_sarif import render_sarif
from engine.language.span import Span

VALIDATOR = jsonschema.Draft7Validator(SARIF)


def log_of(*diagnostics: Diagnostic, files: tuple[str, ...] = ("r/a.yaml",)) -> Any:
    log = json.loads(render_sarif(diagnostics, files, str))
    VALIDATOR.validate(log)
    return log


def fault(span: Span, message: str = "unknown field", **more: Any) -> Diagnostic:
    return Diagnostic("EX201", Level.ERROR, message, span, **more)


def test_every_golden_case_is_valid_sarif(tmp_path: Path) -> None:
    rules = tmp_path / "deep" / "my rules"
    rules.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for case in (Path(__file__).parents[1] / "golden" / "language").glob("*.yaml"):
        (rules / case.name).write_bytes(case.read_bytes())
    loaded = load_pack(rules)
    path = Checkout(rules, tmp_path).path
    log = json.loads(render_sarif(loaded.diagnostics, loaded.sources, path))
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    assert len(run["results"]) == len(loaded.diagnostics) > 100
    for result, found in zip(run["results"], loaded.diagnostics, strict=True):
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == found.code
        assert result["ruleId"] == found.code
        assert result["level"] == found.severity.value
        places = [result["locations"][0], *result["relatedLocations"]]
        spans = [found.span, *(related.span for related in found.related)]
        for place, span in zip(places, spans, strict=True):
            artifact = place["physicalLocation"]["artifactLocation"]
            assert artifact["uriBaseId"] == "%SRCROOT%"
            assert unquote(artifact["uri"]) == f"deep/{span.file}"
            if span.file in loaded.sources:
                region = place["physicalLocation"]["region"]
                assert (region["startLine"], region["startColumn"]) == (span.line, span.column)
                assert (region["endLine"], region["endColumn"]) == (span.end_line, span.end_column)


def test_the_rules_are_the_catalogue_with_help() -> None:
    (run,) = log_of()["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert list(rules) == list(CATALOGUE)
    share = rules["EX403"]
    assert share["defaultConfiguration"] == {"level": "warning"}
    assert share["shortDescription"] == {"text": "a share without a minimum"}
    assert "Refused" not in share["fullDescription"]["text"]
    assert "Refused:\n\n```yaml\npolicy: harness\n" in share["help"]["markdown"]
    assert rules["EX104"]["defaultConfiguration"] == {"level": "error"}
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"] == []


def test_a_place_that_has_no_lines_has_no_region() -> None:
    (run,) = log_of(fault(Span("r", 1, 1, 1, 1)))["runs"]
    assert "region" not in run["results"][0]["locations"][0]["physicalLocation"]


def test_hints_and_second_places_are_there() -> None:
    span = Span("r/a.yaml", 2, 1, 2, 4)
    other = Related(Span("r/a.yaml", 1, 1, 1, 2), "first defined here")
    (run,) = log_of(fault(span, hint="write `{gte: 1}`", related=(other, other)))["runs"]
    (result,) = run["results"]
    assert result["message"]["text"] == "unknown field\nhint: write `{gte: 1}`"
    assert [place["message"]["text"] for place in result["relatedLocations"]] == [other.message] * 2
    assert [place["id"] for place in result["relatedLocations"]] == [0, 1]


def test_nothing_quoted_from_a_file_is_a_link() -> None:
    span = Span("r/a.yaml", 1, 1, 1, 2)
    (run,) = log_of(fault(span, "unknown field `[x](https://example.org)`"))["runs"]
    assert run["results"][0]["message"]["text"] == "unknown field `[x\\](https://example.org)`"


@pytest.mark.parametrize(
    ("path", "artifact"),
    [
        ("a b/ü#?.yaml", {"uri": "a%20b/%C3%BC%23%3F.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/else where/a.yaml", {"uri": "file:///else%20where/a.yaml"}),
    ],
)
def test_paths_become_uris(path: str, artifact: dict[str, str]) -> None:
    (run,) = log_of(fault(Span(path, 1, 1, 1, 1)))["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == artifact


def test_the_same_diagnostics_give_the_same_bytes() -> None:
    found = fault(Span("r/a.yaml", 1, 1, 1, 1))
    assert render_sarif([found], [], str) == render_sarif([found], [], str)


def test_the_subset_refuses_what_the_standard_does() -> None:
    log = log_of(fault(Span("r/a.yaml", 1, 1, 1, 1)))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(log)
