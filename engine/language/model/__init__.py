"""What a pack says, as frozen nodes with their spans."""
