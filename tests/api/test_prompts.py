"""/prompts: an assistant's prompt, its versions, their differences, and going back."""

from typing import Any

import pytest

from app.domain.prompts import MOST_VERSIONS
from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found


def write(caller: Caller, assistant: dict[str, Any], text: str | None, **more: Any) -> dict[str, Any]:
    response = caller.put(f"/prompts/update/{assistant['_id']}", {"text": text, **more})
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def versions(caller: Caller, assistant: dict[str, Any]) -> list[dict[str, Any]]:
    return list(caller.get(f"/prompts/versions/{assistant['_id']}").json or [])


def test_a_prompt_is_written_and_customers_get_it(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    present = ana.get(f"/prompts/get/{assistant['_id']}").json or {}
    assert (present["text"], present["is_default"], present["version_id"]) == (None, True, None)

    made = write(ana, assistant, "Seja breve.\nE gentil.", note="Primeiro")

    assert (made["status"], made["current"], made["note"]) == ("ready", True, "Primeiro")
    assert made["author"] == {"id": ana.id, "name": "Ana"}
    gateway.chat("Oi")
    assert house.model.questions[-1].instructions == "Seja breve.\nE gentil."
    present = ana.get(f"/prompts/get/{assistant['_id']}").json or {}
    assert (present["text"], present["version_id"]) == ("Seja breve.\nE gentil.", made["_id"])
    downloaded = ana.get(f"/documents/download/{present['document_id']}")
    assert downloaded.text == "Seja breve.\nE gentil."


def test_every_way_to_change_a_prompt_makes_a_version(ana: Caller, assistant: dict[str, Any]) -> None:
    ana.upload(assistant["_id"], "Do arquivo.", "meu.md", "prompt")
    second = write(ana, assistant, "Da tela.")
    assert write(ana, assistant, "Da tela.")["_id"] == second["_id"]
    removed = write(ana, assistant, None, note="Sem")
    assert removed["text"] is None
    third = write(ana, assistant, "De novo.")
    present = ana.get(f"/prompts/get/{assistant['_id']}").json or {}
    ana.delete(f"/documents/delete/{present['document_id']}")

    found = versions(ana, assistant)

    assert [one["characters"] for one in found] == [0, 8, 0, 8, 11]
    assert [one["current"] for one in found] == [True, False, False, False, False]
    assert [one["_id"] for one in found[1:4]] == [third["_id"], removed["_id"], second["_id"]]
    assert all(one["author"]["name"] == "Ana" for one in found)
    page = ana.get(f"/prompts/versions/{assistant['_id']}?limit=2")
    assert len(page.json or []) == 2
    assert "next" in page.headers["Link"]


def test_a_difference_is_shown_and_an_old_text_restored(ana: Caller, assistant: dict[str, Any]) -> None:
    first = write(ana, assistant, "Seja breve.\nFale de preços.")
    second = write(ana, assistant, "Seja breve.\nNão fale de preços.\nSorria.")

    diff = ana.get(f"/prompts/diff/{second['_id']}").json or {}
    assert (diff["from"], diff["to"], diff["added"], diff["removed"]) == (first["_id"], second["_id"], 2, 1)
    assert "-Fale de preços.\n+Não fale de preços.\n+Sorria." in diff["diff"]
    back = ana.get(f"/prompts/diff/{first['_id']}?against={second['_id']}").json or {}
    assert (back["added"], back["removed"]) == (1, 2)

    restored = ana.post(f"/prompts/restore/{first['_id']}", {"note": "Era melhor"}).json or {}
    assert (restored["text"], restored["restored_from"]) == (first["text"], first["_id"])
    assert restored["_id"] not in {first["_id"], second["_id"]}
    assert (ana.get(f"/prompts/get/{assistant['_id']}").json or {})["text"] == first["text"]
    noted = ana.put(f"/prompts/note/{first['_id']}", {"note": "Antigo"}).json or {}
    assert (noted["note"], noted["current"]) == ("Antigo", False)
    assert (ana.get(f"/prompts/version/{first['_id']}").json or {})["note"] == "Antigo"


def test_who_was_slower_is_told(ana: Caller, assistant: dict[str, Any]) -> None:
    first = write(ana, assistant, "Um.")
    write(ana, assistant, "Dois.", if_version=first["_id"])

    response = ana.put(f"/prompts/update/{assistant['_id']}", {"text": "Três.", "if_version": first["_id"]})

    assert_error(response, 409, "prompt_changed")
    assert (ana.get(f"/prompts/get/{assistant['_id']}").json or {})["text"] == "Dois."


def test_a_prompt_from_before_versions_is_the_first_one(
    house: House, ana: Caller, assistant: dict[str, Any]
) -> None:
    house.rows.assistants.set_prompt(assistant["_id"], "Antigo.")
    write(ana, assistant, "Novo.")

    texts = [(ana.get(f"/prompts/version/{one['_id']}").json or {})["text"] for one in versions(ana, assistant)]

    assert texts == ["Novo.", "Antigo."]


def test_only_the_newest_versions_are_kept(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    ids = [write(ana, assistant, f"Texto {number}.")["_id"] for number in range(3)]

    house.rows.prompt_versions.keep_newest(assistant["_id"], 2)

    assert [one["_id"] for one in versions(ana, assistant)] == ids[:0:-1]
    assert MOST_VERSIONS == 100


def test_it_is_in_the_audit_and_goes_with_the_assistant(
    house: House, ana: Caller, assistant: dict[str, Any]
) -> None:
    made = write(ana, assistant, "Um.")
    (entry,) = ana.get(f"/audit/list?assistant_id={assistant['_id']}&action=prompt.update").json or []
    assert (entry["before"], entry["after"]) == ({"version_id": None}, {"version_id": made["_id"]})
    assert entry["target"]["id"] == made["_id"]

    ana.delete(f"/assistants/delete/{assistant['_id']}")

    assert house.rows.prompt_versions.by_id(made["_id"]) is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": " "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "a", "note": "x" * 501}, "note"),
        ({"text": "a", "if_version": "x"}, "if_version"),
        ({"text": "a", "extra": 1}, "extra"),
    ],
)
def test_what_cannot_be_used_is_named(
    ana: Caller, assistant: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    assert_error(ana.put(f"/prompts/update/{assistant['_id']}", body), 422, "validation_error", field)


def test_versions_of_others_are_unknown(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    made, other = write(ana, assistant, "Um."), write(bruno, bruno.make_assistant(), "Outro.")

    assert_same_not_found([bruno.get(f"/prompts/version/{one}") for one in (made["_id"], *BAD_IDS)])
    response = ana.get(f"/prompts/diff/{made['_id']}?against={other['_id']}")
    assert_error(response, 422, "validation_error", "against")
