"""Stand-ins for what is slow, costs money or is left to chance."""
