"""A folder of rules under an author's hands: what was saved, and which tests it may change."""
