"""Thin commands over the engine, one file a group."""
