"""All commands, and how each ends when it cannot do its work."""

import gc
import sys

import click

from app.cli.channel import channel_command
from app.cli.compact import compact_command
from app.cli.evaluation import eval_command
from app.cli.rekey import rekey_command
from app.cli.reset_password import reset_password_command
from app.cli.sync import sync_command
from app.cli.transfer import export_command, import_command
from app.cli.usage import usage_command
from app.domain.errors import InvalidError, OrquestradoraError
from app.logs import configure_logs
from app.private_files import keep_files_private
from app.settings import SettingsError, log_format_alone


@click.group()
def commands() -> None:
    """Look after an Orquestradora; the settings are the service's, from the environment or .env."""


for _command in (
    export_command,
    import_command,
    sync_command,
    eval_command,
    compact_command,
    rekey_command,
    reset_password_command,
    usage_command,
    channel_command,
):
    commands.add_command(_command)


def main() -> None:
    """Run a command; what a person can do something about is said in one line."""
    configure_logs("WARNING", log_format_alone())
    keep_files_private()
    try:
        commands()
    except (SettingsError, OrquestradoraError) as error:
        sys.exit("\n".join((f"Not done. {error}", *_fields_of(error))))
    finally:
        # The memory goes back as a whole: looking for what nobody uses would take the exit some tenths of a second.
        gc.freeze()


def _fields_of(error: Exception) -> list[str]:
    """What is wrong with each value that was given, a line each."""
    fields = error.fields if isinstance(error, InvalidError) else {}
    return [f"{name}: {' '.join(problems)}" for name, problems in fields.items()]
