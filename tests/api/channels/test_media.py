"""Files come by a channel: they are read, shown to the model, or left to a person, and none gets lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.channels import ChannelKind, ErrorAction, ProviderError
from app.domain.conversations import Tokens
from app.domain.transcripts import Transcript
from app.services.channels.provider import Provider
from tests.api.channels.conftest import Line, new_channel, until
from tests.api.channels.test_messages import phone
from tests.api.house import Caller, House, open_house
from tests.api.prices import a_price, set_prices
from tests.fakes.database import scratch_database
from tests.fakes.provider import FakeFields, FakeProvider, message

FILES = {"photo": b"\xff\xd8\xff\xe0", "photo 2": b"\x89PNG\r\n\x1a\n", "voice": b"OggS", "pdf": b"%PDF-1.7"}
GONE = ProviderError(ErrorAction.FAIL, "http_404", "WhatsApp no longer has this file.")
BUSY = ProviderError(ErrorAction.RETRY, "http_503", "The provider is busy.")


class Speech:
    """A model that is paid by time: eight seconds for each recording."""

    model = "whisper-1"

    def transcribe(self, recording: Path, seconds: float) -> Transcript:
        return Transcript("Qual o prazo?", self.model, Tokens(8))

    def most_tokens(self, recording: Path) -> Tokens:
        return Tokens(80, 40)


@pytest.fixture(scope="module")
def shared_house(
    database_uri: str, tmp_path_factory: pytest.TempPathFactory, provider_itself: FakeProvider
) -> Iterator[House]:
    kinds = {ChannelKind.TELEGRAM: Provider(provider_itself, FakeFields())}
    seeing: dict[str, Any] = {"llm_model": "fake", "llm_vision": True, "transcriber": Speech(), "media_max_mb": 1}
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path_factory.mktemp("house"), providers=kinds, **seeing) as house,
    ):
        house.register("Ada", "ada@example.com")
        yield house


@pytest.fixture(autouse=True)
def _files(provider: FakeProvider) -> Iterator[None]:
    provider.files = {**FILES, "big": b"a" * (2**20 + 1)}
    yield
    provider.fetched.clear()
    provider.media_faults.clear()


def a_file(number: int, contact: str, kind: str, reference: str, text: str = "", **fields: Any) -> dict[str, Any]:
    return message(number, text, contact, type=kind, media=[[kind, reference]], **fields)


def test_a_picture_is_shown_to_the_model_and_kept_until_it_is_taken_back(
    line: Line, ana: Caller, house: House, provider: FakeProvider
) -> None:
    contact = phone()

    line.post([a_file(1, contact, "image", "photo", "Tem esta?")])
    until(lambda: provider.texts(contact))

    (chat,) = line.chats()
    (media,) = chat["media"]
    assert (chat["message"], chat["active"], chat["response"]) == ("Tem esta?", True, "Resposta.")
    assert [image.content for image in house.model.questions[-1].images] == [FILES["photo"]]
    assert (media["kind"], media["type"], media["bytes"], media["error"]) == ("image", "image/jpeg", 4, None)
    assert ana.get(media["url"]).data == FILES["photo"]

    line.post([{"kind": "revoke", "remote_id": "r-1", "contact": contact, "target_id": "wamid-1"}])
    until(lambda: line.chats()[0]["message"] == "[mensagem apagada]")
    assert line.chats()[0]["media"] == []
    assert ana.get(media["url"]).status_code == 404


def test_what_is_said_is_answered_and_marked_as_transcribed(
    line: Line, house: House, provider: FakeProvider
) -> None:
    contact = phone()

    line.post([a_file(1, contact, "voice", "voice")])
    until(lambda: provider.texts(contact))

    (chat,) = line.chats()
    assert chat["message"] == house.model.questions[-1].message == "[áudio transcrito] Qual o prazo?"
    assert chat["media"][0]["transcript"] == "Qual o prazo?"


def test_a_transcription_is_paid_and_not_made_without_budget(
    line: Line, ana: Caller, house: House, provider: FakeProvider
) -> None:
    contact, other, assistant_id = phone(), phone(), line.shown["assistant_id"]
    set_prices(house.sign_in("ada@example.com"), a_price("whisper-1", in_per_million="1250"), a_price("fake"))
    line.post([a_file(1, contact, "voice", "voice")])
    until(lambda: provider.texts(contact))

    by_model = ana.get(f"/usage?assistant_id={assistant_id}&by=model").json or []
    (row,) = [one for one in by_model if one["model"] == "whisper-1"]
    assert (row["messages"], row["tests"], row["tokens"]["in"], row["cost_brl"]) == (0, 0, 8, "0.01")

    spent = ana.put(f"/assistants/update/{assistant_id}", {"monthly_budget_brl": "0.01"})
    assert spent.status_code == 200, spent.text
    line.post([a_file(2, other, "voice", "voice")])
    until(lambda: provider.texts(other))

    (chat,) = [one for one in line.chats() if one["channel"]["id"] == f"+{other}"]
    assert (chat["message"], chat["active"], chat["media"][0]["transcript"]) == ("[mensagem de voz]", False, None)
    assert chat["media"][0]["error"] == (
        "The assistant's budget for this month is spent, so that the recording was not transcribed."
    )
    assert provider.texts(other)[0].startswith("Recebi o que você enviou.")


def test_the_files_of_a_burst_go_together_with_what_is_asked_about_them(
    line: Line, house: House, provider: FakeProvider
) -> None:
    contact, asked = phone(), len(house.model.questions)

    line.post([a_file(1, contact, "image", "photo"), a_file(2, contact, "image", "photo 2")])
    line.post([message(3, "Qual é mais barata?", contact)])
    until(lambda: provider.texts(contact))

    (question,) = house.model.questions[asked:]
    assert [image.content_type for image in question.images] == ["image/jpeg", "image/png"]
    assert question.message == "[imagem]\n[imagem]\nQual é mais barata?"
    assert provider.texts(contact) == ["Resposta."]
    assert [len(chat["media"]) for chat in line.chats()] == [1, 1, 0]


def test_documents_are_for_a_person_and_the_customer_is_told_once(
    line: Line, ana: Caller, house: House, provider: FakeProvider
) -> None:
    contact, asked = phone(), len(house.model.questions)
    ana.put(f"/assistants/update/{line.shown['assistant_id']}", {"media_message": "Recebi, já vemos."})

    line.post([a_file(number, contact, "document", "pdf") for number in range(3)])
    until(lambda: len(line.chats()) == 3 and provider.texts(contact))
    line.post([a_file(9, contact, "document", "pdf", "E este")])
    until(lambda: len(line.chats()) == 4)

    assert [chat["message"] for chat in line.chats()] == ["[documento]"] * 3 + ["E este"]
    assert {chat["active"] for chat in line.chats()} == {False}
    assert provider.texts(contact) == ["Recebi, já vemos."]
    (conversation,) = ana.get(f"/conversations/list?assistant_id={line.shown['assistant_id']}").json or []
    assert conversation["handover_reason"] == "O cliente enviou algo que só uma pessoa pode ver."
    assert len(house.model.questions) == asked
    assert ana.get(line.chats()[0]["media"][0]["url"]).data == FILES["pdf"]


@pytest.mark.parametrize(
    ("kind", "reference", "fault", "error"),
    [
        ("image", "photo", GONE, "WhatsApp no longer has this file."),
        ("video", "big", None, "The file has more than 1,048,576 bytes."),
        ("voice", "pdf", None, "The file is no recording, whatever its sender says."),
    ],
    ids=["expired", "larger than said", "of a lying type"],
)
def test_of_what_cannot_be_had_or_read_an_operator_sees_why(
    line: Line, provider: FakeProvider, kind: str, reference: str, fault: ProviderError | None, error: str
) -> None:
    contact = phone()
    provider.media_faults += [fault] if fault else []

    line.post([a_file(1, contact, kind, reference, "Veja")])
    until(lambda: provider.texts(contact))

    (chat,) = line.chats()
    assert (chat["message"], chat["active"], chat["media"][0]["error"]) == ("Veja", False, error)
    assert provider.texts(contact)[0].startswith("Recebi o que você enviou.")


def test_what_a_person_sends_on_the_phone_is_kept_for_the_operators(
    line: Line, ana: Caller, house: House, provider: FakeProvider
) -> None:
    contact, asked = phone(), len(house.model.questions)
    files = [["image", "photo"], ["voice", "voice"]]

    line.post([{"kind": "echo", "remote_id": "echo-1", "contact": contact, "media": files}])

    until(lambda: line.chats() and line.chats()[0]["media"])
    line.post([message(2, "Obrigada!", contact)])
    until(lambda: len(line.chats()) == 2)
    chat = line.chats()[0]
    assert (chat["response"], chat["by_person"]) == ("[imagem] [mensagem de voz]", True)
    assert [(one["kind"], one["transcript"], one["error"]) for one in chat["media"]] == [
        ("image", None, None),
        ("voice", None, None),
    ]
    assert [ana.get(one["url"]).data for one in chat["media"]] == [FILES["photo"], FILES["voice"]]
    assert (len(house.model.questions), provider.texts(contact)) == (asked, [])


def test_an_owner_is_told_that_no_more_files_are_kept(
    ana: Caller, assistant: dict[str, Any], house: House, provider: FakeProvider
) -> None:
    contact, folder = phone(), house.data / "media" / assistant["_id"] / "conversation"
    folder.mkdir(parents=True)
    with (folder / "file-0").open("wb") as file:
        file.truncate(11 * 2**30)  # of which nothing is on the disk
    line = Line(ana, new_channel(ana, assistant["_id"]))

    line.post([a_file(1, contact, "image", "photo", "Veja")])
    until(lambda: provider.texts(contact))

    (chat,) = line.chats()
    assert (chat["message"], chat["active"], chat["media"][0]["url"]) == ("Veja", False, None)
    assert chat["media"][0]["error"].startswith("The files of this assistant's customers have 10,240 MB in all")
    warnings = (ana.get(f"/channels/get/{line.id}").json or {})["warnings"]
    (check,) = [one for one in ana.post(f"/channels/check/{line.id}").json or [] if one["name"] == "files"]
    assert "take all the room they may" in check["cause"]
    assert {"cause": check["cause"], "remedy": check["remedy"]} in warnings
    assert not check["ok"]


def test_a_file_that_comes_late_keeps_its_place(line: Line, house: House, provider: FakeProvider) -> None:
    contact = phone()
    provider.media_faults.append(BUSY)

    line.post([a_file(1, contact, "image", "photo"), message(2, "Gostou?", contact)])
    until(lambda: provider.texts(contact))

    assert [chat["message"] for chat in line.chats()] == ["[imagem]", "Gostou?"]
    assert provider.fetched.count("photo") == 2
    assert len(house.model.questions[-1].images) == 1
