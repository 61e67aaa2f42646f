"""Whole dialogues with the scripted tutor, graded by a person."""
