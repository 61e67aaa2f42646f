"""Learning from corrections: patterns of mistakes, and when to review each."""
