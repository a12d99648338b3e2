"""The providers of channels, one room each."""
