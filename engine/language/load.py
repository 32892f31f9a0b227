"""From a folder of rules to a pack, or to everything that is wrong with it."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, TypeVar

from engine.errors import ExciseError
from engine.language import codes
from engine.language.canonical import digest
from engine.language.diagnostic import Diagnostic, Diagnostics, Level, quote
from engine.language.draft import Draft, sound
from engine.language.follow_ups import without_follow_ups
from engine.language.model.pack import Pack
from engine.language.render import render_text, summary
from engine.language.rule_files import rule_files
from engine.language.span import Span
from engine.language.two_processes import read_checked
from engine.language.yaml_reading import MAX_BYTES, decode

_INSTALLED = "_rules"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading a folder of rules."""

    pack: Pack | None
    """None when anything is an error."""
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str] = field(default_factory=dict)
    """The text of each file by the name that spans give it, for showing diagnostics."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)
_Assemble = Callable[[Draft], Pack]
"""What makes the pack."""


class PolicyError(ExciseError):
    """The rules cannot be used; the message holds every error, rendered, and no warning."""

    def __init__(self, root: Path, loaded: Loaded) -> None:
        errors = [one for one in loaded.diagnostics if one.severity is Level.ERROR]
        shown, count = render_text(errors, loaded.sources), summary(errors)
        more = len(errors) < len(loaded.diagnostics)
        hint = "`excise policy check` shows the warnings as well" if more else None
        message = f"the rules in {quote(root)} cannot be used: {count}\n\n{shown}"
        super().__init__(message, hint=hint)
        self.loaded = loaded


def find_rules(explicit: Path | None = None) -> Path:
    """Return the folder of the rules.

    The one that was named wins, then the rules inside the installed package, then those of the
    checkout that the engine runs from. ExciseError when there is none.
    """
    if explicit is not None:
        return explicit
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / _INSTALLED, package.parent / "rules"):
        if candidate.is_dir():
            return candidate
    message = "no rules are installed with the engine"
    raise ExciseError(message, hint="name their folder: --rules DIR")


def require_pack(root: Path) -> Pack:
    """Return the pack in a folder; PolicyError with all diagnostics when there is none."""
    return require_loaded(root)[1]


def require_loaded(root: Path) -> tuple[Loaded, Pack]:
    """Return the pack in a folder with its diagnostics and texts; PolicyError without a pack."""
    loaded = load_pack(root)
    if loaded.pack is None:
        raise PolicyError(root, loaded)
    return loaded, loaded.pack


def load_pack(root: Path) -> Loaded:
    """Read every .yaml and .yml file under a folder; never raises for what they hold."""
    return _loaded(root, _assemble)


def diagnose(root: Path) -> Loaded:
    """Return what is wrong with a folder's rules and the texts, without the pack.

    The pack's digest takes as long as the reading.
    """
    return _loaded(root, None)


def _loaded(root: Path, assemble: _Assemble | None) -> Loaded:
    with _no_collector():
        return _read(root, assemble)


def _read(root: Path, assemble: _Assemble | None) -> Loaded:
    problems = Diagnostics()
    label = _label(root)
    nowhere = Span(label, 1, 1, 1, 1)
    if not root.is_dir():
        what = "is not a folder" if root.exists() else "does not exist"
        problems.error(codes.NO_RULES, nowhere, f"{quote(root)} {what}")
        return Loaded(None, problems.sorted())
    files = dict(_read_files(root, label, problems))
    if not files and not problems.sorted():
        message = f"{quote(root)} holds no .yaml or .yml file"
        problems.error(codes.NO_RULES, nowhere, message)
        return Loaded(None, problems.sorted())
    return _load(files, nowhere, problems, assemble)


def load_texts(files: Mapping[str, bytes], label: str = "rules") -> Loaded:
    """Read a pack from the contents of files by name, as `load_pack` reads a folder."""
    with _no_collector():
        nowhere = Span(label, 1, 1, 1, 1)
        return _load(dict(sorted(files.items())), nowhere, Diagnostics(), _assemble)


def _label(root: Path) -> str:
    """Return the name that stands for the folder in spans.

    Findings keep it, so it depends neither on the working folder nor on whether the rules are
    those of a checkout or of the installed package.
    """
    name = root.resolve().name
    return "rules" if name == _INSTALLED else _shown(name) or "rules"


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _read_files(root: Path, label: str, problems: Diagnostics) -> Iterator[tuple[str, bytes]]:
    def report(fault: OSError) -> None:
        _report_unreadable(f"{label}/{_shown(Path(str(fault.filename)).name)}", fault, problems)

    paths = {path.relative_to(root).as_posix(): path for path in rule_files(root, report)}
    for within, path in sorted(paths.items()):
        name = f"{label}/{_shown(within)}"
        try:
            if not path.is_file():
                raise FileNotFoundError(0, "not a regular file")
            with path.open("rb", buffering=0) as stream:
                yield name, stream.read(MAX_BYTES + 1)
        except OSError as fault:
            _report_unreadable(name, fault, problems)


def _report_unreadable(name: str, fault: OSError, problems: Diagnostics) -> None:
    reason = (fault.strerror or type(fault).__name__).lower()
    problems.error(codes.UNREADABLE, Span(name, 1, 1, 1, 1), f"it cannot be read: {reason}")


def _load(
    files: Mapping[str, bytes],
    nowhere: Span,
    problems: Diagnostics,
    assemble: _Assemble | None,
) -> Loaded:
    texts = {name: decode(name, data, problems) for name, data in files.items()}
    sound_texts = [text for text in texts.values() if text is not None]
    draft = read_checked(sound_texts, problems, whole=assemble is not None)
    _check_pack_document(draft, nowhere, problems)
    diagnostics = without_follow_ups(problems.sorted(), draft)
    sources = {
        name: text.text if text else files[name].decode("utf-8", "replace")
        for name, text in texts.items()
    }
    if any(diagnostic.is_error for diagnostic in diagnostics):
        return Loaded(None, diagnostics, sources)
    return Loaded(assemble(draft) if assemble else None, diagnostics, sources)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Leave the garbage alone for a while.

    Reading makes millions of objects without a cycle among them; walking all of them again and
    again to find that out takes a third of the time. It ends after what was read is let go; what
    is kept counts as old then, or the next young collection would walk all of it once more.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()
        if running:
            gc.enable()


def _check_pack_document(draft: Draft, nowhere: Span, problems: Diagnostics) -> None:
    if not draft.packs:
        message = "no document starts with `pack:`"
        hint = "add a pack.yaml: `pack: <name>`, `version`, `owners`, `guardrails`"
        problems.error(codes.PACK_DOCUMENT, nowhere, message, hint=hint)
    for second in draft.packs[1:]:
        place = draft.packs[0].named_at
        message = f"a second pack document; the first is at {quote(place)}"
        problems.error(codes.PACK_DOCUMENT, second.named_at, message)


def _assemble(draft: Draft) -> Pack:
    """Build the pack, documents in order of their names, so that files and their order are moot."""
    written = draft.packs[0].reading.value
    pack = Pack(
        name=written.name,
        version=written.version,
        owners=written.owners,
        guardrails=written.guardrails,
        terms=_by_name(model for _, model in sound(draft.terms)),
        policies=_by_name(read.model for _, read in sound(draft.policies)),
        responses=_by_name(model for _, model in sound(draft.responses)),
        links=_by_name(model for _, model in sound(draft.links)),
        lists=_by_name(read.model for _, read in sound(draft.lists)),
        exemptions=_by_name(model for _, model in sound(draft.exemptions)),
        sources=_by_name(model for _, model in sound(draft.sources)),
        digest="",
        fields=_by_name(model for _, model in sound(draft.fields)),
        addenda=_by_name(model for _, model in sound(draft.addenda)),
        reads=written.reads,
    )
    return replace(pack, digest=digest(pack))


def _by_name(models: Iterable[N]) -> tuple[N, ...]:
    return tuple(sorted(models, key=lambda model: model.name))
