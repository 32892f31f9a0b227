"""Why a recorded run decided as it did: what the ledger keeps of it, judged again."""
