"""Teaching: prompts, the feedback tool, the scripted tutor and the corrector (see README)."""
