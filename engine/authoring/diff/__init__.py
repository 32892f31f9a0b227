"""What changed between two packs, by meaning: never a difference of texts."""
