"""Rules of turn-taking: ends of turns, interruptions, and whether a turn is addressed to the tutor (see
README)."""
