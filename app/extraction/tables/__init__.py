"""Rows of cells, from any format, become lines that name their values."""
