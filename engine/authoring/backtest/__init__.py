"""Backtest: a candidate pack over stored activity, against the live one and past decisions."""
