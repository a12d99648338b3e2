"""python -m app compact: deleted texts leave the files of the embedded database."""

import click

from app.settings import load_settings
from app.wiring.database import compact_embedded


@click.command("compact")
def compact_command() -> None:
    """Rewrite the embedded database's files without what was deleted; stop the service first."""
    compact_embedded(load_settings())
    print("The embedded database was compacted: deleted texts are gone from its files.")
