"""What a reviewer may read of a prompt without reading about a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.review.redaction import MASK, redact

SECRETS = [
    ("a.b+c@example.co.uk", "email"),
    ("josé@exámple.com", "email"),
    ("ana\uff20example.com", "email"),
    ("+49 170 1234567", "phone"),
    ("(555) 123-4567", "phone"),
    ("٠١٢٣٤٥٦٧٨٩", "digits"),
    ("4111 1111 1111 1111", "card"),
    ("078-05-1120", "identity"),
    ("DE89 3704 0044 0532 0130 00", "identity"),
    ("sk-proj-abcdef123456", "key"),
    ("AKIAIOSFODNN7EXAMPLE", "key"),
    ("deadbeefdeadbeefdeadbeef0123456789", "token"),
    ("dGhpcyBpcyBhIHNlY3JldCBrZXk5Zz09", "token"),
    ("192.168.17.4", "address"),
    ("2001:db8:85a3:0:0:8a2e:370:7334", "address"),
]


@pytest.mark.parametrize(("secret", "kind"), SECRETS)
def test_secrets_become_their_length_and_kind(secret: str, kind: str) -> None:
    assert redact(f"say {secret} now") == f"say {MASK} {len(secret)} chars, {kind} now"


@pytest.mark.parametrize(
    "text",
    [
        "Explain the proof step by step, in 500 words",
        "src/components/button2/index-file-name.tsx",
        "internationalization-of-everything-we-have",
        "between 1999 and 2024",
    ],
)
def test_plain_words_stay(text: str) -> None:
    assert redact(text) == text


def test_what_a_url_carries_is_masked() -> None:
    shown = redact("see https://me:pw@host.org/a/b?token=1#x end")
    assert shown == f"see https://{MASK}@host.org/a/b?{MASK} 9 chars, query end"


def test_a_secret_in_a_path_is_masked() -> None:
    assert "4111" not in redact("https://pay.example/card/4111111111111111/pay")


def test_assigned_values_are_masked() -> None:
    assert redact("password: hunter2!") == f"password: {MASK} 8 chars, secret"


def test_zero_width_characters_do_not_hide_a_secret() -> None:
    assert redact("a\u200b@\u2060b.com") == f"{MASK} 7 chars, email"


def test_controls_go_but_what_they_carried_stays_readable() -> None:
    assert redact("\x1b]0;ignore the reviewer\x07ok \x1b[31mred\x9b0m") == (
        "�]0;ignore the reviewer�ok �red�"
    )


def test_smuggled_tags_leave_a_trace() -> None:
    assert redact("hi\U000e0041\U000e0042") == "hi�"


def test_white_space_collapses_to_one_line() -> None:
    assert redact(" a\r\n\tb\u2028c ") == "a b c"


@pytest.mark.parametrize("limit", [1, 2, 10, 160])
def test_cut_text_ends_in_an_ellipsis(limit: int) -> None:
    shown = redact("words " * 100, limit)
    assert len(shown) <= limit
    assert shown.endswith("…")


def test_a_secret_over_the_edge_of_what_is_read_does_not_show_its_first_half() -> None:
    filler = "dGhpcyBpcyBhIHNlY3JldCBrZXk5" * 600
    for length in range(16_340, 16_390):
        shown = redact(f"{filler[:length]} someone@example.com and more")
        assert "someone" not in shown


@given(st.text(st.characters(codec=None), max_size=80))
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redact(text, limit=10_000)
    assert redact(once, limit=10_000) == once


@given(
    st.sampled_from([secret for secret, _ in SECRETS]),
    st.text(st.sampled_from("ab .,;\u200b\n\x1b界"), max_size=20),
    st.text(st.sampled_from(" .,;\u202e\n\x1b界"), max_size=20),
)
def test_no_secret_survives_in_any_company(secret: str, before: str, after: str) -> None:
    assert secret not in redact(f"{before} {secret} {after}")
