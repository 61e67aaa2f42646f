"""Whether somebody speaks: the model, its batches, and what is kept from it (see README)."""
