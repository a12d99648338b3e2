"""What owners make an assistant better with, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from app.domain.answers import Question
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.fusion import is_near
from app.knowledge.question_vectors import QuestionVectors
from app.llm.prompt import build_messages
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.chats import ChatService
from app.services.corrections import CorrectionService
from app.services.corrections.service import CorrectionDocument
from app.services.evaluation.cases import CaseBook, CaseService
from app.services.evaluation.judging import AnswerJudge
from app.services.evaluation.publishing import PromptPublishing
from app.services.evaluation.run_finder import RunFinder
from app.services.evaluation.run_jobs import LANE, EvaluationJobs
from app.services.evaluation.run_worker import RunBook, RunWorker
from app.services.evaluation.runs import RunService
from app.services.trials import TestBench, TrialAsking
from app.services.trials.bench import PromptMessages
from app.services.unanswered.grouping import UnansweredGrouping
from app.services.unanswered.service import UnansweredService
from app.settings import Settings
from app.storage.documents_folder import DocumentsFolder
from app.wiring.documents import DocumentServices, open_jobs
from app.wiring.engines import Engines
from app.wiring.messages import rules_of
from app.wiring.repositories import Repositories
from app.wiring.usage import UsageServices


@dataclass(frozen=True)
class WorkshopServices:
    """The test bench, corrections, question sets, their runs with what works on them, and unanswered questions."""

    bench: TestBench
    corrections: CorrectionService
    cases: CaseService
    runs: RunService
    publishing: PromptPublishing
    evaluations: EvaluationJobs
    unanswered: UnansweredService
    grouping: UnansweredGrouping


def compose_workshop(
    settings: Settings,
    engines: Engines,
    rows: Repositories,
    files: DocumentsFolder,
    access: Access,
    *,
    documents: DocumentServices,
    chats: ChatService,
    usage: UsageServices,
    audit: AuditLog,
) -> WorkshopServices:
    """The services of the workshop."""
    clock, knowledge = engines.clock, engines.tracing.knowledge(documents.retriever)
    paid = (usage.budgets, usage.paid_calls)
    asking = TrialAsking(knowledge, engines.answerer, *paid, clock, rules=rules_of(settings))
    near = partial(is_near, engines.embedder.model)
    book = CaseBook(rows.evaluation_cases, clock)
    corrected = CorrectionDocument(rows.documents, files, documents.uploads)
    grouping = UnansweredGrouping(rows.unanswered, QuestionVectors(engines.embedder))
    unanswered = UnansweredService(access, rows.unanswered, grouping, audit, clock)
    runs = RunBook(rows.evaluation_runs, rows.evaluation_results, rows.evaluation_cases)
    finder = RunFinder(access, runs)
    judge = AnswerJudge(PortugueseAnalyzer().terms)
    worker = RunWorker(runs, rows.assistants, asking, judge, clock)
    jobs = EvaluationJobs(open_jobs(settings, engines, LANE), rows.evaluation_runs, worker, clock)
    if engines.sole_owner:
        rows.evaluation_runs.release_all()
    return WorkshopServices(
        bench=TestBench(access, asking, usage.rules, _prompt_messages(settings), near),
        corrections=CorrectionService(access, chats, unanswered, corrected, book, audit=audit),
        unanswered=unanswered,
        grouping=grouping,
        cases=CaseService(access, rows.evaluation_cases, book, audit),
        runs=RunService(finder, runs, jobs, documents.prompts, usage.rules, audit=audit, clock=clock),
        publishing=PromptPublishing(finder, runs, documents.prompts, audit),
        evaluations=jobs,
    )


def _prompt_messages(settings: Settings) -> PromptMessages:
    """What language models are sent; nothing where there is none."""

    def messages(question: Question) -> Sequence[tuple[str, str]]:
        return [(message.role, message.content) for message in build_messages(question)]

    return messages if settings.llm_model else lambda _question: ()
