"""One run, from input to committed ledger."""
