"""A tutor without a language model: it chooses from written texts by the learner's words."""
