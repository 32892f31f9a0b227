"""What folded texts have in common: template shapes and hashes, in Python and as equal SQL.

Every regular expression here means the same to RE2 and to Python's `re` and needs linear time:
each pass looks for one kind of span whose inside cannot contain its end, so a missing end is
found out once. Folded text has no ASCII capitals, so the marks F, Q and U cannot be forged.
"""

from __future__ import annotations

import hashlib
import re

import duckdb

from engine.activity.address import address_network, address_number, address_text
from engine.activity.folding import create_macro, fold, register_fold

_SPACE = "\t-\r\x1c- \x85\u1680\u2028\u2029"  # what NFKC does not turn into a plain space
_BREAKS = re.compile(f"[{_SPACE}]+")
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
_MORE_THAN_NUMBERS = f"{_ANY_SPAN}|://|{_IRREGULAR}"
_ANY_CHANGE = f"{_ANY_SPAN[:-1]}0-9]|://|{_IRREGULAR}"
"""What first words have that are not their own template."""

NO_SHAPE = "none"
"""What a record says in place of a shape where the text is known to have none."""


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


def text_hash_sql(folded: str) -> str:
    """Return SQL equal to `text_hash`, over text already folded."""
    collapsed = f"md5({_collapsed_sql(folded)})"
    return f"CASE WHEN {_irregular_sql(folded)} THEN {collapsed} ELSE md5({folded}) END"


def first_words_sql(folded: str) -> str:
    """Return SQL for the first ten words of folded text, with all that stands before them."""
    return f"regexp_extract({folded}, {_literal(_FIRST_WORDS)})"


def shape_sql(folded: str, words: str) -> str:
    """Return SQL equal to `shape`, over folded text and its first words.

    A span that begins after the first words changes none of them. In most texts nothing in them is
    to be changed at all; of the others most have only numbers, or quotations. Lists of one give
    names to what is used more than once.
    """
    padded = f"(' ' || {folded} || ' ')"
    marked = (
        f"CASE WHEN NOT regexp_matches({words}, {_literal(_ANY_SPAN)}) THEN {words} "
        f"WHEN NOT regexp_matches({folded}, {_literal(_OTHER_SPAN)}) "
        f"THEN {first_words_sql(_replaced(padded, _QUOTED))} "
        f"ELSE {first_words_sql(_replaced(padded, *_SPANS))} END"
    )
    linked = f"CASE WHEN contains(w, '://') THEN {_replaced('w', _LINK)} ELSE w END"
    collapsed = f"CASE WHEN {_irregular_sql('w')} THEN {_collapsed_sql('w')} ELSE w END"
    steps = (collapsed, _replaced(f"({linked})", _NUMBER), _known_sql("w", "w"))
    found = f"[ltrim({marked}, ' ')]"
    for step in steps:
        found = f"list_transform({found}, lambda w: {step})"
    return (
        f"CASE WHEN {folded} IS NULL THEN NULL "
        f"WHEN NOT regexp_matches({words}, {_literal(_ANY_CHANGE)}) "
        f"THEN {_known_sql(words, words)} "
        f"WHEN NOT regexp_matches({words}, {_literal(_MORE_THAN_NUMBERS)}) "
        f"THEN {_known_sql(words, _replaced(words, _NUMBER))} ELSE {found}[1] END"
    )


def _known_sql(words: str, marked: str) -> str:
    """Return SQL for the shape of marked words, which have the gaps that the words have."""
    enough = "% " * _FEWEST_GAPS + "%"
    return f"CASE WHEN {words} LIKE '{enough}' THEN md5({marked}) ELSE '' END"


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `fold_text` and the address functions known to a connection; twice does no harm."""
    if not _known(connection, "fold_text"):
        _create(connection)
    elif not _known(connection, "folded"):  # in a room
        create_macro(connection)


def _known(connection: duckdb.DuckDBPyConnection, function: str) -> bool:
    try:
        connection.execute(f"SELECT {function}('')").fetchall()  # a list of all takes long
    except duckdb.CatalogException:
        return False
    return True


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    register_fold(connection)
    functions = (
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
    return f"trim({_replaced(text, (_BREAKS.pattern, ' '))}, ' ')"


def _irregular_sql(text: str) -> str:
    return f"regexp_matches({text}, {_literal(_IRREGULAR)})"


def _replaced(text: str, *passes: tuple[str, str]) -> str:
    for pattern, mark in passes:
        text = f"regexp_replace({text}, {_literal(pattern)}, {_literal(mark)}, 'g')"
    return text


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
