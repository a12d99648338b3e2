"""What is set up of a Telegram channel, for the service that keeps it."""

from app.channels.telegram.fields import TelegramFields
from app.services.ports.channels import ChannelFields

TOKEN = "123456789:AAEfake-Token_of_tests_0123456789ab"
FIELDS: ChannelFields = TelegramFields()


def test_a_secret_is_made_where_there_is_none() -> None:
    made = [FIELDS.completed({}, {"bot_token": f" {TOKEN}\n", "webhook_secret": old})[1] for old in ("", " ")]

    assert [one["bot_token"] for one in made] == [TOKEN, TOKEN]
    assert made[0]["webhook_secret"] != made[1]["webhook_secret"]
    assert FIELDS.problems({}, made[0]) == {}
    assert FIELDS.completed({}, made[0]) == ({}, made[0])


def test_what_is_missing_is_named() -> None:
    assert set(FIELDS.problems({}, {})) == FIELDS.secrets
    assert set(FIELDS.problems({"base_url": "x"}, {})) == FIELDS.options | FIELDS.secrets


def test_an_account_is_a_bot() -> None:
    assert FIELDS.account({}, {"bot_token": TOKEN}) == "123456789"
    assert FIELDS.account({"base_url": "https://bots.example.com/"}, {"bot_token": TOKEN}) == (
        "https://bots.example.com/123456789"
    )
    assert FIELDS.account({}, {}) is None
