"""Sample tables of the kinds whose column names are hard to read, filled from a seeded generator."""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

PLACES = [
    *("Santos", "Campinas", "São Paulo", "Curitiba", "Porto Alegre", "Recife", "Natal", "Guarujá", "Peruíbe"),
    *("Belo Horizonte", "Salvador", "Fortaleza", "Manaus", "Rio de Janeiro", "Vitória", "Goiânia", "Itanhaém"),
]
PRODUCTS = [
    *("Camiseta básica", "Calça jeans", "Meia esportiva", "Boné bordado", "Luva térmica", "Cinto de couro"),
    *("Jaqueta leve", "Tênis de corrida", "Mochila escolar", "Garrafa térmica", "Toalha de banho", "Lençol casal"),
]
MEASURES = ["Receita", "Despesa", "Saldo", "Clientes", "Pedidos", "Prazo", "Estoque", "Vendas", "Frete", "Margem"]
GROUPS = ["Varejo", "Atacado", "Internet", "Exportação"]
WRAPPED = [
    *("Número médio\nde pedidos", "Receita líquida\nno período", "Variação\nanual (%)", "Valor do\nfrete", "Prazo"),
    *("Estoque mínimo\npor unidade\nda rede", "Clientes\nativos", "Margem"),
]
LONG_NAME = "Valor médio cobrado dos clientes que compraram mais de uma vez no período considerado"
LONG_TITLE = "Tabela 3. Evolução dos resultados consolidados das unidades da rede por região, em milhares de reais"
STUBS = ["Unidade", "Região", "Cidade", "Local"]
WORDS = [
    "azul",
    "verde",
    "algodão",
    "linho",
    "sob encomenda",
    "pronta entrega",
    "nacional",
    "importado",
    "poliéster",
]
DATA_ROWS = (4, 9)
_EMPTY = 0.06


class HeaderCell(NamedTuple):
    """The name of `columns` neighbouring columns; "" names nothing."""

    text: str
    columns: int = 1


Header = list[list[HeaderCell]]
"""Levels from the top; the columns of each level add up to the width of the table."""


class SampleTable(NamedTuple):
    """What is drawn, from top to bottom; a row of one cell is written across the table."""

    titles: list[list[str]]
    header: Header
    empty_row: bool
    rows: list[list[str]]

    def triples(self) -> list[tuple[str, tuple[str, ...], str]]:
        """Name of the row, names of the column from all levels, and value of each filled cell of the data."""
        names = list(zip(*(_names(level) for level in self.header), strict=True))
        return [
            (row[0], tuple(filter(None, names[column])), value)
            for row in self.rows
            for column, value in enumerate(row)
            if column and value and len(row) > 1
        ]


class Sample(NamedTuple):
    """One page of one or more tables; `spacious`: rows are far apart; `leaders`: dots follow the names of rows."""

    kind: str
    tables: list[SampleTable]
    spacious: bool = False
    leaders: bool = False


def samples(seed: int) -> list[Sample]:
    """One sample of each kind."""
    return [make(random.Random(f"{seed} {kind}"), kind) for kind, make in KINDS.items()]


def _names(level: Sequence[HeaderCell]) -> list[str]:
    return [cell.text for cell in level for _ in range(cell.columns)]


def _level(*names: str) -> list[HeaderCell]:
    return [HeaderCell(name) for name in names]


def _data(draw: random.Random, columns: int, stubs: Sequence[str] = PLACES) -> list[list[str]]:
    """Rows of numbers, each column in one style, a few cells empty or a dash."""
    names = draw.sample(stubs, draw.randint(*DATA_ROWS))
    styles = [draw.randrange(5) for _ in range(columns)]
    return [
        [name, *(draw.choice(["", "-"]) if draw.random() < _EMPTY else _styled(draw, style) for style in styles)]
        for name in names
    ]


def _styled(draw: random.Random, style: int) -> str:
    """A number in one of five styles of Brazilian and English texts."""
    value = draw.randrange(10, 99_999)
    return [
        f"{value:,}".replace(",", "."),
        f"{value / 100:.2f}".replace(".", ","),
        f"R$ {value / 100:.2f}".replace(".", ","),
        f"{value % 1000 / 10:.1f}%",
        str(value),
    ][style]


def _one_level(draw: random.Random, kind: str) -> Sample:
    columns = draw.randint(2, 6)
    header = [_level(draw.choice(STUBS), *draw.sample(MEASURES, columns))]
    return Sample(kind, [SampleTable([], header, False, _data(draw, columns))])


def _text_cells(draw: random.Random, kind: str) -> Sample:
    names = ["Produto", *draw.sample(["Cor", "Material", "Entrega", "Origem"], 3), "Preço"]
    rows = [
        [product, *draw.sample(WORDS, 3), f"R$ {draw.randrange(5, 400)},90"]
        for product in draw.sample(PRODUCTS, draw.randint(*DATA_ROWS))
    ]
    return Sample(kind, [SampleTable([], [_level(*names)], False, rows)])


def _only_words(draw: random.Random, kind: str) -> Sample:
    names = ["Produto", *draw.sample(["Cor", "Material", "Entrega", "Origem"], draw.randint(2, 3))]
    rows = [
        [product, *draw.sample(WORDS, len(names) - 1)]
        for product in draw.sample(PRODUCTS, draw.randint(*DATA_ROWS))
    ]
    return Sample(kind, [SampleTable([], [_level(*names)], False, rows)])


def _years(draw: random.Random, kind: str) -> Sample:
    columns, first, step = draw.randint(2, 6), draw.randint(1988, 2015), draw.choice([1, 1, 3, 5])
    stub = draw.choice([*STUBS, "", ""])
    header = [_level(stub, *(str(first + step * column) for column in range(columns)))]
    return Sample(kind, [SampleTable([], header, False, _data(draw, columns))])


def _long_name(draw: random.Random, kind: str) -> Sample:
    columns = draw.randint(2, 3)
    wrapped = LONG_NAME if draw.random() < 0.3 else LONG_NAME.replace(" que ", "\nque ").replace(" no ", "\nno ")
    header = [_level(draw.choice(STUBS), *draw.sample(MEASURES, columns), wrapped)]
    return Sample(kind, [SampleTable([], header, False, _data(draw, columns + 1))])


def _title_across(draw: random.Random, kind: str) -> Sample:
    columns = draw.randint(4, 6)
    header = [_level(draw.choice(STUBS), *draw.sample(MEASURES, columns))]
    return Sample(kind, [SampleTable([[LONG_TITLE]], header, False, _data(draw, columns))])


def _two_cells_above(draw: random.Random, kind: str) -> Sample:
    columns = draw.randint(3, 6)
    header = [_level(draw.choice(STUBS), *draw.sample(MEASURES, columns))]
    title = draw.choice([["Resultado por unidade", "em R$ mil"], ["Filial Centro", "Maio"], ["Tabela 2", "Preços"]])
    return Sample(kind, [SampleTable([title], header, False, _data(draw, columns))])


def _wrapped_names(draw: random.Random, kind: str) -> Sample:
    columns = draw.randint(3, 5)
    header = [_level(draw.choice([*STUBS, ""]), *draw.sample(WRAPPED, columns))]
    return Sample(kind, [SampleTable([], header, False, _data(draw, columns))])


def _two_levels(draw: random.Random, kind: str) -> Sample:
    groups, width = draw.randint(2, 3), draw.randint(2, 3)
    single = draw.random() < 0.4
    stub = draw.choice([*STUBS, ""])
    same = draw.random() < 0.6
    measures = draw.sample(MEASURES, width)
    lower = [name for _ in range(groups) for name in (measures if same else draw.sample(MEASURES, width))]
    if draw.random() < 0.4:
        lower = [str(2010 + number % width) for number in range(groups * width)]
    upper = [HeaderCell(name, width) for name in draw.sample(GROUPS, groups)]
    stub_above = draw.random() < 0.3
    header = [
        [HeaderCell(stub if stub_above else ""), *upper, *([HeaderCell("")] if single else [])],
        _level("" if stub_above else stub, *lower, *(["Total"] if single else [])),
    ]
    return Sample(kind, [SampleTable([], header, False, _data(draw, groups * width + single))])


def _three_levels(draw: random.Random, kind: str) -> Sample:
    stub = draw.choice([*STUBS, ""])
    middle = draw.sample(MEASURES, 2)
    header = [
        [HeaderCell(""), *(HeaderCell(name, 4) for name in draw.sample(GROUPS, 2))],
        [HeaderCell(""), *(HeaderCell(name, 2) for name in middle * 2)],
        _level(stub, *["2022", "2023"] * 4),
    ]
    return Sample(kind, [SampleTable([], header, False, _data(draw, 8))])


def _empty_row(draw: random.Random, kind: str) -> Sample:
    sample = _one_level(draw, kind)
    return sample._replace(tables=[table._replace(empty_row=True) for table in sample.tables])


def _stacked(draw: random.Random, kind: str) -> Sample:
    """Two tables of equally many columns, the second right below the first."""
    columns = draw.randint(3, 4)
    first, second = draw.sample(MEASURES, columns), draw.sample(GROUPS + WORDS, columns)
    tables = [
        SampleTable([], [_level("Unidade", *first)], False, _data(draw, columns)),
        SampleTable([], [_level("Produto", *second)], False, _data(draw, columns, PRODUCTS)),
    ]
    return Sample(kind, tables)


def _far_apart(draw: random.Random, kind: str) -> Sample:
    return _one_level(draw, kind)._replace(spacious=True)


def _groups_of_rows(draw: random.Random, kind: str) -> Sample:
    columns = draw.randint(2, 5)
    rows = _data(draw, columns)
    for place, name in ((len(rows) // 2, "Interior"), (0, "Litoral")):
        rows.insert(place, [name])
    return Sample(kind, [SampleTable([], [_level("Unidade", *draw.sample(MEASURES, columns))], False, rows)])


def _two_columns(draw: random.Random, kind: str) -> Sample:
    style = draw.randrange(5)
    rows = [[name, _styled(draw, style)] for name in draw.sample(PLACES, draw.randint(*DATA_ROWS))]
    return Sample(kind, [SampleTable([], [_level(draw.choice(STUBS), draw.choice(MEASURES))], False, rows)])


def _currency_apart(draw: random.Random, kind: str) -> Sample:
    """Amounts whose currency is at the left edge of the column; "\t" parts them."""
    columns = draw.randint(2, 4)
    rows = [
        [name, *(f"R$\t{draw.randrange(1_000, 99_999):,}".replace(",", ".") for _ in range(columns))]
        for name in draw.sample(PLACES, draw.randint(*DATA_ROWS))
    ]
    return Sample(
        kind, [SampleTable([], [_level(draw.choice(STUBS), *draw.sample(MEASURES, columns))], False, rows)]
    )


def _leaders(draw: random.Random, kind: str) -> Sample:
    """Names of rows followed by dots up to the first column."""
    columns = draw.randint(1, 4)
    table = SampleTable([], [_level("Unidade", *draw.sample(MEASURES, columns))], False, _data(draw, columns))
    return Sample(kind, [table], leaders=True)


def _units(draw: random.Random, kind: str) -> Sample:
    columns = draw.randint(3, 5)
    units = _level("", *(draw.choice(["R$ mil", "%", "(un.)", "dias"]) for _ in range(columns)))
    header = [_level(draw.choice(STUBS), *draw.sample(MEASURES, columns)), units]
    return Sample(kind, [SampleTable([], header, False, _data(draw, columns))])


def _words_among_numbers(draw: random.Random, kind: str) -> Sample:
    columns = draw.randint(3, 5)
    rows = _data(draw, columns)
    for row in rows:
        for column in range(1, columns + 1):
            if draw.random() < 0.15:
                row[column] = draw.choice(["isento", "n/d", "sob consulta", "..."])
    return Sample(kind, [SampleTable([], [_level("Unidade", *draw.sample(MEASURES, columns))], False, rows)])


def _long_stubs(draw: random.Random, kind: str) -> Sample:
    """Names of rows on two lines, the values beside the first or the last."""
    columns = draw.randint(2, 4)
    rows = _data(draw, columns)
    for row in rows:
        if draw.random() < 0.5:
            row[0] += draw.choice(["\ne região metropolitana", "\n(inclusive lojas próprias)", "\ncom entrega"])
    return Sample(kind, [SampleTable([], [_level("Unidade", *draw.sample(MEASURES, columns))], False, rows)])


KINDS: dict[str, Callable[[random.Random, str], Sample]] = {
    "one level of names": _one_level,
    "words and prices": _text_cells,
    "only words": _only_words,
    "years as names": _years,
    "a name of over 60 letters": _long_name,
    "a title across of over 60 letters": _title_across,
    "two filled cells above": _two_cells_above,
    "names that wrap": _wrapped_names,
    "two levels of names": _two_levels,
    "three levels of names": _three_levels,
    "an empty row below the names": _empty_row,
    "two tables right below each other": _stacked,
    "rows far apart": _far_apart,
    "groups of rows": _groups_of_rows,
    "two columns": _two_columns,
    "currency apart from the amount": _currency_apart,
    "dots up to the first column": _leaders,
    "units below the names": _units,
    "words among numbers": _words_among_numbers,
    "names of rows that wrap": _long_stubs,
}
