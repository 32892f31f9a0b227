"""Facts become findings, and findings become responses, in durable rulesets."""
