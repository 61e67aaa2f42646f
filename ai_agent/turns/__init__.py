"""Who has the floor: ends of turns, interruptions, and whom a turn is for (see README)."""
