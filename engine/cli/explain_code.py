"""`excise explain-code`: what a code of a diagnostic is about."""

from __future__ import annotations

import argparse
import difflib
import json

from engine.authoring.sigma import codes as sigma_codes
from engine.cli.console import emit, emit_table
from engine.cli.parser import Commands
from engine.errors import ExitCode, UsageError
from engine.language import catalogue
from engine.language.codes import Code
from engine.language.diagnostic import Level
from engine.language.examples import examples_of, prose_of

CATALOGUE = catalogue.CATALOGUE | sigma_codes.CATALOGUE
"""Those of the language, and those about Sigma files."""
_PREFIXES = ("EX", "SG")
_FEW = 5
"""Suggesting more is no suggestion."""


def add_to(commands: Commands) -> None:
    """Add the command; the verbs of `excise policy` have it too."""
    parser = commands.add_parser("explain-code", help="what a diagnostic's code is about")
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as EX104; default: list all")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(command=explain_code)


def explain_code(arguments: argparse.Namespace) -> ExitCode:
    """Print one code's explanation with its examples, or a line for every code."""
    chosen = list(CATALOGUE.values()) if arguments.code is None else [_named(arguments.code)]
    if arguments.format == "json":
        emit(json.dumps([_as_data(code) for code in chosen], indent=2))
    elif arguments.code is None:
        emit_table(
            ("code", "level", "title"),
            [(code.id, _level(code).value, code.title) for code in chosen],
        )
    else:
        emit(_as_text(chosen[0]))
    return ExitCode.OK


def _named(wanted: str) -> Code:
    """Return the code, however its letters are written; UsageError with what may be meant."""
    name = wanted.strip().upper()
    written = name if name.startswith(_PREFIXES) else f"{_PREFIXES[0]}{name}"
    code = CATALOGUE.get(written)
    if code is not None:
        return code
    about = [code for code in CATALOGUE.values() if wanted.casefold() in code.title.casefold()]
    close = difflib.get_close_matches(written, CATALOGUE, n=3, cutoff=0.8)
    meant = about if len(about) <= _FEW else []
    meant = meant or [CATALOGUE[name] for name in close]
    shown = ", ".join(f"{code.id} ({code.title})" for code in meant)
    hint = f"did you mean {shown}?" if meant else "without a code, all of them are listed"
    raise UsageError(f"no diagnostic has the code {wanted!r}", hint=hint)


def _level(code: Code) -> Level:
    of_sigma = code.id in sigma_codes.CATALOGUE
    return sigma_codes.level_of(code.id) if of_sigma else catalogue.level_of(code.id)


def _as_text(code: Code) -> str:
    lines = [f"{code.id}: {code.title} ({_level(code).value})", "", code.explanation]
    if examples_of(code):
        lines += ["", "The examples show the keys that matter."]
    return "\n".join(lines)


def _as_data(code: Code) -> dict[str, object]:
    return {
        "code": code.id,
        "level": _level(code).value,
        "title": code.title,
        "explanation": prose_of(code),
        "examples": {example.label.lower(): example.text for example in examples_of(code)},
    }
