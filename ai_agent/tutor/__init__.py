"""What makes the engines a teacher: prompts, the feedback tool, and the scripted tutor (see README)."""
