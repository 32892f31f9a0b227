"""Why a policy holds for a subject, and why not: every branch, with what it was decided from."""
