"""The policy language: YAML text becomes a typed, positioned model, or diagnostics."""
