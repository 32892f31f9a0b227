"""How commands speak: results on stdout, everything else on stderr, progress on terminals only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from engine.review.escape import printable

out = Console(highlight=False, soft_wrap=True, markup=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being done: on a terminal, nothing in a pipe."""
    if not err.is_terminal:
        yield lambda _: None
        return
    with err.status("starting") as status:
        yield lambda text: status.update(escape(text))


def emit(text: str) -> None:
    """Write one line of result to stdout, as it is."""
    sys.stdout.write(f"{text}\n")


def safe(text: object) -> str:
    """Return text from outside in a form that no terminal takes for a command."""
    return printable(str(text))
