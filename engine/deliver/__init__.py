"""Actions and findings leave the ledger: exports."""
