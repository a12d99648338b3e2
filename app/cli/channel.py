"""python -m app channel add: a channel, for those without a dashboard."""

import click

from app.domain.channels import ChannelKind
from app.domain.visitors import script_tag
from app.settings import load_settings
from app.wiring.channel_commands import add_channel


@click.group("channel")
def channel_command() -> None:
    """Connect assistants to WhatsApp, Telegram or a web site."""


@channel_command.command("add")
@click.argument("assistant_id")
@click.argument("kind", type=click.Choice([kind.value for kind in ChannelKind]))
@click.argument("name")
@click.argument("fields", nargs=-1)
def add_command(assistant_id: str, kind: str, name: str, fields: tuple[str, ...]) -> None:
    """Add a channel of a KIND to an assistant. FIELDS are what the kind needs, such as bot_token=123456789:AAE…"""
    values = dict(_split(field) for field in fields)
    channel, base = add_channel(load_settings(), assistant_id, ChannelKind(kind), name, values)
    if channel.kind is ChannelKind.WEB:
        print(f"The channel {channel.id} was added. Paste into your site: {script_tag(base, channel.webhook_id)}")
    else:
        print(f"The channel {channel.id} was added. Its provider posts to {base}/webhooks/{channel.webhook_id}")
    if channel.paused:
        print(f"It is paused: {channel.paused}")


def _split(field: str) -> tuple[str, str]:
    name, sign, value = field.partition("=")
    if not sign or not name or not value:
        raise click.UsageError(f"Write each field as name=value, not as {name}.")
    return name, value
