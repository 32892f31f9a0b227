"""Excise enforces an AI provider's terms of service against model extraction."""
