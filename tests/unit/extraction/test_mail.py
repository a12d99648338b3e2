"""Of an e-mail, all that its reader is shown becomes text."""

import base64
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


def test_the_closing_boundary_may_be_missing() -> None:
    whole = multipart("mixed", TEXT + "O prazo é de 5 dias.", TEXT + "Até logo.")

    for mail in (whole.removesuffix("--mixed--\n"), whole[:-20], whole.replace("--mixed--", "--mix")):
        text, warning = read_mail(f"Subject: Oi\n{mail}".encode(), read_page)
        assert text.startswith("Assunto: Oi\n\nO prazo é de 5 dias.")
        assert warning is not None
        assert "cut off" in warning


def test_parts_that_cannot_be_told_apart_are_read_as_text() -> None:
    text, warning = read_mail(
        b"Subject: Oi\nContent-Type: multipart/mixed; boundary=x\n\nO prazo.\n--y\n\nFim.", read_page
    )

    assert "O prazo." in text
    assert "Fim." in text
    assert warning is not None


BODY = "O prazo é de 5 dias úteis, e a troca é grátis em até 30 dias, ou 31!"
ENCODED = base64.encodebytes(BODY.encode()).decode()


@pytest.mark.parametrize(
    ("payload", "is_damaged"),
    [
        (ENCODED, False),
        (ENCODED.replace("\n", "\r\n\r\n"), False),
        (f"{ENCODED}\n-- \nThis mail was checked by a virus scanner", False),
        (f"Begin of text\n{ENCODED}", False),
        (ENCODED[:10] + "!*" + ENCODED[10:], True),
        (ENCODED.rstrip("=\n") + "\n", True),
        (f"{ENCODED}AAAA", False),
    ],
    ids=["clean", "empty lines", "a footer", "a header", "signs", "no padding", "behind the padding"],
)
def test_dirty_base64(payload: str, is_damaged: bool) -> None:
    head = "Subject: Oi\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"

    text, warning = read_mail((head + payload).encode(), read_page)
    assert text.strip().endswith(BODY)
    assert bool(warning) == is_damaged


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_base64_that_is_cut_off_is_read_up_to_there(cut: int) -> None:
    head = "Subject: Oi\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"

    text, warning = read_mail((head + ENCODED[: 40 + cut]).encode(), read_page)
    assert "O prazo é de 5 dias úteis" in text
    assert warning is not None


def test_a_body_that_cannot_be_read_costs_only_itself() -> None:
    text, warning = read_mail(
        f"Subject: Oi\n{multipart('mixed', TEXT + 'um', PAGE + '<p>broken', TEXT + 'dois')}".encode(), read_page
    )

    assert text == "Assunto: Oi\n\num\n\ndois\n"
    assert warning is not None
    assert "could not be read" in warning


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("utf-8", "ação".encode("cp1252")),
        ("iso-8859-1", "ação".encode()),
        ("windows-1252", "ação".encode("cp1252")),
        ("nada", "ação".encode()),
        ('"utf-8', "ação".encode()),
    ],
)
def test_the_encoding_of_a_body_may_be_another_than_it_says(charset: str, data: bytes) -> None:
    head = f"Subject: Oi\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"

    assert read_mail(head.encode() + data, read_page).text == "Assunto: Oi\n\nação\n"


def test_a_bad_byte_costs_one_character_and_a_warning() -> None:
    head = "Subject: Oi\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"

    text, warning = read_mail(head.encode() + "ação e pão".encode() + b"\xff", read_page)
    assert "ação e pão\ufffd" in text
    assert warning == "Characters that could not be read: 1, in line 1. Save the file as UTF-8."


@pytest.mark.parametrize("before", ["From x@y Mon Jan 1 10:00:00 2024\n", "\n\n", "\ufeff"])
def test_what_programs_put_before_the_headers(before: str) -> None:
    assert read_mail(f"{before}Subject: Oi\n\ntexto".encode(), read_page).text == "Assunto: Oi\n\ntexto\n"
