"""Courses: lessons to be taught, as files that a teacher can edit."""
