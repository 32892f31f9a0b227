"""The identifiers of public taxonomies that references may use; shipped as data.

MITRE ATLAS v2026.06, the techniques and cases about extraction and the access it needs; OWASP Top
10 for LLM applications, 2025.
"""

from __future__ import annotations

KNOWN: dict[str, frozenset[str]] = {
    "atlas": frozenset(
        {
            "AML.T0005.001",
            "AML.T0008.005",
            "AML.T0021",
            "AML.T0024",
            "AML.T0024.000",
            "AML.T0024.001",
            "AML.T0024.002",
            "AML.T0034",
            "AML.T0040",
            "AML.T0054",
            "AML.T0056",
            "AML.M0004",
            "AML.CS0056",
        }
    ),
    "owasp": frozenset(f"LLM{number:02}-2025" for number in range(1, 11)),
}
"""By the word before the colon."""
