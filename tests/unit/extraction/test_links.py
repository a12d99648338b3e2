"""Links keep their targets where these say more than their texts."""

import pytest

from app.extraction.links import with_target


@pytest.mark.parametrize(
    ("text", "target", "shown"),
    [
        ("Site", "https://loja.example/x", "[Site](https://loja.example/x)"),
        (" no site ", "https://loja.example/x", " [no site](https://loja.example/x) "),
        ("Site", "https://loja.example/a b", "[Site](https://loja.example/a%20b)"),
        ("www.loja.example", "https://loja.example/", "www.loja.example"),
        ("a@b.example", "mailto:a@b.example", "a@b.example"),
        ("Fale conosco", "mailto:a@b.example", "[Fale conosco](mailto:a@b.example)"),
        ("(12) 3333-4444", "tel:+551233334444", "(12) 3333-4444"),
        ("aqui", "#prazos", "aqui"),
        ("aqui", "/prazos.html", "aqui"),
        ("aqui", "javascript:alert(1)", "aqui"),
        ("aqui", "", "aqui"),
        ("", "https://loja.example", ""),
    ],
)
def test_links(text: str, target: str, shown: str) -> None:
    assert with_target(text, target) == shown
