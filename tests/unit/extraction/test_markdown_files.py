"""Of a Markdown file, what its reader is shown becomes text."""

import pytest

from app.extraction.markdown_files import markdown_to_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**Promo**ção e *Promo*ção, _Promo_ção", "Promoção e Promoção, Promoção"),
        ("R$ **399**,90 ou R$ 399<sup>90</sup>, R$ 399^90^", "R$ 399,90 ou R$ 399,90, R$ 399,90"),
        ("H~2~O e H<sub>2</sub>O no 10^o^ e 10<sup>o</sup> andar", "H2O e H2O no 10º e 10º andar"),
        ("==novo== ++só hoje++ ~~De R$ 200~~ <mark>por</mark> <ins>150</ins>", "novo só hoje De R$ 200 por 150"),
        ("**Atenção:**só hoje", "Atenção:só hoje"),
        ("C++ e C++, 2*3*4, a_b_c, ~30 a ~50, x^2", "C++ e C++, 2*3*4, a_b_c, ~30 a ~50, x^2"),
        (r"1\. R\$ 5 \*não\* &amp; &eacute;", "1. R$ 5 *não* & é"),
        ("[Site](https://loja.example) e [aqui](#x), <https://b.example>", "[Site](https://loja.example) e aqui, https://b.example"),
        ("![figura](a.png) `código`", "figura código"),
        ("Seg: 8h  \nTer: 9h\nQua: 10h", "Seg: 8h\nTer: 9h\nQua: 10h"),
        ("Título\n======\n\n## Sub ##", "# Título\n\n## Sub"),
        ("- a\n  - b\n\n    c\n1) d", "- a\n  - b\n    c\n1. d"),
        ("> citação\n> longa\n\n---\n\nfim", "citação\nlonga\n\nfim"),
        ("---\ntitle: T\n---\n# U", "title: T\n\n# U"),
        ("<div align=center>\n<b>Prazo</b>: 3 dias\n</div>", "Prazo: 3 dias"),
        ("    recuado, não é código", "recuado, não é código"),
        ("```\n**x** | y\n```", "```\n**x** | y\n```"),
    ],
)  # fmt: skip
def test_marks_go_and_words_stay(markdown: str, text: str) -> None:
    assert markdown_to_text(markdown) == text


def test_tables_become_lines_between_the_other_text() -> None:
    markdown = "# Preços\n\n| A | B | C |\n| --- | --- | --- |\n| x \\| y | **2** |  |\n\nfim \\*"

    assert markdown_to_text(markdown) == "# Preços\n\nA: x | y; B: 2\n\nfim *"


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text", ["[", "*a ", "![[", "> ", "- ", "**a", "_a_a", "<a ", "[a](b", "==a", "~a", "^a", "* ", "&a"]
)
def test_marks_without_end_do_no_harm(text: str) -> None:
    assert markdown_to_text(text * (32_768 // len(text))) is not None
