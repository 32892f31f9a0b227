"""The parser of command lines; of the commands it imports what a line asks for.

The whole engine takes a second to import. A check of the rules, which an editor or a hook asks for
at every save, needs little of it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn, TypeAlias

from engine.review.escape import printable_lines

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no other name
"""Where commands, or the verbs of one, are added."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints quote arguments without obeying what is in them."""

    _modules: Mapping[str, str] = {}
    _commands: Commands | None = None
    _imported: frozenset[str] = frozenset()

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        super().error("\n".join(printable_lines(message)))

    def defer(self, modules: Mapping[str, str], **options: Any) -> None:  # noqa: ANN401 - argparse's
        """Take commands from modules, which are imported once a line names them.

        `modules` has the name of a command's module by the command's, in the order of the help;
        each module's `add_to` adds its commands. A line that names none of them, such as one that
        asks for help, imports them all. `options` are those of `add_subparsers`.
        """
        self._modules = modules
        self._commands = self.add_subparsers(required=True, **options)

    def parse_known_args(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        namespace: Any = None,  # noqa: ANN401 - argparse's
    ) -> tuple[Any, list[str]]:
        """Import what the line names, and parse it."""
        words = sys.argv[1:] if args is None else list(args)
        wanted = self._modules.get(words[0]) if words else None
        self._import(self._modules.values() if wanted is None else [wanted])
        return super().parse_known_args(words, namespace)

    def _import(self, modules: Iterable[str]) -> None:
        for module in dict.fromkeys(modules):
            if module not in self._imported:
                import_module(module).add_to(self._commands)
                self._imported |= {module}
