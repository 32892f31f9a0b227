"""The reference of the language, as Markdown: made of what the readers know."""
