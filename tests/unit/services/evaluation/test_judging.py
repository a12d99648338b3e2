"""Which answers say what was expected."""

from collections.abc import Sequence

import pytest

from app.domain.answers import Answer, Question
from app.domain.conversations import Tokens
from app.domain.documents import Passage
from app.domain.evaluations import Reason, Verdict
from app.domain.trials import Trial
from app.knowledge.analysis import PortugueseAnalyzer
from app.services.evaluation.judging import AnswerJudge
from app.services.unanswered import is_unanswered


def reason(expected: str, said: str, files: Sequence[str] = (), handover: str | None = None) -> Reason | None:
    passages = (Passage("0" * 24, "Loja.md", 0, "…", 0.5, None, 0.5),)
    answer = Answer(said, Tokens(1, 1), "fake", handover_reason=handover)
    trial = Trial(Question("?", passages=passages), answer, 0, 0.1, is_unanswered(answer))
    judgement = AnswerJudge(PortugueseAnalyzer().terms).judge(expected, files, trial)
    assert (judgement.verdict is Verdict.RIGHT) == (judgement.reason is None)
    return judgement.reason


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("três dias úteis", "A entrega leva TRES DIAS UTEIS, em geral."),
        ("São três dias úteis.", "O prazo é de 3 dias úteis."),
        ("Custa R$ 1.500,00", "O valor é 1500 reais, custa isso."),
        ("Não abrimos aos domingos.", "Aos domingos não abrimos, infelizmente."),
        ("Sim, aceitamos cartão.", "Aceitamos cartão e Pix."),
        ("Não sei.", "Não sei. Posso perguntar?"),
        ("", "Qualquer coisa."),
    ],
)
def test_it_is_right(expected: str, said: str) -> None:
    assert reason(expected, said) is None


@pytest.mark.parametrize(
    ("expected", "said", "why"),
    [
        ("São três dias úteis.", "São cinco dias úteis.", Reason.NUMBERS_MISSING),
        ("Aceitamos cartão de crédito e boleto.", "Aceitamos Pix.", Reason.WORDS_MISSING),
        ("Não abrimos aos domingos.", "Sim, abrimos aos domingos.", Reason.CONTRADICTS),
        ("Não abrimos aos domingos.", "Abrimos aos domingos.", Reason.CONTRADICTS),
        ("Abrimos aos domingos.", "Não, não abrimos aos domingos.", Reason.CONTRADICTS),
        ("São três dias.", "Não tenho essa informação.", Reason.UNANSWERED),
    ],
)
def test_it_is_wrong(expected: str, said: str, why: Reason) -> None:
    assert reason(expected, said) is why


def test_a_file_has_to_be_found_and_nobody_else_to_be_called() -> None:
    assert reason("", "Oi.", ["loja.md", "outra.md"]) is None
    assert reason("", "Oi.", ["outra.md"]) is Reason.FILE_NOT_FOUND
    assert reason("", "", (), "Hm.") is Reason.HANDED_OVER
