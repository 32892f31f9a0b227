"""Everything the review terminal can do, without a terminal."""
