"""The kinds and the names of pages."""

import pytest

from app.domain.errors import FetchError
from app.net.page_names import ending_of, filename_of
from app.net.urls import Target
from app.storage.names import safe_filename


def named(url: str, ending: str = ".html") -> str:
    return filename_of(Target.of(url), ending)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://loja.com.br", "loja.com.br.html"),
        ("https://loja.com.br/", "loja.com.br.html"),
        ("https://loja.com.br/entrega/prazos", "loja.com.br_entrega_prazos.html"),
        ("https://loja.com.br/entrega/prazos.html#hoje", "loja.com.br_entrega_prazos.html"),
        ("https://açaí.com.br/preço", "açaí.com.br_preço.html"),
        ("https://xn--aa-4iaz.com.br/", "açaí.com.br.html"),
        ("https://xn--a.com.br/", "xn--a.com.br.html"),
    ],
)
def test_a_page_is_named_after_its_host_and_path(url: str, name: str) -> None:
    assert named(url) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://loja.com.br/?id=1", "https://loja.com.br/?id=2"),
        ("https://loja.com.br/a/b", "https://loja.com.br/a_b"),
        ("https://loja.com.br/a-b", "https://loja.com.br/a%20b"),
        ("https://loja.com.br/", "https://loja.com.br:8443/"),
        ("https://loja.com.br/" + "a" * 200, "https://loja.com.br/" + "a" * 201),
    ],
)
def test_pages_that_differ_have_names_that_differ(one: str, other: str) -> None:
    assert named(one) != named(other)
    assert named(one).startswith("loja.com.br")


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/%2e%2e/%2fetc", "/a%00b", "/.env", "/" + "é" * 300, "/a\\b"]
)
def test_no_path_makes_a_name_that_would_have_to_be_changed(path: str) -> None:
    url = f"https://loja.com.br{path}"

    assert safe_filename(named(url)) == named(url)


@pytest.mark.parametrize(
    ("path", "content_type", "ending"),
    [
        ("/", "text/html", ".html"),
        ("/lista.pdf", "text/html", ".html"),
        ("/", "application/xhtml+xml", ".html"),
        ("/lista", "application/pdf", ".pdf"),
        ("/lista.md", "text/plain", ".md"),
        ("/lista.html", "text/plain", ".txt"),
        ("/lista.PDF", "application/octet-stream", ".pdf"),
        ("/lista.xlsx", "", ".xlsx"),
    ],
)
def test_the_type_says_what_kind_of_file_it_is(path: str, content_type: str, ending: str) -> None:
    assert ending_of(Target.of(f"https://loja.com.br{path}"), content_type) == ending


@pytest.mark.parametrize("content_type", ["", "application/octet-stream", "image/png", "text/css", "video/mp4"])
def test_what_nobody_could_read_is_refused(content_type: str) -> None:
    with pytest.raises(FetchError) as refused:
        ending_of(Target.of("https://loja.com.br/pagina"), content_type)

    assert refused.value.code == "page_type"
