"""The settings of an assistant: POST /assistants/add, PUT /assistants/update/<id>"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from bson import ObjectId

from tests.api.house import ALLOWED_MODELS, BAD_IDS, Caller, House, assert_error, assert_same_not_found

DEFAULTS: dict[str, Any] = {
    "burst_quiet_seconds": None,
    "auto_reactivate_hours": None,
    "when_unavailable": "error",
    "unavailable_message": None,
    "handover_message": None,
    "media_message": None,
    "model": None,
    "temperature": None,
    "history_turns": None,
    "monthly_budget_brl": None,
    "when_exhausted": "message",
    "retention_days": None,
}
CHOSEN: dict[str, Any] = {
    "burst_quiet_seconds": 1.5,
    "auto_reactivate_hours": 12,
    "when_unavailable": "message",
    "unavailable_message": "Já voltamos. 🙏\nAté logo!",
    "handover_message": "Vou chamar uma pessoa da equipe.",
    "media_message": "Recebi! Já vamos ver.",
    "model": "openai:gpt-5-mini",
    "temperature": 0.7,
    "history_turns": 20,
    "monthly_budget_brl": "150.50",
    "when_exhausted": "extractive",
    "retention_days": 90,
}
LIMITS = [
    ("burst_quiet_seconds", 0, 30),
    ("auto_reactivate_hours", 0, 8760),
    ("temperature", 0, 2),
    ("history_turns", 0, 100),
]
SENTENCES = ["unavailable_message", "handover_message", "media_message"]
TEXTS = [*SENTENCES, "model"]


def path_of(assistant: dict[str, Any]) -> str:
    return f"/assistants/update/{assistant['_id']}"


def settings_of(body: dict[str, Any] | None) -> dict[str, Any]:
    return {name: (body or {})[name] for name in DEFAULTS}


@pytest.fixture
def configured(ana: Caller) -> dict[str, Any]:
    """An assistant of Ana's of whose settings none is the default."""
    response = ana.post("/assistants/add", {"name": "Padaria", **CHOSEN})
    assert response.status_code == 201, response.text
    return dict(response.json or {})


def test_a_new_assistant_has_the_defaults(assistant: dict[str, Any]) -> None:
    assert settings_of(assistant) == DEFAULTS


def test_they_can_be_chosen_from_the_start(ana: Caller, configured: dict[str, Any]) -> None:
    assert settings_of(configured) == CHOSEN
    assert ana.get(f"/assistants/get/{configured['_id']}").json == configured
    assert ana.get("/assistants/list").json == [configured]


def test_null_is_the_default_from_the_start_too(ana: Caller) -> None:
    response = ana.post("/assistants/add", {"name": "Loja", **dict.fromkeys(DEFAULTS)})

    assert response.status_code == 201
    assert settings_of(response.json) == DEFAULTS


@pytest.mark.parametrize("name", [name for name in CHOSEN if name != "when_unavailable"])
def test_each_is_changed_by_itself_and_taken_back_by_null(
    ana: Caller, assistant: dict[str, Any], name: str
) -> None:
    changed = ana.put(path_of(assistant), {name: CHOSEN[name]})

    assert (changed.status_code, changed.json) == (200, assistant | {name: CHOSEN[name]})
    assert ana.get(f"/assistants/get/{assistant['_id']}").json == changed.json
    assert ana.put(path_of(assistant), {name: None}).json == assistant


@pytest.mark.parametrize("choice", ["error", "extractive"])
def test_when_unavailable_is_changed_and_taken_back_by_null(
    ana: Caller, assistant: dict[str, Any], choice: str
) -> None:
    changed = ana.put(path_of(assistant), {"when_unavailable": choice})

    assert (changed.status_code, changed.json) == (200, assistant | {"when_unavailable": choice})
    assert ana.put(path_of(assistant), {"when_unavailable": None}).json == assistant


def test_what_is_not_sent_stays(ana: Caller, configured: dict[str, Any]) -> None:
    path = path_of(configured)

    assert ana.put(path, {}).json == configured
    assert ana.put(path, {"temperature": 0}).json == configured | {"temperature": 0}
    assert ana.put(path, {"name": "Nova"}).json == configured | {"temperature": 0, "name": "Nova"}


def test_null_for_all_leaves_the_name_alone(ana: Caller, configured: dict[str, Any]) -> None:
    response = ana.put(path_of(configured), {"name": None, **dict.fromkeys(DEFAULTS)})

    assert (response.status_code, response.json) == (200, configured | DEFAULTS)


def test_the_object_as_get_gave_it_is_taken(
    ana: Caller, assistant: dict[str, Any], configured: dict[str, Any]
) -> None:
    for one in (assistant, configured):
        shown = ana.get(f"/assistants/get/{one['_id']}").json

        assert ana.put(path_of(one), shown).json == shown == one


@pytest.mark.parametrize(("name", "lowest", "highest"), LIMITS)
def test_numbers_reach_from_limit_to_limit(
    ana: Caller, assistant: dict[str, Any], name: str, lowest: int, highest: int
) -> None:
    for value in (lowest, highest):
        assert (ana.put(path_of(assistant), {name: value}).json or {})[name] == value


@pytest.mark.parametrize("name", [name for name, _, _ in LIMITS[:3]])
def test_all_but_turns_may_be_fractions(ana: Caller, assistant: dict[str, Any], name: str) -> None:
    assert (ana.put(path_of(assistant), {name: 0.25}).json or {})[name] == 0.25
    assert_error(ana.put(path_of(assistant), {"history_turns": 0.25}), 422, "validation_error", "history_turns")


@pytest.mark.parametrize(("name", "lowest", "highest"), LIMITS)
def test_numbers_beyond_the_limits_are_refused(
    ana: Caller, assistant: dict[str, Any], name: str, lowest: int, highest: int
) -> None:
    for value in (lowest - 1, lowest - 0.001, highest + 1, highest + 0.001, -(10**30), 10**400):
        assert_error(ana.put(path_of(assistant), {name: value}), 422, "validation_error", name)

    assert ana.get(f"/assistants/get/{assistant['_id']}").json == assistant


@pytest.mark.parametrize("name", [name for name, _, _ in LIMITS])
def test_a_number_too_large_for_a_number_is_refused(ana: Caller, assistant: dict[str, Any], name: str) -> None:
    body = f'{{"{name}": 1e999}}'

    response = ana.put(path_of(assistant), data=body, content_type="application/json")

    assert_error(response, 422, "validation_error", name)


@pytest.mark.parametrize("name", [name for name, _, _ in LIMITS])
@pytest.mark.parametrize("value", [True, False, "1", "", [], [1], {}, {"$ne": None}])
def test_what_is_no_number_is_refused(ana: Caller, assistant: dict[str, Any], name: str, value: Any) -> None:
    assert_error(ana.put(path_of(assistant), {name: value}), 422, "validation_error", name)
    assert_error(ana.post("/assistants/add", {"name": "Nova", name: value}), 422, "validation_error", name)
    assert ana.get("/assistants/list").json == [assistant]


@pytest.mark.parametrize("value", ["", "ERROR", " error", "never", True, 1, [], ["error"], {"$ne": None}])
def test_when_unavailable_is_one_of_three(ana: Caller, assistant: dict[str, Any], value: Any) -> None:
    response = ana.put(path_of(assistant), {"when_unavailable": value})

    assert_error(response, 422, "validation_error", "when_unavailable")
    assert ana.get(f"/assistants/get/{assistant['_id']}").json == assistant


@pytest.mark.parametrize(("name", "longest"), [(name, 4096) for name in SENTENCES])
def test_texts_have_a_length(ana: Caller, assistant: dict[str, Any], name: str, longest: int) -> None:
    for fits in ("x", "ç" * longest):
        assert (ana.put(path_of(assistant), {name: fits}).json or {})[name] == fits
    for does_not in ("", "x" * (longest + 1)):
        assert_error(ana.put(path_of(assistant), {name: does_not}), 422, "validation_error", name)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("value", [" ", "\n\t", "\u00a0", "a\0b", "\ud800", True, 1, [], ["x"], {"$ne": None}])
def test_what_is_no_text_is_refused(ana: Caller, assistant: dict[str, Any], name: str, value: Any) -> None:
    assert_error(ana.put(path_of(assistant), {name: value}), 422, "validation_error", name)
    assert_error(ana.post("/assistants/add", {"name": "Nova", name: value}), 422, "validation_error", name)
    assert ana.get("/assistants/list").json == [assistant]


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_is_kept_as_it_was_written(ana: Caller, assistant: dict[str, Any], name: str) -> None:
    written = "  *Olá!*\r\n\tVolte às 8h. 🙏 $where a.b  "

    assert (ana.put(path_of(assistant), {name: written}).json or {})[name] == written


@pytest.mark.parametrize(
    "model", ["gpt 5", " gpt-5", "gpt-5 ", "gpt-5\n", "gpt\t5", "gpt\u20285", "a\x7f", "a\u200b"]
)
def test_a_model_has_no_blanks(ana: Caller, assistant: dict[str, Any], model: str) -> None:
    assert_error(ana.put(path_of(assistant), {"model": model}), 422, "validation_error", "model")


@pytest.mark.parametrize("model", ALLOWED_MODELS)
def test_an_allowed_model_is_kept_as_it_is(ana: Caller, assistant: dict[str, Any], model: str) -> None:
    assert (ana.put(path_of(assistant), {"model": model}).json or {})["model"] == model


@pytest.mark.parametrize("model", ["gpt-5-pro", "GPT-5-MINI", "gpt-5-min", "openai:gpt-5-minis", "x" * 200, "*"])
def test_no_other_model_may_be_chosen(ana: Caller, assistant: dict[str, Any], model: str) -> None:
    for response in (
        ana.put(path_of(assistant), {"model": model}),
        ana.post("/assistants/add", {"name": "Nova", "model": model}),
    ):
        assert_error(response, 422, "validation_error", "model")
        assert "gpt-5-mini" in response.text


@pytest.mark.parametrize("model", ["", "x" * 201])
def test_a_model_has_a_length(ana: Caller, assistant: dict[str, Any], model: str) -> None:
    assert_error(ana.put(path_of(assistant), {"model": model}), 422, "validation_error", "model")


def test_a_model_that_may_not_be_chosen_any_more_stays_and_is_not_asked(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    house.rows.assistants.configure(assistant["_id"], {}, {"model": "gpt-3"})
    as_it_is = ana.get(f"/assistants/get/{assistant['_id']}").json or {}

    assert (ana.put(path_of(assistant), as_it_is).json or {})["model"] == "gpt-3"
    gateway.chat("Oi")
    assert house.model.questions[-1].model is None


def test_a_fixed_sentence_has_to_be_there(ana: Caller, assistant: dict[str, Any]) -> None:
    wanted = {"when_unavailable": "message"}

    for body in (wanted, wanted | {"unavailable_message": None}):
        assert_error(ana.put(path_of(assistant), body), 422, "validation_error", "unavailable_message")
        response = ana.post("/assistants/add", {"name": "Nova", **body})
        assert_error(response, 422, "validation_error", "unavailable_message")

    assert ana.get("/assistants/list").json == [assistant]


def test_a_fixed_sentence_may_come_along_or_be_there_already(
    ana: Caller, assistant: dict[str, Any], configured: dict[str, Any]
) -> None:
    both = {"when_unavailable": "message", "unavailable_message": "Já voltamos."}

    assert ana.put(path_of(assistant), both).json == assistant | both
    ana.put(path_of(configured), {"when_unavailable": "error"})
    assert ana.put(path_of(configured), {"when_unavailable": "message"}).json == configured


def test_a_fixed_sentence_that_is_needed_stays(ana: Caller, configured: dict[str, Any]) -> None:
    response = ana.put(path_of(configured), {"name": "Nova", "unavailable_message": None})

    assert_error(response, 422, "validation_error", "unavailable_message")
    assert ana.get(f"/assistants/get/{configured['_id']}").json == configured


@pytest.mark.parametrize("instead", ["extractive", "error", None])
def test_a_fixed_sentence_goes_with_the_need_for_it(
    ana: Caller, configured: dict[str, Any], instead: str | None
) -> None:
    change = {"when_unavailable": instead, "unavailable_message": None}

    response = ana.put(path_of(configured), change)

    assert response.json == configured | change | {"when_unavailable": instead or "error"}


def test_everything_that_is_wrong_is_named(ana: Caller, assistant: dict[str, Any]) -> None:
    response = ana.put(path_of(assistant), {name: [] for name in DEFAULTS})

    assert_error(response, 422, "validation_error", *DEFAULTS)


def test_nothing_is_changed_where_one_thing_is_wrong(ana: Caller, assistant: dict[str, Any]) -> None:
    assert_error(ana.put(path_of(assistant), CHOSEN | {"temperature": 3}), 422, "validation_error", "temperature")
    assert_error(ana.put(path_of(assistant), {**CHOSEN, "id": "x"}), 422, "read_only", "id")
    assert ana.get(f"/assistants/get/{assistant['_id']}").json == assistant


def test_changes_of_different_settings_do_not_undo_each_other(ana: Caller, assistant: dict[str, Any]) -> None:
    sent = {name: value for name, value in CHOSEN.items() if name != "when_unavailable"}

    def send(setting: tuple[str, Any]) -> int:
        return ana.apart().put(path_of(assistant), dict([setting])).status_code

    with ThreadPoolExecutor(len(sent)) as several:
        assert set(several.map(send, sent.items())) == {200}

    assert ana.get(f"/assistants/get/{assistant['_id']}").json == assistant | sent


def test_an_assistant_from_before_there_were_settings_has_the_defaults(
    house: House, ana: Caller, assistant: dict[str, Any]
) -> None:
    row = {"_id": ObjectId(assistant["_id"])}
    house.database["assistants"].update_one(row, {"$unset": {"settings": ""}})

    assert ana.get(f"/assistants/get/{assistant['_id']}").json == assistant
    assert ana.put(path_of(assistant), {"temperature": 1}).json == assistant | {"temperature": 1}


def test_they_stay_with_a_new_owner(ada: Caller, bruno: Caller, configured: dict[str, Any]) -> None:
    response = ada.put(path_of(configured), {"owner_id": bruno.id, "temperature": 1})

    changed = configured | {"owner_id": bruno.id, "temperature": 1}
    assert (response.status_code, response.json) == (200, changed)
    assert bruno.get("/assistants/list").json == [changed]


def test_strangers_neither_see_nor_change_them(ana: Caller, bruno: Caller, configured: dict[str, Any]) -> None:
    ids = (configured["_id"], *BAD_IDS)

    assert_same_not_found([bruno.put(f"/assistants/update/{one}", {"temperature": 1}) for one in ids])
    assert_same_not_found([bruno.put(f"/assistants/update/{one}", {"unavailable_message": None}) for one in ids])
    assert ana.get(f"/assistants/get/{configured['_id']}").json == configured


def test_each_is_described(anyone: Caller) -> None:
    schemas = (anyone.get("/openapi.json").json or {})["components"]["schemas"]

    for schema in ("AssistantIn", "AssistantUpdateIn", "AssistantOut"):
        described = schemas[schema]["properties"]
        assert [name for name in DEFAULTS if not described[name].get("description")] == [], schema
        for name in ("model", "temperature"):
            assert "LLM_MODEL" in described[name]["description"]
