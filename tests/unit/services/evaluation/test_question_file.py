"""Files of questions, as spreadsheets and people write them."""

from pathlib import Path

import pytest

from app.domain.errors import InvalidError
from app.services.evaluation.matching import KnownQuestion
from app.services.evaluation.question_file import read_questions


def read(folder: Path, content: bytes | str) -> list[KnownQuestion]:
    file = folder / "perguntas.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_questions(file)


def problem(folder: Path, content: bytes | str) -> str:
    with pytest.raises(InvalidError) as unusable:
        read(folder, content)
    assert unusable.value.code == "questions_unusable"
    assert "\n" not in unusable.value.message
    return unusable.value.message


def test_questions_with_texts_and_files(tmp_path: Path) -> None:
    content = 'question,expected,file\nPrazo?,5 dias,\nFrete?,,frete.md | site.html\n"A, B?","x\ny",a.md\n'

    assert read(tmp_path, content) == [
        KnownQuestion(2, "Prazo?", "5 dias"),
        KnownQuestion(3, "Frete?", "", ("frete.md", "site.html")),
        KnownQuestion(4, "A, B?", "x\ny", ("a.md",)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_spreadsheets_encoding_delimiter_and_line_ends(
    tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    rows = [("Pergunta ", "RESPOSTA"), ("Qual é o preço?", "R$ 5,00; à vista")]
    content = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows) + end

    assert read(tmp_path, content.encode(encoding)) == [KnownQuestion(2, "Qual é o preço?", "R$ 5,00; à vista")]


@pytest.mark.parametrize("text", ["expected", "text", "esperado", "resposta", "Answer"])
@pytest.mark.parametrize("file", ["file", "filename", "arquivo", "documento"])
def test_columns_have_names_in_two_languages_and_any_order(tmp_path: Path, text: str, file: str) -> None:
    content = f"id,{file},{text},pergunta\n7,a.md,5 dias,Prazo?\n"

    assert read(tmp_path, content) == [KnownQuestion(2, "Prazo?", "5 dias", ("a.md",))]


def test_empty_lines_are_skipped_and_lines_counted_as_an_editor_does(tmp_path: Path) -> None:
    content = '\nquestion;file\n\n"A\nB?";a.md\n;;\nC?;c.md'

    assert [(one.line, one.question) for one in read(tmp_path, content)] == [(4, "A\nB?"), (7, "C?")]


@pytest.mark.parametrize("content", ["", " \n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: bytes | str) -> None:
    assert problem(tmp_path, content) == "perguntas.csv is empty."


def test_a_file_with_a_header_alone_has_no_questions(tmp_path: Path) -> None:
    assert "no questions" in problem(tmp_path, "question,file\n")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("q,file\nPrazo?,a.md\n", 'perguntas.csv has no column "question"; it has: q, file.'),
        (
            "question,onde\nPrazo?,a.md\n",
            'neither a column "expected" nor a column "file"; it has: question, onde.',
        ),
        ("question,file\n,a.md\n", "Line 2 has no question."),
        ("question,text\nQuanto custa?,R$ 12,50\n", "Line 2 has more fields than the first line"),
        ("question,file\nPrazo?\n", "Line 2 expects nothing"),
        ("question,text\nPrazo?,…\n", "Line 2 expects nothing"),
        ("question,file\nPrazo?,|\n", "Line 2 expects nothing"),
        ('question,text\nPrazo?,"5 dias\n', "perguntas.csv is no CSV file (line 2"),
        ("question,text\nPrazo?," + "x" * 200_000, "perguntas.csv is no CSV file (line 2"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    assert sentence in problem(tmp_path, content)


def test_a_file_that_is_no_text_is_said_to_lack_its_columns(tmp_path: Path) -> None:
    sentence = problem(tmp_path, b"PK\x03\x04\x14\x00" + bytes(range(256)) * 50)

    assert 'no column "question"' in sentence
    assert sentence.isprintable()
    assert len(sentence) < 300


def test_a_file_that_is_not_there_is_named_without_its_folder(tmp_path: Path) -> None:
    for file, reason in ((tmp_path / "nada.csv", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(InvalidError, match=f"{file.name} cannot be read: {reason}"):
            read_questions(file)


def test_the_documented_example_can_be_used(tmp_path: Path) -> None:
    document = Path(__file__).parents[4].joinpath("docs", "evaluation.md").read_text("utf-8")
    _, _, example = document.partition("```csv\n")

    assert [one.files for one in read(tmp_path, example.partition("```")[0])] == [
        (),
        ("entrega.md", "faq.pdf"),
        ("trocas.md",),
    ]
