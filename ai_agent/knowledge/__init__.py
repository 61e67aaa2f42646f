"""A tutor that answers from documents."""
