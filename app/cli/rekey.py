"""python -m app rekey: what is encrypted in the database, under another SECRET_KEY."""

import sys

import click

from app.settings import load_settings
from app.wiring.rekeying import rekey


@click.command("rekey")
def rekey_command() -> None:
    """Encrypt under SECRET_KEY all that is encrypted under one of SECRET_KEYS_OLD; it can be repeated.

    The exit status is 1 if something can be read with none of them.
    """
    done = rekey(load_settings())
    print(f"{done.renewed} secrets were encrypted anew, {done.current} were under SECRET_KEY already.")
    if done.unreadable:
        sys.exit(f"{done.unreadable} can be read with none of SECRET_KEY and SECRET_KEYS_OLD; name theirs there.")
