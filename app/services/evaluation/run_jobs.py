"""Runs as jobs of the background workers."""

import logging
import threading

from app.domain.evaluations import EvaluationRun
from app.services.evaluation.run_worker import RunWorker
from app.services.ports import Clock
from app.services.ports.evaluations import EvaluationRuns, RunJobs

LANE = "evaluation"
# One owner may have one of them.
_WORKERS = 2
_STOP_SECONDS = 2

_log = logging.getLogger(__name__)


class EvaluationJobs:
    """Queues runs and works on them; jobs may be lost, as the runs' rows say what is to be done."""

    def __init__(self, jobs: RunJobs, runs: EvaluationRuns, worker: RunWorker, clock: Clock) -> None:
        self._jobs = jobs
        self._runs = runs
        self._worker = worker
        self._clock = clock
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start the workers."""
        self._jobs.work(LANE, _WORKERS, self._run)

    def stop(self) -> None:
        """Stop the workers. A run goes on at the next start, or in another process."""
        self._stopping.set()
        self._jobs.stop(_STOP_SECONDS)

    def submit(self, run: EvaluationRun) -> None:
        """Queue a run; if the queue is down, a sweep does it."""
        try:
            self._jobs.put(LANE, run.id, run.owner_id)
        except Exception:
            _log.exception("No job could be made for evaluation %s; a sweep will", run.id)

    def sweep(self) -> None:
        """Queue the runs that nobody works on."""
        for run in self._runs.waiting(self._clock()):
            self.submit(run)

    def _run(self, run_id: str, _owner_id: str) -> None:
        self._worker.run(run_id, self._stopping.is_set)
