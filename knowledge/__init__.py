"""What the policy says: packs of YAML beside the source text, their loading and their search. Knows no person."""
