"""What is set up of a Telegram channel."""

import pytest

from app.channels.telegram.options import base_url, bot_id_of, problems

TOKEN = "123456789:AAEfake-Token_of_tests_0123456789ab"
SECRETS = {"bot_token": TOKEN, "webhook_secret": "s" * 43}


def test_a_token_is_enough_besides_the_secret_that_is_made() -> None:
    assert problems({}, SECRETS) == {}
    assert base_url({}) == "https://api.telegram.org"
    assert bot_id_of(SECRETS) == "123456789"


@pytest.mark.parametrize(
    "token",
    [
        *("", "123", "123456789", "123456789:", "123456789:short", f"{TOKEN}/getMe", f"{TOKEN}?", f"x{TOKEN}"),
        *(f"{TOKEN}\n", f"{TOKEN} ", "123456789:../../../../../../../../etc/passwd"),
        "١٢٣٤٥٦:AAEfake-Token_of_tests_0123456789ab",
    ],
)
def test_what_is_no_token_is_named(token: str) -> None:
    found = problems({}, {**SECRETS, "bot_token": token})

    assert list(found) == ["bot_token"]
    assert "@BotFather" in found["bot_token"][0]
    assert bot_id_of({"bot_token": token}) is None


@pytest.mark.parametrize("secret", ["", "short", "s" * 257, "with space and more", "é" * 20])
def test_a_secret_that_telegram_would_not_take_is_named(secret: str) -> None:
    assert list(problems({}, {**SECRETS, "webhook_secret": secret})) == ["webhook_secret"]


@pytest.mark.parametrize("url", ["https://bots.example.com/", "http://127.0.0.1:8081", "https://example.com/bots"])
def test_a_server_of_one_s_own_may_be_used(url: str) -> None:
    assert problems({"base_url": url}, SECRETS) == {}
    assert base_url({"base_url": url}) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "example.com",
            "ftp://example.com",
            "https://",
            "https://a b",
            "https://a?b=c",
            "https://a/#b",
            "https:///x",
        ),
        *("https://me:secret@a.com", "https://a:0", "https://a:99999", "https://[::1", f"https://a/{'x' * 500}"),
        "https://açaí.com",
    ],
)
def test_what_is_no_server_is_named(url: str) -> None:
    assert list(problems({"base_url": url}, SECRETS)) == ["base_url"]


def test_problems_tell_no_secret() -> None:
    told = str(problems({}, {"bot_token": f"{TOKEN}!", "webhook_secret": "sësëcret"}))

    assert TOKEN not in told
    assert "sësëcret" not in told


def test_nothing_given_is_all_named() -> None:
    assert set(problems({}, {})) == {"bot_token", "webhook_secret"}
