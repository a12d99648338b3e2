"""Portuguese texts and questions: those of the shared collections, or made up where these are not at hand."""

import json
import random
import re
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path

COLLECTIONS = Path(__file__).parents[2] / "shared" / "data"
_PASSAGE_CHARACTERS = 720
_LONGEST_PASSAGE = 920
_MADE_UP = 1000
_GREETINGS = ("", "Oi! ", "Olá, ", "Bom dia! ", "Boa tarde. ", "Boa noite, ", "Por favor: ", "Tudo bem? ", "Ei, ")
_ENDINGS = ("", " Obrigada!", " É urgente.", " Pode me dizer?")
_WORDS = """
entrega prazo pedido cliente loja produto garantia troca devolução pagamento boleto cartão parcela desconto
frete endereço atendimento horário telefone contrato assinatura cancelamento reembolso nota fiscal estoque
fábrica manual instalação técnico visita agenda consulta exame documento cadastro senha aplicativo conta fatura
vencimento multa juros seguro viagem reserva hotel quarto cidade estado região norte sul centro serviço suporte
equipe gerente prioridade qualidade material tecido madeira metal vidro peso medida largura altura cor tamanho
"""


def passages(folder: Path = COLLECTIONS) -> Iterator[str]:
    """Endless passages of some 800 characters (about 170 tokens of multilingual-e5), mostly whole sentences."""
    return cycle(_packed(_sentences(folder)))


def questions(folder: Path = COLLECTIONS) -> Iterator[str]:
    """Different questions: tens of thousands of them, after which they begin anew."""
    asked = _collected(folder, "queries.jsonl") or [f"Qual é {_made_up(number, 6)}?" for number in range(_MADE_UP)]
    random.Random(13).shuffle(asked)
    return cycle(start + question + end for end in _ENDINGS for start in _GREETINGS for question in asked)


def _collected(folder: Path, name: str) -> list[str]:
    lines = (line for file in sorted(folder.glob(f"*/{name}")) for line in file.read_text("utf-8").splitlines())
    return [json.loads(line)["text"] for line in lines]


def _sentences(folder: Path) -> Iterator[str]:
    texts = _collected(folder, "corpus.jsonl") or [_made_up_text(number) for number in range(_MADE_UP)]
    return (sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+", " ".join(text.split())))


def _packed(sentences: Iterable[str]) -> Iterator[str]:
    passage = ""
    for sentence in sentences:
        passage = f"{passage} {sentence}".strip()
        if len(passage) >= _PASSAGE_CHARACTERS:
            yield passage[:_LONGEST_PASSAGE]
            passage = ""


def _made_up_text(number: int) -> str:
    return " ".join(f"{_made_up(10 * number + sentence, 11).capitalize()}." for sentence in range(10))


def _made_up(seed: int, words: int) -> str:
    return " ".join(random.Random(seed).choices(_WORDS.split(), k=words))
