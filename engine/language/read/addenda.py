"""Addenda: what a contract changes in a document of terms, for whom, and until when."""

from __future__ import annotations

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model.terms import Addendum, AddendumVersion, Clause, Waiver
from engine.language.read.mapping import InvalidError, Keys, Reading
from engine.language.read.scalars import clause_id, distinct, end, list_of, name, text, time
from engine.language.read.terms import read_clause
from engine.language.yaml_nodes import Document, Node, ScalarNode


def read_addendum(document: Document, problems: Diagnostics) -> Addendum:
    """Read an addendum, its versions put in the order in which they took effect."""
    keys = Keys(document.root, "an addendum", problems)
    addendum, title = keys.required("addendum", name), keys.required("title", text)
    amends = keys.required("amends", name)
    organisations = keys.required("organisations", distinct(list_of(text, single=True)))
    until: Reading[int | None] = keys.optional("until", end, None)
    versions = keys.required("versions", list_of(_version))
    keys.finish()
    in_order = sorted(versions.value, key=lambda version: version.effective_us)
    return Addendum(
        name=addendum.value,
        title=title.value,
        amends=amends.value,
        organisations=frozenset(organisations.value),
        versions=tuple(in_order),
        until_us=until.value,
        span=document.root.span,
    )


def _version(node: Node, problems: Diagnostics) -> AddendumVersion:
    keys = Keys(node, "a version", problems)
    version, effective = keys.required("version", text), keys.required("effective", time)
    nothing: tuple[Clause, ...] = ()
    clauses = keys.optional("clauses", list_of(read_clause), nothing)
    waives = keys.optional("waives", list_of(_waiver, single=True), ())
    keys.finish()
    if not keys.has("clauses") and not keys.has("waives"):
        message = "the version changes nothing"
        hint = "use `clauses` for clauses in other words or new ones, `waives` for those that fall"
        problems.error(codes.MISSING_KEY, node.span, message, hint=hint)
        raise InvalidError
    return AddendumVersion(version.value, effective.value, clauses.value, waives.value, node.span)


def _waiver(node: Node, problems: Diagnostics) -> Waiver:
    if isinstance(node, ScalarNode) and "/" in node.text:
        message = f"{quote(node.text)} is a reference to a clause"
        hint = f"the id alone, `{node.text.rpartition('/')[2]}`: `amends` names the document"
        problems.error(codes.BAD_NAME, node.span, message, hint=hint)
        raise InvalidError
    return Waiver(clause_id(node, problems), node.span)
