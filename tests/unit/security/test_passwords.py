"""Password hashes."""

import time

import pytest

from app.security.passwords import PasswordHasher


@pytest.fixture(scope="module")
def hasher() -> PasswordHasher:
    return PasswordHasher(rounds=4)


@pytest.mark.parametrize("password", ["", "password", "x" * 128, "🔑" * 128, "nul\0byte", "ação", "\u200b"])
def test_a_password_fits_its_own_hash_only(hasher: PasswordHasher, password: str) -> None:
    hashed = hasher.hash(password)

    assert hasher.verify(password, hashed)
    assert not hasher.verify(password + "x", hashed)
    assert not hasher.verify("x" + password, hashed)


@pytest.mark.parametrize("length", [71, 72, 73, 100, 128])
def test_every_character_counts(hasher: PasswordHasher, length: int) -> None:
    hashed = hasher.hash("x" * length)

    assert not hasher.verify("x" * (length - 1), hashed)
    assert not hasher.verify("x" * (length - 1) + "y", hashed)


def test_a_nul_ends_no_password(hasher: PasswordHasher) -> None:
    assert not hasher.verify("abc\0xyz", hasher.hash("abc\0123"))


@pytest.mark.parametrize(("typed", "meant"), [("ac\u0327a\u0303o", "ação"), ("\ufb01m", "fim"), ("Å", "Å")])
def test_keyboards_agree(hasher: PasswordHasher, typed: str, meant: str) -> None:
    assert hasher.verify(typed, hasher.hash(meant))


def test_case_counts(hasher: PasswordHasher) -> None:
    assert not hasher.verify("Password", hasher.hash("password"))


def test_each_hash_has_its_own_salt(hasher: PasswordHasher) -> None:
    assert hasher.hash("password") != hasher.hash("password")


@pytest.mark.parametrize("password", ["", "password"])
def test_nobody_has_no_password(hasher: PasswordHasher, password: str) -> None:
    assert not hasher.verify(password, None)


def test_nobody_takes_as_long_as_a_wrong_password() -> None:
    hasher = PasswordHasher(rounds=9)
    hashed = hasher.hash("password")

    started = time.thread_time()
    hasher.verify("wrong", hashed)
    of_somebody = time.thread_time() - started
    hasher.verify("wrong", None)

    assert time.thread_time() - started > 1.5 * of_somebody


def test_the_cost_is_in_the_hash() -> None:
    hashed = PasswordHasher(rounds=5).hash("password")

    assert hashed.startswith("$2b$05$")
    assert PasswordHasher(rounds=4).verify("password", hashed)
