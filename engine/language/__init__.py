"""The policy language: YAML text becomes a typed, positioned, frozen model, or a list of diagnostics."""
