"""How often callers may ask, for all routes in one place.

A request counts for whoever its credentials name, once these are known to be good; without good credentials, and
where none are asked for, it counts for the address it came from.
"""

import hashlib
import math

from apiflask import APIFlask
from flask import Response, g, request

from app.domain.client_addresses import client_network
from app.domain.errors import RateLimitedError
from app.domain.rate_limits import LimitClass, Usage
from app.routes.errors import error_of
from app.services.rate_limits import RateLimiter

LIMIT_HEADERS = ("RateLimit", "RateLimit-Policy")

# Providers send as much as there is, and are known by their signatures.
_UNLIMITED = frozenset({"health.health", "health.ready", "provider_webhooks.receive"})
_CLASSES = {
    "messages.answer": LimitClass.MESSAGES,
    "messages.record": LimitClass.MESSAGES,
    "knowledge.search": LimitClass.SEARCH,
    "bench.ask": LimitClass.SEARCH,
    "documents.add": LimitClass.UPLOADS,
    "documents.add_url": LimitClass.UPLOADS,
    "evaluation_cases.take": LimitClass.UPLOADS,
    "auth.register": LimitClass.REGISTER,
    "auth.login": LimitClass.REGISTER,
    "auth.change_password": LimitClass.REGISTER,
    "auth.forgot_password": LimitClass.REGISTER,
    "auth.reset_password": LimitClass.REGISTER,
    "widget.open_session": LimitClass.VISITORS,
    "widget.write": LimitClass.VISITOR_MESSAGES,
}
# These ask for no credentials, so that the address counts before anything is done.
_ANONYMOUS = frozenset(
    {"auth.register", "auth.login", "auth.forgot_password", "auth.reset_password", "docs_asset", "metrics.show"}
)
_ANONYMOUS_BLUEPRINTS = frozenset({"openapi", "dashboard", "widget_script"})


def register_rate_limits(app: APIFlask, limiter: RateLimiter) -> None:
    """Count each request, and tell what is left in the headers of its answer."""

    def begin() -> None:
        g.rate_limiter, g.rate_limit_usage = limiter, None
        if request.endpoint in _ANONYMOUS or request.blueprint in _ANONYMOUS_BLUEPRINTS:
            count_address()

    def end(response: Response) -> Response:
        if response.status_code == 401 and g.get("rate_limit_usage") is None and limit_class() is not None:
            try:
                count_address()
            except RateLimitedError as error:
                response = error_of(error)
        usage = g.get("rate_limit_usage")
        if usage is not None:
            response.headers.update(_headers(usage))
        return response

    app.before_request(begin)
    app.after_request(end)


def limit_class() -> LimitClass | None:
    """What the request counts as; None: it does not count."""
    if request.endpoint is None or request.endpoint in _UNLIMITED or request.method == "OPTIONS":
        return None
    return _CLASSES.get(request.endpoint, LimitClass.READS)


def count_address(kind: LimitClass | None = None) -> None:
    """Count this request for the address it came from, in the class `kind` or the route's own one."""
    count_request(_address(), kind=kind)


def count_request(caller: str, per_minute: int | None = None, kind: LimitClass | None = None) -> None:
    """Count this request for `caller` (`user:<id>`, `key:<id>`); raises `RateLimitedError` if it is one too many.

    Called once the credentials are known to be good. `per_minute` is a limit of a key's own, beside those in the
    settings. `kind` is another class than the route's own one.
    """
    if "rate_limiter" not in g:  # it is asked for a body's limit alone (app/routes/body_limits.py)
        return
    kind = kind or limit_class()
    usage = g.rate_limiter.take(kind, caller, per_minute) if kind else None
    g.rate_limit_usage = usage
    if usage is not None and not usage.is_allowed:
        raise RateLimitedError(math.ceil(usage.seconds) or 1)


def _address() -> str:
    """The address as a caller; what is stored of it cannot be read."""
    network = client_network(request.remote_addr or "")
    return f"address:{hashlib.sha256(network.encode()).hexdigest()[:32]}"


def _headers(usage: Usage) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers-10 has them, lists of structured fields (RFC 9651)."""
    limit = usage.limit
    return {
        "RateLimit-Policy": f'"{limit.name}";q={limit.amount};w={limit.seconds}',
        "RateLimit": f'"{limit.name}";r={usage.remaining};t={math.ceil(usage.seconds)}',
    }
