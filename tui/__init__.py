"""The review terminal."""
