"""Terms: documents, their versions and clauses."""

from __future__ import annotations

from engine.language.diagnostic import Diagnostics
from engine.language.model.pack import Clause, Terms, TermsVersion
from engine.language.read.mapping import Keys
from engine.language.read.scalars import clause_id, list_of, name, text, time
from engine.language.yaml_nodes import Document, Node


def read_terms(document: Document, problems: Diagnostics) -> Terms:
    """Read a terms document, its versions put in the order in which they took effect."""
    keys = Keys(document.root, "terms", problems)
    terms, title = keys.required("terms", name), keys.required("title", text)
    versions = keys.required("versions", list_of(_version))
    keys.finish()
    in_order = sorted(versions.value, key=lambda version: version.effective_us)
    return Terms(terms.value, title.value, tuple(in_order), document.root.span)


def _version(node: Node, problems: Diagnostics) -> TermsVersion:
    keys = Keys(node, "a version", problems)
    version, effective = keys.required("version", text), keys.required("effective", time)
    clauses = keys.required("clauses", list_of(_clause))
    keys.finish()
    return TermsVersion(version.value, effective.value, clauses.value, node.span)


def _clause(node: Node, problems: Diagnostics) -> Clause:
    keys = Keys(node, "a clause", problems)
    identity, section = keys.required("id", clause_id), keys.required("section", text)
    summary, url = keys.required("summary", text), keys.required("url", text)
    keys.finish()
    return Clause(identity.value, section.value, summary.value, url.value, node.span)
