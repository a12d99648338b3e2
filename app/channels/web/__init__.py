"""The widget on a web site as a channel."""
