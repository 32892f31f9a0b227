"""The policy author's tools: test, explain, compile."""
