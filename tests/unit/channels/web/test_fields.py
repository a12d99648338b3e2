"""What is set up of a widget."""

import pytest

from app.channels.web.fields import WebFields
from app.services.ports.channels import ChannelFields

FIELDS: ChannelFields = WebFields()


def test_nothing_is_needed_and_no_page_let_in_then() -> None:
    options, secrets = FIELDS.completed({}, {})

    assert options == {"origins": "", "title": "Atendimento", "greeting": "Olá! Como podemos ajudar?"}
    assert FIELDS.problems(options, secrets) == {}
    assert FIELDS.completed(options, secrets) == (options, secrets)
    assert FIELDS.completed({}, {})[1] != secrets
    assert FIELDS.account(options, secrets) is None


def test_origins_are_kept_as_browsers_write_them() -> None:
    options, _ = FIELDS.completed({"origins": "HTTPS://Loja.Example:443/, https://loja.example http://x:81"}, {})

    assert options["origins"] == "https://loja.example\nhttp://x:81"


@pytest.mark.parametrize(
    ("options", "field", "words"),
    [
        ({"origins": "https://loja.example *"}, "origins", "without a path: *"),
        ({"origins": " ".join(f"https://{n}.example" for n in range(51))}, "origins", "50"),
        ({"title": "x" * 81}, "title", "80"),
        ({"greeting": "x" * 501}, "greeting", "500"),
    ],
)
def test_what_is_wrong_is_named(options: dict[str, str], field: str, words: str) -> None:
    problems = FIELDS.problems(*FIELDS.completed(options, {}))

    assert set(problems) == {field}
    assert words in problems[field][0]
