"""/evaluations: the question set of an assistant."""

from io import BytesIO
from typing import Any

import pytest

from app.domain.evaluations import MOST_CASES
from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found


def add(caller: Caller, assistant: dict[str, Any], question: str, **more: Any) -> dict[str, Any]:
    response = caller.post(f"/evaluations/cases/{assistant['_id']}", {"question": question, **more})
    assert response.status_code == 201, response.text
    return dict(response.json or {})


def cases(caller: Caller, assistant: dict[str, Any]) -> list[dict[str, Any]]:
    return list(caller.get(f"/evaluations/cases/{assistant['_id']}").json or [])


def take(caller: Caller, assistant: dict[str, Any], text: str, **form: Any) -> Any:
    data = {"file": (BytesIO(text.encode()), "perguntas.csv"), **form}
    path = f"/evaluations/importCases/{assistant['_id']}"
    return caller.post(path, data=data, content_type="multipart/form-data")


def test_cases_are_made_changed_and_deleted(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    first = add(ana, assistant, "Qual é o prazo?", expected="dois dias")
    second = add(ana, assistant, "Abre no sábado?", files=["loja.md"])

    assert cases(ana, assistant) == [second, first]
    assert (first["source"], first["files"], second["expected"]) == ("person", [], "")
    assert_error(
        ana.post(f"/evaluations/cases/{assistant['_id']}", {"question": "QUAL E O PRAZO", "expected": "x"}),
        409,
        "case_exists",
    )
    changed = ana.put(f"/evaluations/updateCase/{first['_id']}", {"expected": "três dias"}).json or {}
    assert (changed["question"], changed["expected"]) == ("Qual é o prazo?", "três dias")
    response = ana.put(f"/evaluations/updateCase/{first['_id']}", {"question": "Abre no sabado?"})
    assert_error(response, 409, "case_exists")
    response = ana.put(f"/evaluations/updateCase/{first['_id']}", {"expected": ""})
    assert_error(response, 422, "validation_error", "expected")
    assert ana.delete(f"/evaluations/deleteCase/{first['_id']}").status_code == 200
    assert_error(ana.delete(f"/evaluations/deleteCase/{first['_id']}"), 404, "not_found")
    assert cases(ana, assistant) == [second]

    ana.delete(f"/assistants/delete/{assistant['_id']}")
    assert house.rows.evaluation_cases.count(assistant["_id"]) == 0


def test_a_file_is_taken_and_given(ana: Caller, assistant: dict[str, Any]) -> None:
    add(ana, assistant, "Qual é o prazo?", expected="dois dias")
    add(ana, assistant, "Sai?", expected="não")
    text = 'pergunta;resposta;arquivo\n"Qual é o prazo?";"três dias";\n=1+1?;dois;a.md|b.md\n'

    assert take(ana, assistant, text).json == {"added": 1, "changed": 1, "unchanged": 0, "deleted": 0}

    table = ana.get(f"/evaluations/cases/{assistant['_id']}", headers={"Accept": "text/csv"})
    assert table.mimetype == "text/csv"
    assert table.text.splitlines() == [
        "question,expected,file",
        "Qual é o prazo?,três dias,",
        "Sai?,não,",
        "'=1+1?,dois,a.md|b.md",
    ]
    assert take(ana, assistant, table.text).json == {"added": 0, "changed": 0, "unchanged": 3, "deleted": 0}
    shorter = take(ana, assistant, "question,expected\nNovo?,sim\n", replace="true")
    assert shorter.json == {"added": 1, "changed": 0, "unchanged": 0, "deleted": 3}
    assert [one["question"] for one in cases(ana, assistant)] == ["Novo?"]


def test_a_question_set_is_bounded(ana: Caller, assistant: dict[str, Any]) -> None:
    add(ana, assistant, "Já há?", expected="sim")
    rows = "\n".join(f"Pergunta {number}?,sim" for number in range(MOST_CASES))

    assert_error(take(ana, assistant, f"question,expected\n{rows}\n"), 409, "too_many_cases")

    assert len(cases(ana, assistant)) == 1
    assert_error(take(ana, assistant, "a,b\n1,2\n"), 422, "questions_unusable")
    assert_error(take(ana, assistant, f"question,expected\n{'x' * 1001},sim\n"), 422, "questions_unusable")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"expected": "x"}, "question"),
        ({"question": "a"}, "expected"),
        ({"question": "x" * 1001, "expected": "a"}, "question"),
        ({"question": "a", "expected": "x" * 4001}, "expected"),
        ({"question": "a", "expected": "a", "kind": "b"}, "kind"),
    ],
)
def test_what_cannot_be_used_is_named(
    ana: Caller, assistant: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    assert_error(ana.post(f"/evaluations/cases/{assistant['_id']}", body), 422, "validation_error", field)


def test_cases_of_others_are_unknown(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    made = add(ana, assistant, "Um?", expected="sim")

    assert_same_not_found([bruno.delete(f"/evaluations/deleteCase/{one}") for one in (made["_id"], *BAD_IDS)])
    assert_error(take(bruno, assistant, "x"), 404, "not_found")
