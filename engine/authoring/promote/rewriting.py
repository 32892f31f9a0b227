"""The change of one word in a policy's file, and of nothing else."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import ExciseError
from engine.language.canonical import digest
from engine.language.diagnostic import Diagnostic, Diagnostics
from engine.language.load import Loaded, load_texts
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.source_text import SourceText
from engine.language.span import Span
from engine.language.words import Status
from engine.language.yaml_nodes import MappingNode, ScalarNode, locate
from engine.language.yaml_reading import documents

_BOM = "\ufeff"
_ANYBODY_WRITES = 0o222


class RewriteError(ExciseError):
    """A file whose status cannot be changed without a person."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A policy's file with another status, not written yet."""

    path: Path
    before: bytes
    after: bytes
    warnings: tuple[Diagnostic, ...]
    """What the checks say of the changed pack that they did not say before."""


def rewritten(root: Path, loaded: Loaded, policy: Policy, to: Status) -> Rewritten:
    """Return the file of a policy with another status.

    Raises RewriteError when more than the status would change, or the pack would not load.
    """
    path = _path(root, policy.span.file)
    before = path.read_bytes()
    span = _status_span(policy, loaded.sources[policy.span.file])
    after = _replaced(before, span, to.value)
    changed = _checked(loaded, policy, to, after)
    known = {(found.code, found.message) for found in loaded.diagnostics}
    new = (one for one in changed.diagnostics if (one.code, one.message) not in known)
    return Rewritten(path, before, after, tuple(new))


def _path(root: Path, file: str) -> Path:
    _, _, inner = file.partition("/")
    path = root / inner
    if not path.is_file():
        message = f"`{file}` is not where it was read from"
        raise RewriteError(message)
    return path.resolve()


def _status_span(policy: Policy, text: str) -> Span:
    for document in documents(SourceText(policy.span.file, text), Diagnostics()):
        root = document.root
        if isinstance(root, MappingNode) and root.entries and root.entries[0].key == "policy":
            label = root.entries[0].value
            if isinstance(label, ScalarNode) and label.value == policy.name:
                return locate(root, "status")
    message = f"`{policy.span.file}` does not hold the policy `{policy.name}` any more"
    raise RewriteError(message)


def _replaced(data: bytes, span: Span, word: str) -> bytes:
    """Return the file with the text at a span of one line replaced."""
    text = data.decode()
    mark = _BOM if text.startswith(_BOM) else ""
    lines = text.removeprefix(_BOM).split("\n")
    line = lines[span.line - 1]
    if span.end_line != span.line:
        message = f"{span}: the status does not stand on one line"
        raise RewriteError(message, hint="write it as `status: shadow`")
    lines[span.line - 1] = line[: span.column - 1] + word + line[span.end_column - 1 :]
    return (mark + "\n".join(lines)).encode()


def _checked(loaded: Loaded, policy: Policy, to: Status, after: bytes) -> Loaded:
    """Load the pack as it would be; nothing but the status may differ from what was loaded."""
    files = {name: text.encode() for name, text in loaded.sources.items()}
    changed = load_texts(files | {policy.span.file: after}, policy.span.file.partition("/")[0])
    if changed.pack is None:
        first = next(found for found in changed.diagnostics if found.is_error)
        message = f"the pack would not load: {first.span}: {first.message}"
        raise RewriteError(message)
    if loaded.pack is None or _with(changed.pack, policy, policy.status) != digest(loaded.pack):
        message = f"more than the status of `{policy.name}` would change"
        raise RewriteError(message, hint="change it by hand")
    if next(one for one in changed.pack.policies if one.name == policy.name).status is not to:
        message = f"the status of `{policy.name}` would not change"
        raise RewriteError(message, hint="change it by hand")
    return changed


def _with(pack: Pack, policy: Policy, status: Status) -> str:
    policies = tuple(
        replace(one, status=status) if one.name == policy.name else one for one in pack.policies
    )
    return digest(replace(pack, policies=policies))


@contextmanager
def ready(change: Rewritten) -> Iterator[None]:
    """Write the file beside, do what stands in the block, then put the file in its place.

    So the change is whole or not there at all, and what the block records is not recorded for a
    file that could not be written. Raises RewriteError when the file has changed since it was read,
    or is not to be written.
    """
    beside, handle = _beside(change.path)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(change.after)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(change.path, beside)
        if change.path.read_bytes() != change.before:
            message = f"`{change.path}` was changed in the meantime"
            raise RewriteError(message, hint="run the command again")
        yield
        beside.replace(change.path)
    finally:
        beside.unlink(missing_ok=True)


def _beside(path: Path) -> tuple[Path, int]:
    """Open a new file beside one that may be written; what is read-only is so on purpose."""
    hint = "let somebody promote it who may write it, or make it writable"
    if not path.stat().st_mode & _ANYBODY_WRITES or not os.access(path, os.W_OK):
        message = f"`{path}` is read-only"
        raise RewriteError(message, hint=hint)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        message = f"nothing can be written in `{path.parent}`: {reason}"
        raise RewriteError(message, hint=hint) from error
    return Path(name), handle
