"""What a call of the language model costs this process: CPU of the client alone, the model is a stub next door.

Sixty words of answer, ten turns of history. `python -m bench.model_client` prints a table: milliseconds of CPU a
call, whole and streamed, at 1 and 16 threads.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai

from app.domain.answers import Question, Turn
from app.llm.config import ModelConfig
from app.llm.language_model import LanguageModel
from app.llm.prompt import build_messages
from app.net.client import open_client
from bench.children import stub_model

_CALLS = 400
_WARM_UP = 40
_THREADS = (1, 16)
_TURNS = 10
_ANSWER = "São cinco dias úteis para Santos. " * 10
_WITHIN_SECONDS = 60


def main() -> None:
    """Measure and print."""
    history = tuple(
        Turn(f"Qual o prazo de entrega para o bairro {number}?", f"São {number} dias úteis, contados do pagamento.")
        for number in range(_TURNS)
    )
    question = Question("E para Santos?", "Seja cordial e breve.", history=history)
    with (
        stub_model(0, _ANSWER) as url,
        openai.OpenAI(base_url=url, api_key="x", max_retries=0) as plain,
        open_client() as http_client,
    ):
        ours = LanguageModel(ModelConfig("m", base_url=url), http_client)
        request: dict[str, Any] = {
            "model": "m",
            "messages": [{"role": one.role, "content": one.content} for one in build_messages(question)],
            "max_tokens": 600,
            "temperature": 0.2,
        }
        completions = plain.chat.completions
        _row("this client", lambda: ours.answer(question, _WITHIN_SECONDS))
        _row("this client, streamed", lambda: list(ours.stream(question, _WITHIN_SECONDS)))
        _row("openai, chat.completions.create", lambda: completions.create(**request))
        _row("openai, chat.completions.create, streamed", lambda: list(completions.create(**request, stream=True)))


def _row(name: str, call: Callable[[], object]) -> None:
    figures = [_milliseconds(call, threads) for threads in _THREADS]
    print(f"| {name} | {' | '.join(f'{figure:.2f}' for figure in figures)} |", flush=True)


def _milliseconds(call: Callable[[], object], threads: int) -> float:
    """CPU of this process a call."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: call(), range(_WARM_UP)))
        before = time.process_time()
        list(pool.map(lambda _: call(), range(_CALLS)))
        return (time.process_time() - before) * 1000 / _CALLS


if __name__ == "__main__":
    main()
