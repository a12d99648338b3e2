"""The API keys of assistants."""

import re

import pytest

from app.security.keys import KeyVault

SECRET = "a secret for tests, long enough to be one"


@pytest.fixture
def vault() -> KeyVault:
    return KeyVault(SECRET)


def test_keys_are_64_url_safe_characters(vault: KeyVault) -> None:
    keys = {vault.create() for _ in range(50)}

    assert len(keys) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{64}", key) for key in keys)


def test_a_hash_is_always_the_same_and_no_key(vault: KeyVault) -> None:
    key = vault.create()

    assert vault.hash(key) == KeyVault("another").hash(key)
    assert vault.hash(key) != vault.hash(key + "x")
    assert key not in vault.hash(key)


@pytest.mark.parametrize("key", ["", "é", "\udc80\udcff", "x" * 10_000, "\0"])
def test_anything_can_be_hashed(vault: KeyVault, key: str) -> None:
    assert re.fullmatch("[0-9a-f]{64}", vault.hash(key))


def test_a_key_is_shown_with_its_own_secret_only(vault: KeyVault) -> None:
    key = vault.create()
    stored = vault.encrypt(key)

    assert key.encode() not in stored
    assert KeyVault(SECRET).decrypt(stored) == key
    assert KeyVault("another secret, long enough to be one").decrypt(stored) == ""


def test_what_was_encrypted_under_an_older_secret_is_read_and_renewed() -> None:
    oldest, old, new = (f"{number} secret, long enough to be one, it is" for number in range(3))
    stored = KeyVault(oldest).encrypt("key")
    vault = KeyVault(new, [old, oldest])

    assert vault.decrypt(stored) == "key"
    assert not vault.is_current(stored)
    renewed = vault.renewed(stored)
    assert renewed is not None
    assert vault.is_current(renewed)
    assert KeyVault(new).decrypt(renewed) == "key"
    assert KeyVault(new).decrypt(stored) == ""
    assert KeyVault(new).renewed(stored) is None


def test_a_changed_ciphertext_shows_nothing(vault: KeyVault) -> None:
    stored = vault.encrypt(vault.create())

    assert vault.decrypt(stored[:-2] + b"AA") == ""
    assert vault.decrypt(b"") == ""
