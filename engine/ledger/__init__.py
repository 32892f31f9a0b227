"""What was decided, kept so that an outsider can verify it."""
