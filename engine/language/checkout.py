"""Where the files of a pack lie in their repository, which is what other tools name them by.

Spans name a file by the folder of the rules, wherever that is; an annotation on a pull request
needs the path from the root of the repository.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_MARK = ".git"
"""A folder in a clone, a file in a linked work tree."""


class Checkout:
    """Paths of the files of a pack, as seen from the root of the repository that holds them.

    Outside a repository they are seen from `working`, the folder the command runs in.
    """

    def __init__(self, rules: Path, working: Path) -> None:
        self._rules = rules.resolve()
        self._root = _repository(self._rules) or working.resolve()
        self.path = lru_cache(maxsize=None)(self._path)

    def _path(self, file: str) -> str:
        """Return the path of a file that a span names; an absolute one where it lies outside.

        Links are followed: what a link leads to is what the repository has under that path.
        """
        _, _, inside = file.partition("/")
        real = (self._rules / inside).resolve()
        if real.is_relative_to(self._root):
            return real.relative_to(self._root).as_posix()
        return real.as_posix()


def _repository(folder: Path) -> Path | None:
    return next((at for at in (folder, *folder.parents) if (at / _MARK).exists()), None)
