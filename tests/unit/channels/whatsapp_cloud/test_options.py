"""What an owner enters, and what is said of it."""

import pytest

from app.channels.whatsapp_cloud.options import WhatsAppCloudFields, problems

OPTIONS = {"phone_number_id": "106540352242922", "waba_id": "102290129340398", "app_id": "670843887433847"}
SECRETS = {"access_token": "EAAJB", "app_secret": "0123456789abcdef0123456789abcdef", "verify_token": "verify-me"}


def test_everything_needed_is_enough() -> None:
    assert problems(OPTIONS, SECRETS) == {}
    more = {"base_url": "https://graph.facebook.com/", "graph_version": "v26.0", "auth_header": "Authorization"}
    assert problems({**OPTIONS, **more}, SECRETS) == {}


def test_what_is_missing_is_named() -> None:
    assert set(problems({}, {})) == {*OPTIONS, *SECRETS}


def test_a_partner_needs_less() -> None:
    options = {"auth_header": "D360-API-KEY", "base_url": "https://waba-v2.360dialog.io"}

    assert set(problems(options, {})) == {"phone_number_id", "access_token", "verify_token"}
    number = {"phone_number_id": "106540352242922"}
    assert problems({**options, **number}, {"access_token": "k", "verify_token": "v"}) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phone_number_id", "+55 11 4002-8922"),
        ("phone_number_id", "../me"),
        ("phone_number_id", "١٢٣"),
        ("waba_id", "abc"),
        ("app_id", "1" * 33),
        ("base_url", "graph.facebook.com"),
        ("base_url", "ftp://graph.facebook.com"),
        ("base_url", "https://graph.facebook.com?a=b"),
        ("base_url", "https://user:pass@graph.facebook.com"),
        ("base_url", "https://"),
        ("base_url", "https://["),
        ("base_url", "https://host:99999"),
        ("graph_version", "25"),
        ("graph_version", "v25.0/../me"),
        ("auth_header", "X Y"),
        ("auth_header", "Host"),
        ("auth_header", "X:\r\nY"),
    ],
)
def test_a_wrong_option_is_named(name: str, value: str) -> None:
    assert set(problems({**OPTIONS, name: value}, SECRETS)) == {name}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("value", ["", "a b", "a\nb", "ação", "a" * 2049])
def test_a_wrong_secret_is_named_and_not_repeated(name: str, value: str) -> None:
    found = problems(OPTIONS, {**SECRETS, name: value})

    assert set(found) == {name}
    assert not value or value not in str(found)


class TestFields:
    FIELDS = WhatsAppCloudFields()

    def test_a_verify_token_is_made_where_there_is_none(self) -> None:
        given = {name: value for name, value in SECRETS.items() if name != "verify_token"}

        made = [self.FIELDS.completed(OPTIONS, given)[1]["verify_token"] for _ in range(2)]

        assert made[0] != made[1]
        assert min(map(len, made)) >= 32
        assert self.FIELDS.problems(OPTIONS, {**given, "verify_token": made[0]}) == {}

    def test_what_was_entered_is_kept_without_the_spaces_around_it(self) -> None:
        options, secrets = self.FIELDS.completed({"waba_id": " 102\n"}, {**SECRETS, "access_token": " EAAJB "})

        assert options == {"waba_id": "102"}
        assert secrets == SECRETS

    def test_a_number_is_one_channels(self) -> None:
        assert self.FIELDS.account(OPTIONS, SECRETS) == "106540352242922"
        partner = {**OPTIONS, "base_url": "https://waba-v2.360dialog.io", "auth_header": "D360-API-KEY"}
        assert self.FIELDS.account(partner, SECRETS) == "106540352242922"
        other = {**OPTIONS, "base_url": "https://graph.example.com/"}
        assert self.FIELDS.account(other, SECRETS) == "https://graph.example.com/106540352242922"

    def test_every_field_that_can_be_wrong_is_one_of_them(self) -> None:
        assert set(problems({}, {})) <= self.FIELDS.options | self.FIELDS.secrets
