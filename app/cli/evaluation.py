"""python -m app eval ASSISTANT FILE: how many of your own questions find their answer."""

import json
import sys
import traceback
from functools import partial
from pathlib import Path

import click
from tqdm import tqdm

from app.domain.errors import OrquestradoraError
from app.settings import SettingsError, load_settings
from app.wiring.evaluation import open_evaluator


@click.command("eval")
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
        with open_evaluator(load_settings()) as evaluator:
            track = partial(tqdm, desc="Asking", unit=" questions")
            report = evaluator.evaluate(assistant, questions, k, track)
    except (SettingsError, OrquestradoraError) as error:
        print(f"Not done. {error}", file=sys.stderr)
        sys.exit(2)
    except Exception:
        # Python's own status for this is 1, which here means that too little was found.
        traceback.print_exc()
        sys.exit(2)
    print(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else report.as_text())
    sys.exit(0 if report.recall >= min_recall else 1)
