"""Which passwords are refused."""

import pytest

from app.domain.errors import InvalidError
from app.security.password_rules import check_password

EMAIL = "Ana.Maria.Souza@Example.com"


@pytest.mark.parametrize(
    "password",
    [
        *["ana.maria.souza@example.com", "ANA.MARIA.SOUZA", " ana.maria.souza "],
        *["aaaaaaaa", "AaAaAaAa", "x" * 128, "ç" * 8, "🔑" * 50, "        "],
        *["12345678", "Password", "senha123", "qwertyuiop", "CORINTHIANS", "\uff51\uff57\uff45rtyuiop"],
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidError) as refused:
        check_password(password, EMAIL, "new_password")

    assert list(refused.value.fields) == ["new_password"]
    assert password not in refused.value.message


@pytest.mark.parametrize(
    "password", ["uma senha comprida", "ana.maria.souza1", "aaaaaaab", "12345678 vezes", "8 long!!", "# Portuguese"]
)
def test_others_are_taken(password: str) -> None:
    check_password(password, EMAIL)
