"""An addendum ends before one of its versions takes effect, so nobody is ever bound by it.

Accepted:

    addendum: acme
    until: 2026-12-31
    versions: [{version: "1", effective: 2026-01-01, waives: [scraping]}]

Refused:

    addendum: acme
    until: 2025-12-31
    versions: [{version: "1", effective: 2026-01-01, waives: [scraping]}]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound

ID = "EX353"
TITLE = "an addendum that ends before it begins"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the versions that take effect only after the end of their addendum."""
    for document, addendum in sound(draft.addenda):
        for version in addendum.versions:
            if addendum.until_us is not None and version.effective_us > addendum.until_us:
                message = f"version {quote(version.version)} takes effect after the addendum ends"
                related = (Related(document.at("until"), "it ends here"),)
                yield Problem(version.span, message, None, related)
