"""What the readers learn from sentences instead of being told by rules, and how."""
