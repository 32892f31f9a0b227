"""The pack document: name, version, owners and guardrails."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.diagnostic import Diagnostics
from engine.language.model.pack import Guardrails
from engine.language.model.response import Cap
from engine.language.read.mapping import Keys
from engine.language.read.response import read_cap
from engine.language.read.scalars import distinct, list_of, name, text, word
from engine.language.words import ActionKind, Reads
from engine.language.yaml_nodes import Document, Node


@dataclass(frozen=True, slots=True)
class PackDocument:
    """What pack.yaml says."""

    name: str
    version: str
    owners: tuple[str, ...]
    guardrails: Guardrails
    reads: Reads = Reads.CONTENT


def read_pack(document: Document, problems: Diagnostics) -> PackDocument:
    """Read a pack document; InvalidError, reported, when none can be made of it."""
    keys = Keys(document.root, "a pack", problems)
    title, version = keys.required("pack", name), keys.required("version", text)
    owners = keys.required("owners", distinct(list_of(text, single=True)))
    guardrails = keys.optional("guardrails", _guardrails, Guardrails())
    reads = keys.optional("reads", word(Reads), Reads.CONTENT)
    keys.finish()
    return PackDocument(title.value, version.value, owners.value, guardrails.value, reads.value)


def _guardrails(node: Node, problems: Diagnostics) -> Guardrails:
    keys = Keys(node, "`guardrails`", problems)
    nothing: dict[ActionKind, Cap] = {}
    per_run = keys.optional("per_run", _caps, nothing)
    per_day = keys.optional("per_day", _caps, nothing)
    keys.finish()
    return Guardrails(per_run.value, per_day.value)


def _caps(node: Node, problems: Diagnostics) -> dict[ActionKind, Cap]:
    keys = Keys(node, "the guardrail", problems)
    caps = {kind: keys.optional(kind.value, read_cap, Cap()) for kind in ActionKind}
    written = {kind: cap for kind, cap in caps.items() if keys.has(kind.value)}
    keys.finish()
    return {kind: cap.value for kind, cap in written.items()}
