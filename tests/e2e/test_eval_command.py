"""python -m app eval, as an owner or a CI types it, beside a service that is running."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pymongo import MongoClient

from app.domain.rows import Row
from app.embedded_database import running_uri
from tests.e2e.service import Service, running
from tests.e2e.test_commands import command

NOWHERE = "http://127.0.0.1:9"
QUESTIONS = """\ufeffpergunta;resposta;arquivo
De quanto tempo é a garantia?;2 anos;garantia.md
Qual é o prazo de entrega?;;entrega.md | envio.md
Qual é a cor do cavalo branco?;cinza;
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, bundled_models: Path) -> Iterator[tuple[Path, Service, str]]:
    place = tmp_path_factory.mktemp("shop")
    (place / "data").mkdir()
    (place / "data" / "models").symlink_to(bundled_models)
    (place / "perguntas.csv").write_text(QUESTIONS)
    with running(place) as service:
        assistant_id = service.make_assistant()["_id"]
        service.upload(assistant_id, "A garantia é de **2 anos**.".encode(), "garantia.md")
        service.upload(assistant_id, "O prazo de entrega é de 5 dias úteis.".encode(), "entrega.md")
        yield place, service, assistant_id


def test_it_tells_figures_and_misses_with_a_bar_on_stderr(shop: tuple[Path, Service, str]) -> None:
    place, _, assistant_id = shop

    told = command(place, "eval", assistant_id, "perguntas.csv")

    assert told.returncode == 0, told.stderr
    figures = dict(line.split() for line in told.stdout.splitlines()[:6])
    assert (figures["recall@1"], figures["recall@10"], figures["questions"]) == ("0.667", "0.667", "3")
    assert 'line 4: Qual é a cor do cavalo branco?\n    expected "cinza"\n    found ' in told.stdout
    assert "3/3" in told.stderr


def test_the_exit_status_says_whether_enough_was_found(shop: tuple[Path, Service, str]) -> None:
    place, *_ = shop

    enough = command(place, "eval", "Loja", "perguntas.csv", "--k", "1", "--min-recall", "0.66", "--json")
    below = command(place, "eval", "Loja", "perguntas.csv", "--k", "1", "--min-recall", "0.67", "--json")

    assert (enough.returncode, below.returncode) == (0, 1)
    assert json.loads(enough.stdout) == json.loads(below.stdout)
    assert [miss["line"] for miss in json.loads(below.stdout)["misses"]] == [4]


def everything_kept(place: Path) -> tuple[dict[str, list[Row]], dict[str, tuple[int, int]]]:
    """All rows, and size and time of all files but those of the embedded database."""
    uri = running_uri(place / "data")
    assert uri is not None
    with MongoClient[Row](uri, tz_aware=True) as client:
        database = client["orquestradora"]
        rows = {name: list(database[name].find().sort("_id")) for name in sorted(database.list_collection_names())}
    folders = (place / "data", place / "documents")
    files = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    kept = {
        str(file): (file.stat().st_size, file.stat().st_mtime_ns)
        for file in files
        if place / "data" / "database" not in file.parents
    }
    return rows, kept


@contextmanager
def held_still(service: Service) -> Iterator[None]:
    """In this block the service does nothing; its database goes on."""
    service.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        service.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("words", [("eval", "Loja", "perguntas.csv"), ("export", "everything.jsonl.gz")])
def test_what_only_reads_writes_nothing(words: tuple[str, ...], shop: tuple[Path, Service, str]) -> None:
    place, service, _ = shop
    with held_still(service):
        before = everything_kept(place)

        told = command(place, *words, EMBEDDING_MODEL="another", EMBEDDING_BASE_URL=NOWHERE)

        assert told.returncode == 0, told.stderr
        assert everything_kept(place) == before
    assert sum(len(rows) for rows in before[0].values()) > 5


def test_what_cannot_be_used_is_said_in_one_line(shop: tuple[Path, Service, str]) -> None:
    place, *_ = shop
    (place / "sem.csv").write_text("q,file\nPrazo?,entrega.md\n")

    for words, sentence in (
        (("Loja", "nada.csv"), "nada.csv cannot be read: No such file or directory."),
        (("Loja", "sem.csv"), 'sem.csv has no column "question"; it has: q, file.'),
        (("Outra", "perguntas.csv"), 'No assistant has the id or the name "Outra".'),
    ):
        refused = command(place, "eval", *words)
        assert (refused.returncode, refused.stdout, refused.stderr) == (2, "", f"Not done. {sentence}\n")
