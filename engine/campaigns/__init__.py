"""Accounts linked strongly enough to be judged together."""
