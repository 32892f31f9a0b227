"""Checks of the whole pack, one file each, after its documents have been read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks import (
    campaign_measure,
    campaign_number,
    clause_withdrawn,
    duplicate_names,
    empty_interval,
    ended_addendum,
    finding_in_shadow,
    finding_of_other_subject,
    impossible_threshold,
    irreversible_alone,
    literal_star,
    never_found,
    no_twin,
    overlapping_addenda,
    policy_loop,
    repeated_connector,
    share_of_few,
    terms_versions,
    uncited_addition,
    unknown_clause,
    unknown_policy,
    unknown_terms,
    unknown_waiver,
    unreachable_response,
    unreached_policy,
    unused_list,
    unused_selection,
    unused_signal,
    waived_and_written,
)
from engine.language.checks.problem import Check
from engine.language.diagnostic import Diagnostic
from engine.language.draft import Draft

CHECKS: tuple[Check, ...] = (
    duplicate_names,
    unknown_policy,
    policy_loop,
    unknown_clause,
    terms_versions,
    finding_of_other_subject,
    campaign_measure,
    campaign_number,
    irreversible_alone,
    repeated_connector,
    impossible_threshold,
    empty_interval,
    unknown_terms,
    unknown_waiver,
    overlapping_addenda,
    ended_addendum,
    waived_and_written,
    unused_signal,
    unused_selection,
    share_of_few,
    unreachable_response,
    unreached_policy,
    unused_list,
    literal_star,
    no_twin,
    never_found,
    clause_withdrawn,
    finding_in_shadow,
    uncited_addition,
)
"""All checks, in order of their ids."""


def run_checks(draft: Draft) -> Iterator[Diagnostic]:
    """Yield what the checks find in a draft."""
    for check in CHECKS:
        for problem in check.check(draft):
            yield Diagnostic(
                check.ID, check.LEVEL, problem.message, problem.span, problem.hint, problem.related
            )
