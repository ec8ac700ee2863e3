"""Free questions and letters: which clause answers, with which figures, and how that reads."""
