"""JSON becomes lines that can be understood one by one."""

import json

import pytest

from app.extraction.json_files import json_to_lines
from app.extraction.problems import ProblemError


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"loja": {"nome": "João", "tel": ["1", "2"]}}', ["loja > nome: João", "loja > tel: 1, 2"]),
        ('[{"nome": "Meia", "preço": 5.5}, {"nome": "Boné"}]', ["nome: Meia; preço: 5.5", "nome: Boné"]),
        ('{"itens": [{"a": {"b": 1}, "c": null, "d": false}]}', ["itens", "a > b: 1; d: false"]),
        ('{"a": 1}\n{"a": 2}\n', ["a: 1", "a: 2"]),
        ('"só\\num texto"', ["só um texto"]),
        ("[1, 2, [3, 4]]", ["1", "2", "3, 4"]),
        ("{}", []),
    ],
)
def test_values_keep_the_path_of_their_keys(text: str, lines: list[str]) -> None:
    assert json_to_lines(text).text.splitlines() == lines


def test_objects_with_very_much_in_them_take_several_lines() -> None:
    text = json.dumps([{f"k{n}": n for n in range(100)}])

    assert json_to_lines(text).text.splitlines() == [f"k{n}: {n}" for n in range(100)]


@pytest.mark.parametrize("text", ["{", "a: 1", 'b\nc\n{"a": 1}', "", "[" * 100 + "[1]" + "]" * 100])
def test_what_is_no_json_or_too_deep_is_a_problem(text: str) -> None:
    with pytest.raises(ProblemError):
        json_to_lines(text)


@pytest.mark.parametrize(
    ("text", "lines", "bad"),
    [
        ('{"a": 1}\n\n{"a": 2}\nnao json', ["a: 1", "a: 2"], "4"),
        ('{"a": 1}\n{"a": \n{"a": 3}\n{"a": 4', ["a: 1", "a: 3"], "2, 4"),
        ('oops\n{"a": [1, 2]}', ["a: 1, 2"], "1"),
    ],
    ids=["a remark", "cut off", "first"],
)
def test_lines_that_are_no_json_are_told_and_the_others_read(text: str, lines: list[str], bad: str) -> None:
    found, warning = json_to_lines(text)

    assert found.splitlines() == lines
    assert warning == f"Lines that were not read, as they are no JSON: {bad}."


@pytest.mark.parametrize(
    ("text", "lines", "line"),
    [
        ('{\n "loja": "Sol",\n "itens": [\n  {"a": 1},\n  {"a": "Bo', ["loja: Sol", "itens", "a: 1"], 5),
        ('[{"nome": "Meia", "preço": 5}, {"nome": "Boné", "pre', ["nome: Meia; preço: 5", "nome: Boné"], 1),
        ('{\n "a": 1,\n "b": nada,\n "c": 3\n}', ["a: 1"], 3),
        ('{"a": 1}}', ["a: 1"], 1),
        ('{\n"a": [1, 2,],\n"b": 3,\n}', ["a: 1, 2", "b: 3"], 4),
    ],
    ids=["cut off", "in one line", "a bad value", "a bracket too many", "commas too many"],
)  # fmt: skip
def test_a_damaged_document_is_read_up_to_there(text: str, lines: list[str], line: int) -> None:
    found, warning = json_to_lines(text)

    assert found.splitlines() == lines
    assert warning == f"The JSON is damaged: what follows line {line} was not read."


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[1," * 100_000, '["a",' * 100_000 + "x"])
def test_damage_without_end_does_no_harm(text: str) -> None:
    with pytest.raises((ProblemError, RecursionError)):
        json_to_lines(text)
