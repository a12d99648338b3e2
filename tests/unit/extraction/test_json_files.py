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
    assert json_to_lines(text).splitlines() == lines


def test_objects_with_very_much_in_them_take_several_lines() -> None:
    text = json.dumps([{f"k{n}": n for n in range(100)}])

    assert json_to_lines(text).splitlines() == [f"k{n}: {n}" for n in range(100)]


@pytest.mark.parametrize("text", ["{", "a: 1", '{"a": 1}\nb', "", "[" * 100 + "[1]" + "]" * 100])
def test_what_is_no_json_or_too_deep_is_a_problem(text: str) -> None:
    with pytest.raises(ProblemError):
        json_to_lines(text)
