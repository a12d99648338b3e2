"""The search indexes, one for each assistant and embedding model: vectors and words, derived from the database."""
