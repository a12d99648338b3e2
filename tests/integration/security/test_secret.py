"""The secret that is made at the first start."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.security.secret import derive, load_or_create_secret


def test_a_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"

    secret = load_or_create_secret(path)

    assert len(secret) >= 64
    assert load_or_create_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["secret_key"]


def test_no_two_installations_share_one(tmp_path: Path) -> None:
    assert load_or_create_secret(tmp_path / "a") != load_or_create_secret(tmp_path / "b")


def test_many_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        secrets = list(threads.map(lambda _: load_or_create_secret(tmp_path / "secret_key"), range(16)))

    assert len(set(secrets)) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_a_draft_that_a_crash_left_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".secret_key.0000").write_text("half a sec")

    assert len(load_or_create_secret(tmp_path / "secret_key")) >= 64


def test_keys_for_different_purposes_have_nothing_in_common() -> None:
    keys = [derive("secret", "tokens"), derive("secret", "api keys at rest"), derive("another", "tokens")]

    assert len(set(keys)) == 3
    assert {len(key) for key in keys} == {32}
    assert derive("secret", "tokens") == keys[0]
