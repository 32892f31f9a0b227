"""Terms: documents, their versions and clauses."""

from __future__ import annotations

from engine.language import codes
from engine.language.diagnostic import Diagnostics
from engine.language.model.terms import Clause, Terms, TermsVersion
from engine.language.read.mapping import InvalidError, Keys
from engine.language.read.scalars import clause_id, list_of, name, text, time
from engine.language.yaml_nodes import Document, MappingNode, Node


def read_terms(document: Document, problems: Diagnostics) -> Terms:
    """Read a terms document, its versions put in the order in which they took effect."""
    _refuse_addendum(document.root, problems)
    keys = Keys(document.root, "terms", problems)
    terms, title = keys.required("terms", name), keys.required("title", text)
    versions = keys.required("versions", list_of(_version))
    keys.finish()
    in_order = sorted(versions.value, key=lambda version: version.effective_us)
    return Terms(terms.value, title.value, tuple(in_order), document.root.span)


def _refuse_addendum(root: Node, problems: Diagnostics) -> None:
    amends = root.entry("amends") if isinstance(root, MappingNode) else None
    if amends is not None:
        message = "terms have no key `amends`"
        hint = "what amends a document for some organisations starts with `addendum: <name>`"
        problems.error(codes.UNKNOWN_KEY, amends.key_span, message, hint=hint)
        raise InvalidError


def _version(node: Node, problems: Diagnostics) -> TermsVersion:
    keys = Keys(node, "a version", problems)
    version, effective = keys.required("version", text), keys.required("effective", time)
    clauses = keys.required("clauses", list_of(read_clause))
    keys.finish()
    return TermsVersion(version.value, effective.value, clauses.value, node.span)


def read_clause(node: Node, problems: Diagnostics) -> Clause:
    """Read a clause: its id, where it stands, what it says in short, and where to read it."""
    keys = Keys(node, "a clause", problems)
    identity, section = keys.required("id", clause_id), keys.required("section", text)
    summary, url = keys.required("summary", text), keys.required("url", text)
    keys.finish()
    return Clause(identity.value, section.value, summary.value, url.value, node.span)
