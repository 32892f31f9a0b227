"""`excise explain-code`: every code explains itself."""

from __future__ import annotations

import json

import pytest

from engine.authoring.sigma import codes as sigma_codes
from engine.cli.explain_code import CATALOGUE
from engine.cli.main import main
from engine.errors import ExitCode
from engine.language.checks import CHECKS

Captured = pytest.CaptureFixture[str]


def test_a_check_explains_itself_with_both_examples(capsys: Captured) -> None:
    assert main(["explain-code", "EX403"]) == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "EX403: a share without a minimum (warning)"
    assert "Accepted:" in lines
    refused = "    signals: {part: {share: {turn: 1}, window: 7d}}"
    assert lines.index("Refused:") < lines.index(refused)


@pytest.mark.parametrize("written", ["EX104", "ex104", " 104 "])
def test_a_code_may_be_written_short(written: str, capsys: Captured) -> None:
    assert main(["explain-code", written]) == ExitCode.OK
    assert capsys.readouterr().out.startswith("EX104: text that is not YAML (error)\n\nThe text")


def test_codes_about_sigma_files_are_explained_too(capsys: Captured) -> None:
    assert main(["policy", "explain-code", "sg105"]) == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "SG105: a filter that applies to no rule (warning)"
    assert "    filter: {rules: [two], own: {country: SE}, condition: not own}" in lines


def test_the_verb_of_policy_is_the_same(capsys: Captured) -> None:
    main(["explain-code", "EX104"])
    main(["policy", "explain-code", "EX104"])
    text = capsys.readouterr().out
    assert text[: len(text) // 2] == text[len(text) // 2 :]


def test_all_codes_are_listed(capsys: Captured) -> None:
    assert main(["explain-code"]) == ExitCode.OK
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.split() == ["code", "level", "title"]
    assert [line.split()[0] for line in lines] == list(CATALOGUE)


def test_as_data_every_check_has_its_examples_apart(capsys: Captured) -> None:
    assert main(["explain-code", "--format", "json"]) == ExitCode.OK
    told = {entry["code"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert list(told) == list(CATALOGUE)
    explained = {check.ID for check in CHECKS} | set(sigma_codes.CATALOGUE)
    assert {code for code, entry in told.items() if entry["examples"]} == explained
    for entry in told.values():
        assert "Accepted:" not in entry["explanation"]
        assert set(entry["examples"]) in (set(), {"accepted", "refused"})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("EX1040", "did you mean EX104 ("),
        ("SG1010", "did you mean SG101 ("),
        ("alias", "EX106 (an anchor or an alias)"),
        ("nonsense", "all of them are listed"),
        ("", "all of them are listed"),
    ],
)
def test_an_unknown_code_gets_a_suggestion(written: str, meant: str, capsys: Captured) -> None:
    assert main(["explain-code", written]) == ExitCode.USAGE
    assert meant in capsys.readouterr().err
