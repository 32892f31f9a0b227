"""Widgets that paint toned lines."""
