"""The commands: python -m app export FILE | import FILE | sync | eval ASSISTANT FILE | usage rebuild."""
