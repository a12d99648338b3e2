"""Of an e-mail, all that its reader is shown becomes text."""

import re

import pytest

from app.domain.file_text import FileText
from app.extraction.mail import read_mail
from app.extraction.problems import Problem, ProblemError

TEXT = "Content-Type: text/plain; charset=utf-8\n\n"
PAGE = "Content-Type: text/html; charset=utf-8\n\n"
PASSED_ON = "Content-Type: message/rfc822\n\nFrom: b@loja.example\nSubject: Prazo\n\n3 semanas"
PICTURE = "Content-Type: image/png\n\nx"


def read_page(data: bytes, ending: str) -> FileText:
    """Stands for the reader of HTML."""
    assert ending == ".html"
    text = re.sub("<[^>]*>", "", data.decode())
    if not text:
        raise ProblemError(Problem.NO_TEXT)
    if text == "broken":
        raise ProblemError(Problem.TOO_COMPLICATED)
    return FileText(text)


def multipart(kind: str, *parts: str) -> str:
    inside = "".join(f"--{kind}\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={kind}\n\n{inside}--{kind}--\n"


def lines(mail: str) -> list[str]:
    return list(filter(None, read_mail(f"Subject: Oi\n{mail}".encode(), read_page).text.split("\n")))[1:]


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (multipart("alternative", TEXT + "sem tabela", PAGE + "<td>R$ 59"), ["R$ 59"]),
        (multipart("alternative", PAGE + "<td>R$ 59", TEXT + "sem tabela"), ["R$ 59"]),
        (multipart("alternative", TEXT + "R$ 59", PAGE + "<img>"), ["R$ 59"]),
        (multipart("alternative", TEXT + "R$ 59", PAGE + "<p>broken"), ["R$ 59"]),
        (
            multipart("alternative", TEXT + "texto", multipart("related", PAGE + "<p>página", PICTURE)),
            ["página"],
        ),
        (multipart("mixed", TEXT + "um", PAGE + "<p>dois", TEXT + "três"), ["um", "dois", "três"]),
        (multipart("mixed", TEXT + "um", PAGE + "<img>"), ["um"]),
        (
            multipart("mixed", PAGE + "<p>R$ 99", PASSED_ON),
            ["R$ 99", "Assunto: Prazo", "De: b@loja.example", "3 semanas"],
        ),
    ],
    ids=[
        "the page",
        "whatever the order",
        "a page of pictures",
        "a page that cannot be read",
        "a page with pictures",
        "one below the other",
        "a picture below",
        "passed on",
    ],
)
def test_bodies(mail: str, expected: list[str]) -> None:
    assert lines(mail) == expected


def test_a_page_that_cannot_be_read_is_a_problem_where_there_is_nothing_else() -> None:
    with pytest.raises(ProblemError):
        lines(multipart("alternative", PAGE + "<p>broken"))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_headers_that_are_not_encoded(encoding: str) -> None:
    mail = "Subject: Promoção de verão\nFrom: =?iso-8859-1?Q?Jo=E3o?= <j@loja.example>\n\nOlá".encode(encoding)

    text = read_mail(mail, read_page).text
    assert text.startswith("Assunto: Promoção de verão\nDe: João <j@loja.example>\n\nOlá")
