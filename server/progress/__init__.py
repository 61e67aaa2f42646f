"""Counts what a learner has done so far: days, streaks, achievements and weeks."""
