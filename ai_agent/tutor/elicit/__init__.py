"""Elicit, then tell: a learner is asked to mend a sentence before its correction is shown. Pure."""
