"""Rows of MongoDB as domain objects, and back."""
