"""The scripted tutor's English: it answers first, then it asks."""
