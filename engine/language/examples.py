"""What an explanation of a code is made of: prose, and for a check an example of either kind."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from engine.language.codes import Code

_EXAMPLE = re.compile(r"^(Accepted|Refused):\n\n((?:    .*\n|\n)+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """Documents with the keys that matter, `Accepted` or `Refused` by the check."""

    label: str
    text: str
    """YAML, ending with a line feed."""


def prose_of(code: Code) -> str:
    """Return the explanation without its examples."""
    return _EXAMPLE.sub("", code.explanation + "\n").strip()


def examples_of(code: Code) -> tuple[Example, ...]:
    """Return the examples in the order written; none for what reading refuses."""
    return tuple(
        Example(label, textwrap.dedent(text).strip("\n") + "\n")
        for label, text in _EXAMPLE.findall(code.explanation + "\n")
    )
