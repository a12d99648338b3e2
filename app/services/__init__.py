"""The business logic; what it needs from outside stands in `ports.py`."""
