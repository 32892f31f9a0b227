"""Promotion of a policy: what it has shown, whether that is enough, and the change of its file."""
