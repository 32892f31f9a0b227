"""The terminal's own colours: dark, light, and high contrast."""

from __future__ import annotations

from textual.theme import Theme

THEMES = (
    Theme(
        "excise",
        primary="#5aa9e6",
        secondary="#c792ea",
        accent="#7fd1b9",
        foreground="#d5dae1",
        background="#10141a",
        surface="#10141a",
        panel="#1b222c",
        warning="#e8b04b",
        error="#f2695c",
        success="#7ec27e",
        dark=True,
    ),
    Theme(
        "excise-light",
        primary="#1f6fb2",
        secondary="#7a3ea1",
        accent="#0f7b63",
        foreground="#1d232b",
        background="#fafbfc",
        surface="#fafbfc",
        panel="#e8ecf1",
        warning="#9a6200",
        error="#b3261e",
        success="#2e7d32",
        dark=False,
    ),
    Theme(
        "excise-contrast",
        primary="#66ccff",
        secondary="#ff99ff",
        accent="#66ffcc",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#262626",
        warning="#ffcc00",
        error="#ff6666",
        success="#66ff66",
        dark=True,
    ),
)
