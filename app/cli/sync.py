"""python -m app sync: files put into the documents folder by hand."""

import sys

import click

from app.settings import load_settings
from app.wiring import compose, open_engines


@click.command("sync")
def sync_command() -> None:
    """Index the files that were put into the documents folder by hand."""
    settings = load_settings()
    bad = 0
    with open_engines(settings, beside_service=True) as engines:
        services = compose(settings, engines)
        services.indexing.start()
        for result in services.folder_sync.run():
            bad += result.outcome in {"refused", "failed"}
            print(f"{result.outcome:<10} {result.path} {result.reason}".rstrip(), flush=True)
        services.stop()
    sys.exit(1 if bad else 0)
