"""The floor of law 5: what evidence an action needs at the least, whatever the pack says.

Reversible steps above `log` need a content finding and a coordination or access finding.
Irreversible steps need all three, and a recorded look-alike test on every content finding. The one
exception is `restrict` of a feature by a content finding that rests on request parameters alone,
those of that feature among them.
"""

from __future__ import annotations

from engine.decide.finding import Answer, Finding
from engine.language.fields import REQUEST_PARAMETERS
from engine.language.model.response import ActionSpec
from engine.language.walk import fields_read
from engine.language.words import ActionKind, Axis

FEATURE_FIELDS = {
    "logprobs": frozenset({"logprobs", "top_logprobs"}),
    "logit_bias": frozenset({"logit_bias_ids"}),
    "reasoning": frozenset({"reasoning_sig_issued", "reasoning_sig_redeemed"}),
}
"""The request parameters that are the use of a feature."""


def shortfall(spec: ActionSpec, answer: Answer) -> str | None:
    """Return what the evidence lacks for an action, or None when the floor is met."""
    if spec.kind is ActionKind.LOG:
        return None
    axes = {finding.policy.axis for finding in answer.findings}
    if spec.kind is ActionKind.RESTRICT and _abuse_of(spec.feature, answer.findings):
        return None
    if Axis.CONTENT not in axes:
        return "no content finding"
    if spec.kind.reversible:
        return (
            None
            if axes & {Axis.COORDINATION, Axis.ACCESS}
            else ("no coordination or access finding")
        )
    for axis in (Axis.COORDINATION, Axis.ACCESS):
        if axis not in axes:
            return f"no {axis.value} finding"
    untested = [
        finding.policy.name
        for finding in answer.findings
        if finding.policy.axis is Axis.CONTENT and not finding.policy.unless
    ]
    return f"{untested[0]} has no look-alike test" if untested else None


def _abuse_of(feature: str | None, findings: tuple[Finding, ...]) -> bool:
    own = FEATURE_FIELDS.get(feature or "")
    return own is not None and any(
        finding.policy.axis is Axis.CONTENT and _rests_on(own, finding) for finding in findings
    )


def _rests_on(own: frozenset[str], finding: Finding) -> bool:
    asked = {
        str(field) for signal in finding.policy.signals for field in fields_read(signal.measure)
    }
    return bool(asked & own) and asked <= REQUEST_PARAMETERS
