"""From answers to actions: the floor, exemptions, caps."""
