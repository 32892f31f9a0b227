"""A pack by the words of a command line: a folder, or what a git revision has in its place."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

from engine.errors import UsageError
from engine.language.load import PolicyError, load_texts, require_pack
from engine.language.model.pack import Pack

_SUFFIXES = frozenset({".yaml", ".yml"})


def pack_named(named: str, rules: Path) -> Pack:
    """Return the pack in the folder of that name, or the one `rules` held at that revision.

    Raises PolicyError for a pack with mistakes, and UsageError for what is neither a folder nor a
    revision of the repository that `rules` lies in.
    """
    if not named:
        raise UsageError("the name of the other pack is empty")
    if Path(named).exists():
        return require_pack(Path(named))
    label = f"{rules.resolve().name}@{named}"
    loaded = load_texts(_texts(_commit(named, rules), rules, label), label)
    if loaded.pack is None:
        raise PolicyError(Path(label), loaded)
    return loaded.pack


def _commit(named: str, rules: Path) -> str:
    found = _git(
        rules, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{named}^{{commit}}"
    )
    if found is None:
        message = f"{named!r} is neither a folder nor a git revision of {str(rules)!r}"
        raise UsageError(message)
    return found.decode().strip()


def _texts(commit: str, rules: Path, label: str) -> dict[str, bytes]:
    """Return the policy files by name; hidden ones belong to editors and tools."""
    packed = _git(rules, "archive", "--format=tar", commit)
    if packed is None:
        message = f"{str(rules)!r} was not there at that revision"
        raise UsageError(message, hint=f"commit {commit[:12]}")
    texts = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            path = Path(member.name)
            shown = not any(part.startswith(".") for part in path.parts)
            content = archive.extractfile(member) if member.isfile() and shown else None
            if content is not None and path.suffix.lower() in _SUFFIXES:
                texts[f"{label}/{path.as_posix()}"] = content.read()
    return texts


def _git(folder: Path, *words: str) -> bytes | None:
    """Return what git says, None when it fails or is not there."""
    command = ["git", "-C", str(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no shell
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
