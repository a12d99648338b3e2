"""python -m app export FILE, import FILE: everything the service keeps, from one installation into another."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from tqdm import tqdm

from app.settings import load_settings
from app.wiring.transfer import export_everything, import_everything


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Overwrite FILE without asking.")
def export_command(file: Path, force: bool) -> None:
    """Write everything the service keeps, documents' files included, into FILE."""
    if file.exists() and not force:
        _ask_before_overwriting(file)
    with tqdm(desc="Exporting", unit=" entries") as bar:
        counts = export_everything(load_settings(), file, _progress(bar))
    print(f"Exported {sum(counts.rows.values())} rows and {counts.files} files to {file}; the counts were checked.")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_command(file: Path) -> None:
    """Read FILE, which export made, into an empty database and documents folder."""
    with tqdm(desc="Importing", unit=" entries") as bar:
        counts = import_everything(load_settings(), file, _progress(bar))
    print(f"Imported {sum(counts.rows.values())} rows and {counts.files} files; the counts were checked.")


def _ask_before_overwriting(file: Path) -> None:
    if not sys.stdin.isatty():
        raise click.ClickException(f"{file} exists already; --force overwrites it.")
    click.confirm(f"{file} exists already. Overwrite it?", abort=True)


def _progress(bar: "tqdm[None]") -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return show
