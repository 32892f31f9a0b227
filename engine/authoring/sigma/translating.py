"""One rule, or one correlation with the rules it rests on, as what a policy measures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sigma.correlations import SigmaCorrelationRule
from sigma.rule import SigmaRule

from engine.authoring.sigma import codes
from engine.authoring.sigma.correlations import Measured, asks_for_events
from engine.authoring.sigma.fields import Fields
from engine.authoring.sigma.grouping import faults_of, one_field
from engine.authoring.sigma.naming import selection_name, unique
from engine.authoring.sigma.policies import Measuring, in_explanation
from engine.authoring.sigma.reading import ReadRule
from engine.authoring.sigma.references import parts_of
from engine.authoring.sigma.refusal import RefusalError
from engine.authoring.sigma.rules import Selecting
from engine.authoring.sigma.settings import Settings
from engine.authoring.sigma.writing import Inline
from engine.language.diagnostic import Diagnostics, quote

_EVENTS = "events"


class Translation:
    """Translates rules; what has no translation is reported, and None comes back."""

    def __init__(
        self,
        settings: Settings,
        lists: Collection[str],
        found: Sequence[ReadRule],
        problems: Diagnostics,
    ) -> None:
        self._settings = settings
        self._lists = lists
        self._found = found
        self._problems = problems

    def of(self, read: ReadRule) -> Measuring | None:
        """Return what a rule or a correlation measures."""
        if isinstance(read.rule, SigmaRule):
            return self._rule(read, read.rule)
        if isinstance(read.rule, SigmaCorrelationRule):
            return self._correlation(read, read.rule)
        return None

    def _rule(self, read: ReadRule, rule: SigmaRule) -> Measuring | None:
        fields = Fields(self._settings.mapped, self._settings.known)
        selecting = Selecting(fields, self._lists, self._problems)
        matched = selecting.add(read, rule)
        if matched is None:
            return None
        explain = f"{{matches}} requests match the Sigma rule {in_explanation(rule)}."
        signals = {"matches": Inline(count=matched)}
        return Measuring(selecting.select, dict(signals), explain, tuple(fields.declared))

    def _correlation(self, read: ReadRule, rule: SigmaCorrelationRule) -> Measuring | None:
        parts = parts_of(read, rule, self._found, self._problems)
        fields = Fields(self._settings.mapped, self._settings.known)
        if parts is None or not self._sound(read, rule, parts, fields):
            return None
        selecting = Selecting(fields, self._lists, self._problems)
        names = self._selected(read, parts, selecting)
        if names is None:
            return None
        written = read.document.data["correlation"]
        measured = Measured(
            rule,
            written,
            names,
            lambda field: fields.target(one_field(rule, parts, field)).name,
        )
        try:
            signals = measured.signals(_either(rule, list(names.values()), selecting))
        except RefusalError as refusal:
            refusal.report(read.document.span("correlation", "condition"), self._problems)
            return None
        times = " and ".join(f"{{{name}}}" for name in signals)
        explain = f"What the Sigma correlation {in_explanation(rule)} describes, {times} times."
        return Measuring(selecting.select, signals, explain, tuple(fields.declared))

    def _selected(
        self, read: ReadRule, parts: Mapping[str, ReadRule], selecting: Selecting
    ) -> dict[str, str] | None:
        """Return the selections that stand for the rules of a correlation.

        None, reported at the correlation as well, if one of them cannot be said.
        """
        names = {}
        for place, (reference, part) in enumerate(parts.items()):
            if isinstance(part.rule, SigmaRule):
                wanted = selection_name(part.rule.name or part.rule.title.lower())
                unused = unique(wanted, selecting.select, "_")
                names[reference] = selecting.add(part, part.rule, unused)
                if names[reference] is None:
                    span = read.document.span("correlation", "rules", place)
                    message = f"the rule {quote(reference)} is refused"
                    hint = "what is wrong with it stands where it is written"
                    self._problems.error(codes.UNRESOLVED, span, message, hint=hint)
        sound = {name: selection for name, selection in names.items() if selection is not None}
        return sound if len(sound) == len(parts) else None

    def _sound(
        self,
        read: ReadRule,
        rule: SigmaCorrelationRule,
        parts: Mapping[str, ReadRule],
        fields: Fields,
    ) -> bool:
        faults = list(faults_of(read, rule, parts, self._settings.subject, fields.name_of))
        for span, refusal in faults:
            refusal.report(span, self._problems)
        return not faults


def _either(rule: SigmaCorrelationRule, names: Sequence[str], selecting: Selecting) -> str:
    """Return the selection of what any of the rules matches, where the correlation asks for it."""
    if len(names) == 1 or not asks_for_events(rule):
        return names[0]
    name = unique(_EVENTS, selecting.select, "_")
    selecting.select[name] = {"condition": " or ".join(names)}
    return name
