"""The bench: activity read once, on which packs are tried one after the other."""
