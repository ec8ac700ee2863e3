"""Words into meaning: everyday Chinese as values, cases and commands; what is not understood is said to be so, never guessed. Knows the pack alone."""
