"""What owners make an assistant better with, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from app.domain.answers import Question
from app.knowledge.fusion import is_near
from app.llm.prompt import build_messages
from app.services.access import Access
from app.services.ports.knowledge import PassageSearch
from app.services.trials import TestBench, TrialAsking
from app.services.trials.bench import PromptMessages
from app.settings import Settings
from app.wiring.engines import Engines
from app.wiring.messages import rules_of
from app.wiring.usage import UsageServices


@dataclass(frozen=True)
class WorkshopServices:
    """The test bench."""

    bench: TestBench


def compose_workshop(
    settings: Settings, engines: Engines, access: Access, knowledge: PassageSearch, *, usage: UsageServices
) -> WorkshopServices:
    """The services of the workshop."""
    asking = TrialAsking(
        knowledge, engines.answerer, usage.budgets, usage.trials, engines.clock, rules=rules_of(settings)
    )
    near = partial(is_near, engines.embedder.model)
    return WorkshopServices(bench=TestBench(access, asking, usage.rules, _prompt_messages(settings), near))


def _prompt_messages(settings: Settings) -> PromptMessages:
    """What language models are sent; nothing where there is none."""

    def messages(question: Question) -> Sequence[tuple[str, str]]:
        return [(message.role, message.content) for message in build_messages(question)]

    return messages if settings.llm_model else lambda _question: ()
