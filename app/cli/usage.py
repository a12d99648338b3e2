"""python -m app usage rebuild: the counters of usage, made anew from the chats."""

import click
from tqdm import tqdm

from app.settings import load_settings
from app.wiring.usage_rebuild import rebuild_usage


@click.group("usage")
def usage_command() -> None:
    """Look after the counters of usage."""


@usage_command.command("rebuild")
def rebuild_command() -> None:
    """Make the counters of all assistants anew from their chats; the service may run meanwhile."""
    assistants = counters = 0
    for made in tqdm(rebuild_usage(load_settings()), desc="Rebuilding", unit=" assistants"):
        assistants += 1
        counters += made
    print(f"Rebuilt {counters} counters of {assistants} assistants.")
