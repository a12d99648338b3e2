"""Who is calling: a person with a token, or a gateway with an assistant's key."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from flask import Flask, g, request
from flask_jwt_extended import JWTManager, create_access_token, get_current_user, get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt.exceptions import PyJWTError

from app.domain.assistants import Assistant
from app.domain.callers import Caller, KeyHolder
from app.domain.errors import InvalidError, UnauthorizedError
from app.domain.permissions import Action
from app.domain.users import Token, User
from app.routes.rate_limits import count_request
from app.routes.thread_shares import hold_thread
from app.services.access import check_scope
from app.services.keys import KeyService
from app.services.sessions import Sessions

View = Callable[..., Any]
Guard = Callable[[View], View]

_GENERATION = "generation"
_MOST_KNOWN = 10_000
_ISSUED_LEEWAY = timedelta(days=3660)

SECURITY_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "visitor": {"type": "http", "scheme": "bearer", "description": "The token of a session of the widget's"},
    "api_key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
TOKEN_OR_KEY: list[str | dict[str, list[Any]]] = ["token", "api_key"]


def init_tokens(app: Flask, sessions: Sessions, secrets: Sequence[bytes], hours: float) -> None:
    """Sign tokens with the first of `secrets` (HS256, RFC 7519) and accept those signed with one of them.

    A token names its secret by `kid` (RFC 7515, 4.1.4). One without is of version 0.1.0, and so of the oldest.

    A token issued in the future is one from before the clock was set back, and good; so the leeway is wide, and the
    expiry, which it would widen too, is looked at here.
    """
    app.config.update(
        JWT_SECRET_KEY=secrets[0],
        JWT_ALGORITHM="HS256",
        JWT_DECODE_ALGORITHMS=["HS256"],
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(hours=hours),
        JWT_TOKEN_LOCATION=["headers"],
        JWT_ENCODE_NBF=False,
        JWT_DECODE_LEEWAY=_ISSUED_LEEWAY,
    )

    known = _KnownTokens(sessions)

    def user_of(_header: Any, claims: Any) -> User | None:
        token = _token(claims)
        known.add(token)
        return known.user(token)

    def offer() -> None:
        g.known_tokens = known

    by_id = {_key_id(secret): secret for secret in secrets}

    def key_of(header: Any, _claims: Any) -> bytes:
        return by_id.get(str(header.get("kid", _key_id(secrets[-1]))), secrets[0])

    manager = JWTManager(app)
    manager.user_lookup_loader(user_of)
    manager.additional_headers_loader(lambda _identity: {"kid": _key_id(secrets[0])})
    manager.decode_key_loader(key_of)
    app.before_request(offer)


class _KnownTokens:
    """Tokens whose signatures were found right, by what was sent; whether they are still good is asked each time.

    Decoding one takes .3 ms, a fifth of what an operator costs who looks whether there is anything new.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._tokens: dict[bytes, Token] = {}

    def add(self, token: Token) -> None:
        """The request's token is signed, and is this one."""
        if len(self._tokens) >= _MOST_KNOWN:
            self._tokens.clear()
        self._tokens[_sent()] = token

    def get(self) -> Token | None:
        """The request's token, if it is known."""
        return self._tokens.get(_sent())

    def user(self, token: Token) -> User | None:
        """Whose it is, if it is still good."""
        return self._sessions.user(token) if token.expires_at > datetime.now(UTC) else None


def _sent() -> bytes:
    return hashlib.sha256(request.headers.get("Authorization", "").encode()).digest()


def _key_id(secret: bytes) -> str:
    """A name of a secret of 256 bits that tells nothing about it."""
    return hashlib.sha256(secret).hexdigest()[:16]


def token_for(user: User) -> str:
    """A new token."""
    return str(create_access_token(identity=user.id, additional_claims={_GENERATION: user.token_generation}))


def current_token() -> Token:
    """The token that came with the request of somebody who is signed in."""
    token: Token = g.token
    return token


def _token(claims: Mapping[str, Any]) -> Token:
    """Tokens of versions without generations are of the first one."""
    expires_at = datetime.fromtimestamp(claims.get("exp", 0), UTC)
    return Token(claims.get("jti") or "", claims["sub"], claims.get(_GENERATION, 0), expires_at)


def signed_in(view: View) -> View:
    """Let nobody in without a good token; checked before the body is read."""
    checked = _each_parameter_once(view)

    @wraps(view)
    def check(*args: Any, **kwargs: Any) -> Any:
        g.caller, g.token = _signed_in()
        count_request(f"user:{g.caller.id}")
        hold_thread(f"user:{g.caller.id}")
        return checked(*args, **kwargs)

    check.guard = signed_in  # type: ignore[attr-defined]  # for app/routes/body_limits.py
    return check


def _signed_in() -> tuple[User, Token]:
    """Whose token came with the request, and the token; raises `UnauthorizedError`."""
    known = g.get("known_tokens")  # none where a body's limit alone is asked for (app/routes/body_limits.py)
    token = known.get() if known else None
    user = known.user(token) if known and token else None
    if user is not None and token is not None:
        return user, token
    try:
        verify_jwt_in_request()
    except (JWTExtendedException, PyJWTError):
        raise UnauthorizedError("The token is missing, wrong or expired; please sign in.") from None
    return get_current_user(), _token(get_jwt())


def _each_parameter_once(view: View) -> View:
    """Refuse a filter that was given twice: one of the two would be ignored."""

    @wraps(view)
    def check(*args: Any, **kwargs: Any) -> Any:
        twice = {name[:100]: ["Was given twice."] for name, values in request.args.lists() if len(values) > 1}
        if twice:
            raise InvalidError("Some parameters were given twice.", twice)
        return view(*args, **kwargs)

    return check


def caller() -> Caller:
    """Who sent the token or the key that came with the request."""
    who: Caller = g.caller
    return who


def person() -> User:
    """The person whose token came with the request."""
    user: User = g.caller
    return user


def with_api_key(keys: KeyService) -> Callable[[View], View]:
    """Let nobody in without an assistant's key for customers' messages; checked before the body is read."""

    def decorate(view: View) -> View:
        @wraps(view)
        def check(*args: Any, **kwargs: Any) -> Any:
            g.assistant, g.caller = keys.holder(request.headers.get("X-API-Key", ""))
            _count_key(g.caller)
            check_scope(g.caller, Action.ANSWER)
            return view(*args, **kwargs)

        check.guard = decorate  # type: ignore[attr-defined]
        return check

    return decorate


def _count_key(holder: KeyHolder) -> None:
    count_request(f"key:{holder.id}", holder.per_minute)


def signed_in_or_with_api_key(keys: KeyService, *, key_first: bool = False) -> Guard:
    """Let in who has a good token or an assistant's key; what a key is good for, services ask.

    Of a request with both the token counts, or with `key_first` the key.
    """

    def decorate(view: View) -> View:
        with_token, with_key = signed_in(view), _each_parameter_once(view)

        @wraps(view)
        def check(*args: Any, **kwargs: Any) -> Any:
            both = "Authorization" in request.headers and "X-API-Key" in request.headers
            if "X-API-Key" not in request.headers or (both and not key_first):
                return with_token(*args, **kwargs)
            _, g.caller = keys.holder(request.headers["X-API-Key"])
            _count_key(g.caller)
            hold_thread(f"key:{g.caller.assistant_id}")
            return with_key(*args, **kwargs)

        check.guard = decorate  # type: ignore[attr-defined]
        return check

    return decorate


def calling_assistant() -> Assistant:
    """The assistant whose key came with the request."""
    assistant: Assistant = g.assistant
    return assistant
