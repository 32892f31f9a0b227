"""From positioned YAML nodes to the model, one reader a kind of document."""
