"""Text made comparable: folding, template shapes and hashes, in Python and as equal SQL.

Every regular expression here means the same to RE2 and to Python's `re` and needs linear time:
each pass looks for one kind of span whose inside cannot contain its end, so a missing end is
found out once. Folded text has no ASCII capitals, so the marks F, Q and U cannot be forged.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

import duckdb

from engine.activity.address import address_network, address_number, address_text

_SPACE = "\t-\r\x1c- \x85\u1680\u2028\u2029"  # what NFKC does not turn into a plain space
_BREAKS = re.compile(f"[{_SPACE}]+")
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"

_QUOTED = (r'"[^"]*"', "Q")
# Spans with a beginning and an end, in the order in which they are looked for.
_SPANS = (
    (r"(?s)```.*?```", " F "),
    _QUOTED,
    ("\u201c[^\u201d]*\u201d", "Q"),
    ("\u300c[^\u300d]*\u300d", "Q"),
    ("`[^`]*`", "Q"),
    ("\u2018[^\u2019]*\u2019", "Q"),
    # An apostrophe inside a word is no quotation mark.
    (rf"([{_SPACE}(\[:=,])'[^']*'([{_SPACE}.,;:!?)\]])", r"\1Q\2"),
    # Scripts without spaces: two ideographs or kana count as a word.
    (f"([{_IDEOGRAPHS}]{{1,2}})", r" \1 "),
)
_LAST_END = {pattern: pattern[-1] for pattern, _ in _SPANS if pattern[-1] in "\u201d\u300d\u2019"}
_ANY_SPAN = f"[\"'`\u201c\u300c\u2018{_IDEOGRAPHS}]"
_OTHER_SPAN = _ANY_SPAN.replace('"', "", 1)
_FIRST_WORDS = f"^[{_SPACE}]*[^{_SPACE}]+(?:[{_SPACE}]+[^{_SPACE}]+){{0,9}}"
_IRREGULAR = "[\t-\r\x1c-\x1f\x85\u1680\u2028\u2029]|  |^ | $"
_LINK = (rf"(?:https?|ftp)://[^{_SPACE}]*", "U")
_NUMBER = ("[0-9]+", "0")
_FEWEST_GAPS = 3


def fold(text: str) -> str:
    """Return text without invisible characters, in NFKC, case-folded; white space is kept."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", plain))


def text_hash(text: str) -> str:
    """Return the MD5 (hex) of folded text, white space collapsed: equal for trivial variants."""
    return _md5(_collapsed(fold(text)))


def shape(text: str | None) -> str | None:
    """Return the MD5 (hex) of a text's template, `` where it has none: fewer than four words.

    The template is the first ten words with quotations, code, links and numbers marked.
    """
    if text is None:
        return None
    marked = f" {fold(text)} "
    for pattern, mark in _SPANS:
        marked = _marked(marked, pattern, mark)
    found = re.search(_FIRST_WORDS, marked)
    words = _collapsed(found[0]) if found else ""
    for pattern, mark in (_LINK, _NUMBER):
        words = re.sub(pattern, mark, words)
    return _md5(words) if words.count(" ") >= _FEWEST_GAPS else ""


def folded_sql(column: str) -> str:
    """Return SQL equal to `fold`; needs `register`."""
    return (
        f"CASE WHEN strlen({column}) = length({column}) THEN lower({column}) "
        f"ELSE fold_text({column}) END"
    )


def text_hash_sql(folded: str) -> str:
    """Return SQL equal to `text_hash`, over text already folded."""
    return f"md5({_collapsed_sql(folded)})"


def shape_sql(column: str) -> str:
    """Return SQL equal to `shape`; needs `register`."""
    return shape_of_folded_sql(f"({folded_sql(column)})")


def shape_of_folded_sql(folded: str) -> str:
    """Return SQL equal to `shape`, over text already folded.

    Most texts have no span, or only quotations: those skip the passes they do not need. Lists of
    one give names to what is used more than once.
    """
    padded = f"(' ' || {folded} || ' ')"
    marked = (
        f"CASE WHEN NOT regexp_matches({folded}, {_literal(_ANY_SPAN)}) THEN {folded} "
        f"WHEN NOT regexp_matches({folded}, {_literal(_OTHER_SPAN)}) "
        f"THEN {_replaced(padded, _QUOTED)} ELSE {_replaced(padded, *_SPANS)} END"
    )
    words = f"ltrim(regexp_extract({marked}, {_literal(_FIRST_WORDS)}), ' ')"
    linked = f"CASE WHEN contains(w, '://') THEN {_replaced('w', _LINK)} ELSE w END"
    gaps = "length(w) - length(replace(w, ' ', ''))"
    known = f"CASE WHEN {gaps} >= {_FEWEST_GAPS} THEN md5(w) ELSE '' END"
    steps = (_collapsed_sql("w"), _replaced(f"({linked})", _NUMBER), known)
    found = f"[{words}]"
    for step in steps:
        found = f"list_transform({found}, lambda w: {step})"
    return f"CASE WHEN {folded} IS NOT NULL THEN {found}[1] END"


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `fold_text` and the address functions known to a connection; twice does no harm."""
    try:
        connection.execute("SELECT fold_text('')").fetchall()  # a list of all functions takes long
    except duckdb.CatalogException:
        _create(connection)


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    functions = (
        ("fold_text", fold),
        ("address_text", address_text),
        ("address_number", address_number),
        ("address_network", address_network),
    )
    for name, function in functions:
        connection.create_function(name, function, ["VARCHAR"], "VARCHAR")


def _marked(text: str, pattern: str, mark: str) -> str:
    """Python's `re` looks for the end anew from every beginning, so what has no end is cut off."""
    end = _LAST_END.get(pattern)
    length = len(text) if end is None else text.rfind(end) + 1
    return re.sub(pattern, mark, text[:length]) + text[length:]


def _collapsed(text: str) -> str:
    return _BREAKS.sub(" ", text).strip(" ")


def _collapsed_sql(text: str) -> str:
    collapsed = f"trim({_replaced(text, (_BREAKS.pattern, ' '))}, ' ')"
    return (
        f"CASE WHEN regexp_matches({text}, {_literal(_IRREGULAR)}) THEN {collapsed} ELSE {text} END"
    )


def _replaced(text: str, *passes: tuple[str, str]) -> str:
    for pattern, mark in passes:
        text = f"regexp_replace({text}, {_literal(pattern)}, {_literal(mark)}, 'g')"
    return text


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
