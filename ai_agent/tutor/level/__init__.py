"""Whether what a model says fits the learner's level. Pure."""
