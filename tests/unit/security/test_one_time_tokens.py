"""Tokens in links."""

from app.security.one_time_tokens import new_token, token_hash


def test_no_token_comes_twice_and_its_hash_does_not_tell_it() -> None:
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}
    assert len({token_hash(token) for token in tokens}) == 100
    assert not any(token in token_hash(token) for token in tokens)
