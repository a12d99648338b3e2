"""Keeping what an assistant knows searchable: vectors and words, in step with the database, for each model."""
