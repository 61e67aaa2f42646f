"""A tutor that needs no model: what it says is written beforehand, what it picks up is the learner's."""
