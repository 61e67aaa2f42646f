"""Rules of turn-taking: ends of turns, interruptions, and whom a turn is for (see README)."""
