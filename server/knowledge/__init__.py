"""Knowledge bases: documents that people add, and the passages of them that answer a question."""
