"""python -m app reset-password EMAIL: a link for somebody who forgot their password."""

import click

from app.settings import load_settings
from app.wiring.people import make_password_reset


@click.command("reset-password")
@click.argument("email")
def reset_password_command(email: str) -> None:
    """Print a link with which the user with this EMAIL address chooses a new password: once, within an hour."""
    link, expires_at = make_password_reset(load_settings(), email)
    print(link)
    print(f"Good once, until {expires_at:%Y-%m-%d %H:%M} UTC.")
