"""What is wrong with an Evolution channel before anybody is asked."""

import pytest

from app.channels.evolution.problems import problems

OPTIONS = {"base_url": "https://evolution.example.com", "instance": "Loja 1"}
SECRETS = {"api_key": "B6D711FC-DE4D"}


def test_nothing_is_wrong_with_what_is_right() -> None:
    assert problems(OPTIONS, SECRETS) == {}
    assert problems(OPTIONS | {"base_url": "http://evolution:8080/api/"}, SECRETS) == {}


def test_everything_that_is_missing_is_named() -> None:
    assert set(problems({}, {})) == {"base_url", "instance", "api_key"}


@pytest.mark.parametrize(
    "url",
    [
        *(
            "evolution.example.com",
            "ftp://example.com",
            "https://",
            "https://user:pass@example.com",
            "https://[::1",
        ),
        *(
            "https://example.com/?a=1",
            "https://example.com/#manager",
            "https://example.com:99999",
            "https://a/" + "a" * 600,
        ),
    ],
)
def test_urls_that_cannot_be_a_servers(url: str) -> None:
    assert set(problems(OPTIONS | {"base_url": url}, SECRETS)) == {"base_url"}


@pytest.mark.parametrize("name", [" ", "a/b", "a\\b", "a?b", "a#b", "a%2f", "..", " a", "a\n", "a" * 101])
def test_names_that_do_not_fit_into_a_path(name: str) -> None:
    assert set(problems(OPTIONS | {"instance": name}, SECRETS)) == {"instance"}


@pytest.mark.parametrize("key", ["", "a b", "a\r\nX: y", "ç", "a" * 501])
def test_keys_that_do_not_fit_into_a_header(key: str) -> None:
    found = problems(OPTIONS, {"api_key": key})

    assert set(found) == {"api_key"}
