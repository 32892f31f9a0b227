"""What the tests of a pack have seen of it, and what not."""
