"""Markdown as models write it, and the same as WhatsApp shows it."""

import pytest

from app.services.whatsapp import to_parts


def shown(markdown: str) -> str:
    [part] = to_parts(markdown)
    return part


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("O prazo é de **8 dias**.", "O prazo é de *8 dias*."),
        ("O prazo é de __8 dias__.", "O prazo é de *8 dias*."),
        ("É *muito* fácil e _rápido_.", "É _muito_ fácil e _rápido_."),
        ("De ~~R$ 20~~ por R$ 18", "De ~R$ 20~ por R$ 18"),
        ("***Atenção***", "_*Atenção*_"),
        ("**frete *grátis* hoje**", "*frete _grátis_ hoje*"),
        ("**sim *não***", "*sim _não_*"),
        ("# Prazos\nAté 8 dias", "*Prazos*\nAté 8 dias"),
        ("### 1. **Frete** e *prazo*", "*1. Frete e _prazo_*"),
        ("**duas\nlinhas**", "*duas*\n*linhas*"),
        ("<b>negrito</b> e <i>itálico</i> <DEL>velho</DEL>", "*negrito* e _itálico_ ~velho~"),
        ("<b>a <strong>b</strong> c</b> d", "*a b c* d"),
    ],
)
def test_emphasis_gets_whatsapps_marks(markdown: str, expected: str) -> None:
    assert shown(markdown) == expected


@pytest.mark.parametrize(
    "text",
    [
        "O campo nome_do_cliente e o arquivo nota_fiscal_2.pdf",
        "2*3*4 = 24, 2**3**4 e 2***3***4",
        "R$ 5* e R$ 6* (*à vista)",
        "a_b_c x*y*z",
        "5 * 3 * 2",
        "Olá! Tudo bem? O prazo é de 8 dias (úteis); R$ 1.234,56 + frete = 100% seu :)",
        "Digite <seu nome> e <CPF>, por favor",
        "10.05.2026 às 18:30",
        "2026. Foi um bom ano",
        "https://loja.com.br/a_b_c?x=1&y=2#z",
        "Fale com o #suporte ou @ana",
        "Item [1] e [2]",
        "| não é tabela |",
    ],
)
def test_what_only_looks_like_markdown_stays(text: str) -> None:
    assert shown(text) == text


def test_a_mark_that_its_text_would_close_is_left_out() -> None:
    assert shown(r"**R$ 5\* cada** e **R$ 6**") == "R$ 5* cada e *R$ 6*"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (r"R\$ 5\* e nome\_novo \#1 \- fim", r"R$ 5* e nome_novo #1 - fim"),
        ("Caf&eacute; &amp; ch&aacute; &lt;3", "Café & chá <3"),
        ("linha um<br>linha dois<br/>três  \nquatro\\\ncinco", "linha um\nlinha dois\ntrês\nquatro\ncinco"),
        ("Um\r\ndois\r\n\r\n\r\n\r\ntrês", "Um\ndois\n\ntrês"),
        ("antes\n\n---\n\ndepois", "antes\n\ndepois"),
        ("antes\n---\ndepois", "antes\n\ndepois"),
        ("    recuado\n\nnão é *código*", "recuado\n\nnão é _código_"),
    ],
)
def test_escapes_entities_breaks_and_rules(markdown: str, expected: str) -> None:
    assert shown(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Veja [as regras](https://x.br/r).", "Veja as regras (https://x.br/r)."),
        ("[https://x.br/r](https://x.br/r)", "https://x.br/r"),
        ("[x.br](https://x.br/)", "https://x.br/"),
        ("<https://x.br/promoção>", "https://x.br/promoção"),
        ("[aqui](https://x.br/promoção)", "aqui (https://x.br/promo%C3%A7%C3%A3o)"),
        ("<ana@x.br> ou [escreva](mailto:ana@x.br)", "ana@x.br ou escreva (ana@x.br)"),
        ("[ligue](tel:+551140000000)", "ligue (+551140000000)"),
        ("**[Rastreio](https://x.br/r) do pedido**", "*Rastreio* (https://x.br/r) *do pedido*"),
        ("[](https://x.br/r)", "https://x.br/r"),
        ('![a loja](https://x.br/l.png "título")', "a loja (https://x.br/l.png)"),
        ("![](https://x.br/l.png)", "https://x.br/l.png"),
        ("Veja [1].\n\n[1]: https://x.br/r", "Veja [1].\n\n[1]: https://x.br/r"),
    ],
)
def test_links_are_bare(markdown: str, expected: str) -> None:
    assert shown(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Temos:\n* Pix\n* **Boleto**\n+ Cartão", "Temos:\n- Pix\n- *Boleto*\n- Cartão"),
        ("- Pix\n\n- Boleto", "- Pix\n\n- Boleto"),
        ("1. Abra\n2. Entre\n\nDepois:\n\n3) Pague", "1. Abra\n2. Entre\n\nDepois:\n\n3) Pague"),
        ("- A\n  - B\n    - C\n- D", "- A\n  • B\n    • C\n- D"),
        ("1. A\n   segue\n\n   outro\n   1. B", "1. A\n  segue\n\n  outro\n  1. B"),
        ("1. - A", "  1. • A"),
        ("- \n- A", "- A"),
        ("- [ ] fazer\n- [x] feito", "- [ ] fazer\n- [x] feito"),
        ("> Cite **isto\n> e isto**\n>> e mais", "> Cite *isto*\n> *e isto*\n> e mais"),
        ("> - A\n>   - B\n\nfim", "> - A\n>   • B\n\nfim"),
    ],
)
def test_lists_and_quotes(markdown: str, expected: str) -> None:
    assert shown(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Use `pip  *x*` e **`_y_`**", "Use `pip  *x*` e `_y_`"),
        ("Use ``a`b``", "Use ```a`b```"),
        ("```python\ndef f():\n\n    return **x**\n```\nfim", "```def f():\n\n    return **x**```\nfim"),
        ("1. Rode:\n   ```\n   a  b\n   ```", "1. Rode:\n```a  b```"),
        ("1. ```sh\n   ls\n   ```", "1.\n```ls```"),
        ("~~~\n```\n~~~", "```"),
        ("```Digite o *código*\n123\n```", "```Digite o *código*\n123```"),
        ("```\nnunca fechado", "```nunca fechado```"),
        ("```\n\n```\n\nfim", "fim"),
    ],
)
def test_code_is_not_touched(markdown: str, expected: str) -> None:
    assert shown(markdown) == expected


def test_a_table_becomes_a_line_for_each_row() -> None:
    table = "| Produto | Preço: | Obs |\n|:--|--:|---|\n| **P** | R$ 50 | a \\| b |\n| M | R$ 60<br>à vista | |"

    assert shown(f"Veja:\n\n{table}\n\nfim") == (
        "Veja:\n\n- Produto: *P*; Preço: R$ 50; Obs: a | b\n- Produto: M; Preço: R$ 60 à vista\n\nfim"
    )


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("| | A | B |\n|-|-|-|\n| Preço | 10 | 20 |", "- Preço; A: 10; B: 20"),
        ("| A | B |\n|-|-|\n| 1 | 2 | 3 | 4 |", "- A: 1; B: 2 | 3 | 4"),
        ("> A | B\n> -|-\n> 1 | 2 | 3", "> - A: 1; B: 2 | 3"),
        ("| A | B |\n|-|-|", "A | B"),
        ("| A | Nunca |\n|-|-|\n| 1 | |\n| 2 | |", "A | Nunca\n1 |\n2 |"),
        (f"| {'x' * 50} | B |\n|-|-|\n| 1 | 2 |", f"{'x' * 50} | B\n1 | 2"),
    ],
)
def test_no_cell_and_no_heading_of_a_table_is_lost(table: str, expected: str) -> None:
    assert shown(table) == expected
