"""The commands, as `python -m app --help` lists them."""
