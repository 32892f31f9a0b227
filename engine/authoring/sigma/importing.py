"""Sigma files in, policy documents out; and a diagnostic for everything that stays behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sigma.correlations import SigmaCorrelationRule
from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule

from engine.authoring.sigma import codes
from engine.authoring.sigma.acceptance import Candidate, accepted
from engine.authoring.sigma.documents import SigmaDocument
from engine.authoring.sigma.files import SigmaFiles, read_files
from engine.authoring.sigma.naming import policy_name, unique
from engine.authoring.sigma.policies import comments_on, policy_data
from engine.authoring.sigma.reading import ReadRule, is_only_action, read_rules
from engine.authoring.sigma.references import apply_filters, building_blocks
from engine.authoring.sigma.settings import Settings
from engine.authoring.sigma.translating import Translation
from engine.authoring.sigma.writing import document
from engine.language.diagnostic import Diagnostic, Diagnostics, Related, quote
from engine.language.model.pack import Pack


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of each of the Sigma documents that were read; the numbers add up."""

    read: int
    policies: int
    parts: int
    """What only narrows, completes or feeds other documents, and makes no policy by itself."""

    @property
    def refused(self) -> int:
        """Documents that stay behind; of each a diagnostic says why."""
        return self.read - self.policies - self.parts


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    documents: Mapping[str, str]
    """YAML texts by the path, inside a folder of rules, that each is meant for."""
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]
    """The text of each Sigma file by the name that spans give it."""
    tally: Tally


def import_sigma(
    paths: Iterable[Path], settings: Settings, pack: Pack, texts: Mapping[str, str]
) -> Imported:
    """Translate the rules in files and folders for a pack, whose own files are `texts`.

    Rules that are only parts of correlations, and filters, make no policy. What is returned passes
    the check of the pack together with the pack's own documents.
    """
    problems = Diagnostics()
    files = read_files(paths, problems)
    found = read_rules(files.documents, problems)
    apply_filters(found, problems)
    parts = building_blocks(files.documents, found)
    translation = Translation(settings, [each.name for each in pack.lists], found, problems)
    names = _Names(pack)
    candidates: list[Candidate] = []
    for read in found:
        if id(read.rule) not in parts and names.new(read, problems):
            candidates += _candidates(read, translation, settings, names)
    documents = accepted(candidates, settings, texts, problems)
    diagnostics = tuple(_in_rule(each, files.documents) for each in problems.sorted())
    tally = Tally(
        read=len(files.documents) + files.broken,
        policies=sum(path.startswith("policies/") for path in documents),
        parts=len(parts) + _accompanying(files, found, diagnostics),
    )
    return Imported(documents, diagnostics, files.sources, tally)


def _accompanying(
    files: SigmaFiles, found: Sequence[ReadRule], diagnostics: Sequence[Diagnostic]
) -> int:
    """Return how many documents are filters, or say something about the ones after them."""
    faults = [each.span for each in diagnostics if each.is_error]
    acting = [each for each in files.documents if is_only_action(each)]
    sound = [each for each in acting if not any(each.holds(span) for span in faults)]
    return len(sound) + sum(isinstance(read.rule, SigmaFilter) for read in found)


def _in_rule(diagnostic: Diagnostic, documents: Sequence[SigmaDocument]) -> Diagnostic:
    """Name the rule that a diagnostic is about, where the line shown is not its title's."""
    span = diagnostic.span
    title = next((each.span("title") for each in documents if each.holds(span)), span)
    if title.line == span.line:
        return diagnostic
    return replace(diagnostic, related=(*diagnostic.related, Related(title, "in this rule")))


def _candidates(
    read: ReadRule, translation: Translation, settings: Settings, names: _Names
) -> Iterator[Candidate]:
    rule, measuring = read.rule, translation.of(read)
    if measuring is not None and isinstance(rule, SigmaRule | SigmaCorrelationRule):
        name = names.give(rule)
        data = policy_data(rule, measuring, settings)
        text = document({**data, "policy": name}, comments_on(read))
        yield Candidate(f"policies/sigma/{name}.yaml", text, read.document, measuring.fields)


class _Names:
    """Names of policies that are not taken; and which rules the pack has already."""

    def __init__(self, pack: Pack) -> None:
        self._taken = {policy.name for policy in pack.policies}
        self._known = {
            reference: policy.name for policy in pack.policies for reference in policy.references
        }

    def new(self, read: ReadRule, problems: Diagnostics) -> bool:
        """Whether the pack has no policy that was made of the rule; reported if it has."""
        known = self._known.get(f"sigma:{read.rule.id}")
        if known is None:
            return True
        message = f"the pack has this rule already, as the policy {quote(known)}"
        hint = "delete that policy to import the rule again"
        problems.error(codes.ALREADY_THERE, read.document.span("id"), message, hint=hint)
        return False

    def give(self, rule: SigmaRule | SigmaCorrelationRule) -> str:
        """Return a name for the policy of a rule, and take it."""
        name = unique(policy_name(rule.title), self._taken)
        self._taken.add(name)
        return name
