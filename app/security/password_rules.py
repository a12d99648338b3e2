"""Which passwords are refused: those that a guesser tries first (NIST SP 800-63B, 5.1.1.2)."""

import gzip
import unicodedata
from functools import cache
from pathlib import Path

from app.domain.errors import InvalidError

_LIST = Path(__file__).with_name("common_passwords.txt.gz")


def check_password(password: str, email: str, field: str = "password") -> None:
    """Raise `InvalidError` naming `field` for a password that is too easily guessed for the account of `email`.

    Refused are the address and the part of it before the @, one character repeated, and the commonest passwords,
    in any case. The length is not looked at.
    """
    problem = _problem(_folded(password), _folded(email))
    if problem:
        raise InvalidError("This password is too easily guessed; choose another one.", {field: [problem]})


def _problem(password: str, email: str) -> str | None:
    if password in {email, email.partition("@")[0]}:
        return "Must not be the e-mail address."
    if len(set(password)) <= 1:
        return "Must not be one character repeated."
    if password in _common_passwords():
        return "Is one of the commonest passwords."
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


@cache
def _common_passwords() -> frozenset[str]:
    """About 8,000; the file names its source and licence."""
    lines = gzip.decompress(_LIST.read_bytes()).decode().splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
