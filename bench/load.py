"""Clients that write messages and wait for the answers, all of them in one cheap process.

Run as `python -m bench.load`: a `Plan` comes in at standard input as JSON, a `Report` goes out at standard output.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

_ANSWER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do to the server at `port` of this machine.

    Each client takes a conversation (bodies of POST requests to `path`), sends its messages one after the
    other, and takes the next, until `seconds` have passed; each sends one at least. The first `stagger_seconds`
    are for the clients to arrive one by one.
    """

    port: int
    path: str
    headers: dict[str, str]
    clients: int
    seconds: float
    stagger_seconds: float
    conversations: list[list[str]]


@dataclass(slots=True)
class Report:
    """`answers` are (second at which it came, seconds it took); `refused` counts every status but 200."""

    answers: list[tuple[float, float]] = field(default_factory=list)
    refused: int = 0
    cpu_seconds: float = 0


async def run(plan: Plan) -> Report:
    """Play all clients; raises OSError or TimeoutError when the server goes silent."""
    conversations = itertools.cycle(plan.conversations)
    report, began = Report(), time.perf_counter()
    await asyncio.gather(*(_client(plan, number, conversations, report, began) for number in range(plan.clients)))
    report.cpu_seconds = time.process_time()
    return report


async def _client(
    plan: Plan, number: int, conversations: Iterator[list[str]], report: Report, began: float
) -> None:
    await asyncio.sleep(plan.stagger_seconds * number / plan.clients)
    reader, writer = await asyncio.open_connection("127.0.0.1", plan.port)
    for turn, body in enumerate(itertools.chain.from_iterable(conversations)):
        sent = time.perf_counter()
        if turn and sent - began > plan.seconds:
            break
        writer.write(_request(plan, body.encode()))
        status = await asyncio.wait_for(_status_of_answer(reader), _ANSWER_SECONDS)
        now = time.perf_counter()
        report.answers.append((now - began, now - sent))
        report.refused += status != 200
    writer.close()


def _request(plan: Plan, body: bytes) -> bytes:
    fields = {"Host": "bench", "Content-Type": "application/json", "Content-Length": len(body), **plan.headers}
    lines = [f"POST {plan.path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode() + body


async def _status_of_answer(reader: asyncio.StreamReader) -> int:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(":") for line in lines)}
    await reader.readexactly(int(fields["content-length"]))
    return int(first.split(" ")[1])


def main() -> None:
    """Do what standard input says."""
    report = asyncio.run(run(Plan(**json.load(sys.stdin))))
    json.dump(asdict(report), sys.stdout)


if __name__ == "__main__":
    main()
