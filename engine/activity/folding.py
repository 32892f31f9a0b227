"""Text folded so that trivial variants are equal: in Python, and as equal SQL.

Folding is NFKC, Unicode's case folding, and no invisible characters. The database has none of the
three, but for most texts its own `lower` says the same: the plain ones, of characters that each
fold to one letter, or to themselves, whatever stands beside them. Only other texts are handed to
Python, which takes twenty times as long.
"""

from __future__ import annotations

import re
import unicodedata

import duckdb

_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

PLAIN = (
    (0x00, 0x7F),
    # Latin, without signs that stand for others, ligatures, and letters that fold to two
    (0xA1, 0xA7), (0xA9, 0xA9), (0xAB, 0xAC), (0xAE, 0xAE), (0xB0, 0xB1), (0xB6, 0xB7),
    (0xBB, 0xBB), (0xBF, 0xDE), (0xE0, 0x12F), (0x131, 0x131), (0x134, 0x13E), (0x141, 0x148),
    (0x14A, 0x17E), (0x180, 0x1C3), (0x1CD, 0x1EF), (0x1F4, 0x24F), (0x1E00, 0x1E95),
    (0x1EA0, 0x1EFF),
    # Greek, where a capital or final sigma may be either of two in other databases; Cyrillic
    (0x386, 0x386), (0x388, 0x38A), (0x38C, 0x38C), (0x38E, 0x38F), (0x391, 0x3A1), (0x3A4, 0x3AF),
    (0x3B1, 0x3C1), (0x3C3, 0x3CE), (0x400, 0x482), (0x48A, 0x52F),
    # Hebrew, Arabic, Devanagari, Thai
    (0x5D0, 0x5EA), (0x60C, 0x60C), (0x61B, 0x61B), (0x61F, 0x63A), (0x640, 0x64A), (0x660, 0x66F),
    (0x671, 0x674), (0x679, 0x6D3), (0x900, 0x93B), (0x93D, 0x950), (0x964, 0x96F),
    (0xE01, 0xE32), (0xE34, 0xE37), (0xE3F, 0xE47),
    # punctuation, currencies, arrows, mathematics, drawings
    (0x2010, 0x2010), (0x2012, 0x2016), (0x2018, 0x2023), (0x2030, 0x2032), (0x2039, 0x203A),
    (0x20AC, 0x20AC), (0x2190, 0x2195), (0x2200, 0x222B), (0x2231, 0x22FF), (0x2500, 0x27BF),
    # kana, ideographs, hangul, emoji
    (0x3001, 0x3029), (0x3041, 0x3096), (0x30A1, 0x30FE), (0x3400, 0x4DB5), (0x4E00, 0x9FA5),
    (0xAC00, 0xD7A3), (0x1F300, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F910, 0x1F9FF),
    (0x20000, 0x2A6D6),
)  # fmt: skip
"""First and last of each range of characters of which every text is plain."""

REPLACED = {
    "\xa0": " ", "\xdf": "ss", "\u0130": "i\u0307", "\u03c2": "\u03c3", "\u2026": "...",
    "\uff01": "!", "\uff08": "(", "\uff09": ")", "\uff0c": ",", "\uff1a": ":", "\uff1b": ";",
    "\uff1f": "?",
}  # fmt: skip
"""What else is frequent, and plain once it is replaced."""

_NUKTA = "\u093c"
_UNSETTLED = "[\u0928\u0930\u0933\u094d]\u093c|\u0130[\u093c\u094d]"
"""Where a nukta (or virama) is composed with what it follows, or moved before it."""


def fold(text: str) -> str:
    """Return text without invisible characters, in NFKC, case-folded; white space is kept."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", plain))


def folded_sql(text: str) -> str:
    """Return SQL equal to `fold`; needs `register_fold`."""
    return f"folded({text})"


def register_fold(connection: duckdb.DuckDBPyConnection) -> None:
    """Make folding known to a connection that does not know it."""
    connection.create_function("fold_text", fold, ["VARCHAR"], "VARCHAR")
    create_macro(connection)


def create_macro(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `folded` known in the database at hand; `fold_text` is known in all of a process."""
    replaced = "t"
    for character, plain in REPLACED.items():
        replaced = f"replace({replaced}, '{character}', '{plain}')"
    connection.execute(
        "CREATE OR REPLACE MACRO folded(t) AS CASE WHEN t IS NULL THEN NULL "
        "WHEN strlen(t) = length(t) THEN lower(t) "
        f"WHEN NOT regexp_matches(t, '{_unlike('')}') THEN lower(t) "
        f"WHEN NOT regexp_matches(t, '{_unlike(''.join(REPLACED))}') THEN lower({replaced}) "
        "ELSE fold_text(t) END"
    )


def _unlike(besides: str) -> str:
    """Return the RE2 expression for what a plain text has not, `besides` some characters."""
    ranges = "".join(f"\\x{{{low:X}}}-\\x{{{high:X}}}" for low, high in PLAIN)
    return f"[^{ranges}{_NUKTA}{besides}]|{_UNSETTLED}"
