"""Words for learners of English: meanings, opposites, forms, and Vietnamese (see tutor/README)."""
