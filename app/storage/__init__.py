"""The documents folder."""
