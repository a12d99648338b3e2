"""The main job: a PDF and a prompt go in, a customer's question is answered from them."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.service import running
from tests.fakes.files import pdf
from tests.fakes.openai_server import OpenAIServer

PDF = pdf(
    "# Loja Aurora\nA Loja Aurora atende de segunda a sexta, das 9h às 18h.",
    "# Entregas\nO frete para o Nordeste custa R$ 32,90 e o prazo é de 8 dias úteis.",
)
QUESTION = "Quanto custa o frete para o Nordeste?"


def test_a_question_is_answered_from_a_pdf_without_a_model(place: Path) -> None:
    with running(place) as service:
        assistant = service.make_assistant()
        document = service.upload(assistant["_id"], PDF, "loja.pdf")
        assert document["status"] == "ready"
        answer = service.say(assistant["api_key"], QUESTION).json()
        assert "R$ 32,90" in answer["response"]
        assert "loja.pdf" in answer["response"]
        assert [source["document_id"] for source in answer["sources"]] == [document["_id"]]
        nothing = service.say(assistant["api_key"], "Quem ganhou a Copa de 1958?").json()
        assert "Não encontrei" in nothing["response"]
        assert nothing["sources"] == []


def test_a_model_gets_the_prompt_the_passages_and_the_earlier_turns(place: Path) -> None:
    with (
        OpenAIServer() as model,
        running(place, LLM_MODEL="stub", LLM_BASE_URL=model.url, LLM_API_KEY="k") as service,
    ):
        assistant = service.make_assistant()
        service.upload(assistant["_id"], PDF, "loja.pdf")
        service.upload(assistant["_id"], b"Responda sempre com bom humor.", "prompt.txt", "prompt")
        service.say(assistant["api_key"], "Vocês abrem no sábado?")
        chat = service.say(assistant["api_key"], QUESTION).json()
        assert chat["response"]
        assert chat["tokens"]["in"] > 0
        assert chat["model"] == "stub"
        asked = str(model.chat_requests[-1].body["messages"])
        assert "Responda sempre com bom humor." in asked
        assert "R$ 32,90" in asked
        assert "Vocês abrem no sábado?" in asked


@pytest.mark.stress
def test_deleting_the_index_folder_loses_nothing(place: Path) -> None:
    with running(place) as service:
        assistant = service.make_assistant()
        service.upload(assistant["_id"], PDF, "loja.pdf")
        before = service.say(assistant["api_key"], QUESTION).json()
    shutil.rmtree(place / "data" / "index")
    with running(place) as service:
        after = service.say(assistant["api_key"], QUESTION).json()
    assert after["response"] == before["response"]
