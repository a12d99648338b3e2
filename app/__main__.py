"""python -m app export FILE | import FILE | sync | eval ASSISTANT FILE"""

import json
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from tqdm import tqdm

from app.domain.errors import OrquestradoraError
from app.logs import configure_logs
from app.settings import SettingsError, load_settings
from app.wiring import compose, open_engines
from app.wiring.transfer import export_everything, import_everything


@click.group()
def commands() -> None:
    """Look after an Orquestradora; the settings are the service's, from the environment or .env."""


@commands.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export_command(file: Path) -> None:
    """Write everything the service keeps, documents' files included, into FILE."""
    with tqdm(desc="Exporting", unit=" entries") as bar:
        counts = export_everything(load_settings(), file, _progress(bar))
    print(f"Exported {sum(counts.rows.values())} rows and {counts.files} files to {file}; the counts were checked.")


@commands.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_command(file: Path) -> None:
    """Read FILE, which export made, into an empty database and documents folder."""
    with tqdm(desc="Importing", unit=" entries") as bar:
        counts = import_everything(load_settings(), file, _progress(bar))
    print(f"Imported {sum(counts.rows.values())} rows and {counts.files} files; the counts were checked.")


@commands.command()
def sync() -> None:
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


@commands.command("eval")
@click.argument("assistant")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option(
    "--k", default=5, show_default=True, type=click.IntRange(1, 100), help="How far down an answer counts."
)
@click.option("--min-recall", default=0.0, type=click.FloatRange(0, 1), help="Fail when recall@k is below this.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def eval_command(assistant: str, questions: Path, k: int, min_recall: float, as_json: bool) -> None:
    """Search ASSISTANT (its id, or its name) for the QUESTIONS of a CSV file, and say how many found their answer.

    The columns are `question`, and `expected` (a text), `file` or both. The exit status is 0 when recall@k is at
    least --min-recall, 1 when it is below, 2 when that could not be told.
    """
    try:
        settings = load_settings()
        with open_engines(settings, beside_service=True) as engines:
            services = compose(settings, engines)
            track = partial(tqdm, desc="Asking", unit=" questions")
            report = services.evaluator.evaluate(assistant, questions, k, track)
            services.stop()
    except (SettingsError, OrquestradoraError) as error:
        print(f"Not done. {error}", file=sys.stderr)
        sys.exit(2)
    except Exception:
        # Python's own status for this is 1, which here means that too little was found.
        traceback.print_exc()
        sys.exit(2)
    print(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else report.as_text())
    sys.exit(0 if report.recall >= min_recall else 1)


def _progress(bar: "tqdm[None]") -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return show


def main() -> None:
    """Run a command; what a person can do something about is said in one line."""
    configure_logs("WARNING", "text")
    try:
        commands()
    except (SettingsError, OrquestradoraError) as error:
        sys.exit(f"Not done. {error}")


if __name__ == "__main__":
    main()
