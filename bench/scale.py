"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes of a run; `waiting_clients` are those that face a model of `model_seconds`.

    Each comparison is made `repeats` times, for `seconds` on either side.
    """

    documents: int
    clients: tuple[int, ...]
    waiting_clients: tuple[int, ...]
    model_seconds: float
    seconds: float
    waiting_seconds: float
    repeats: int
    pages: int
    small_files: int
    starts: int
    search_chunks: tuple[int, ...]
    assistants: int
    chats: tuple[int, ...]
    conversations: int


FULL = Scale(
    documents=200,
    clients=(1, 16, 64),
    waiting_clients=(64, 200),
    model_seconds=1.0,
    seconds=5,
    waiting_seconds=7,
    repeats=2,
    pages=500,
    small_files=200,
    starts=3,
    search_chunks=(1_000, 10_000, 100_000, 1_000_000),
    assistants=1_000,
    chats=(0, 1_000, 100_000, 1_000_000),
    conversations=10_000,
)

QUICK = Scale(
    documents=10,
    clients=(1, 4),
    waiting_clients=(4,),
    model_seconds=0.1,
    seconds=1,
    waiting_seconds=1,
    repeats=1,
    pages=5,
    small_files=8,
    starts=1,
    search_chunks=(100,),
    assistants=4,
    chats=(0, 100),
    conversations=20,
)
