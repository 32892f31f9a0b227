"""From Sigma rules and correlations to policies; see DEVIATIONS.md for what differs elsewhere."""
