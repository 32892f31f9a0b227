"""Measures become one shared plan, the plan becomes SQL, and its integers become facts."""
