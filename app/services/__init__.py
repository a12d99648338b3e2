"""The business logic; what it needs from outside is in `ports`."""
