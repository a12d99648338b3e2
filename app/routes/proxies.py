"""What the proxies in front say of a request: who called, and by which address."""

import logging
from collections.abc import Iterable
from ipaddress import ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

_log = logging.getLogger(__name__)


def trust_proxies(app: Flask, hops: int) -> None:
    """Believe the X-Forwarded-* headers of `hops` proxies.

    Each proxy appends the caller it saw to X-Forwarded-For, so that the caller is `hops` from the end. The
    scheme and the host are what the nearest proxy says: proxies pass them on or replace them, but do not append.
    """
    app.wsgi_app = ProxyFix(_ClientAddress(app.wsgi_app), x_for=hops, x_proto=1, x_host=1)  # type: ignore[method-assign]


class _ClientAddress:
    """Takes the port from the caller's address, which some proxies send along (`203.0.113.7:50123`).

    Warns once where nothing was forwarded: the server may have removed the headers before they got here.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._warned = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = _without_port(environ.get("REMOTE_ADDR", ""))
        is_probe = environ.get("PATH_INFO") in {"/health", "/ready"}
        if "HTTP_X_FORWARDED_FOR" not in environ and not is_probe and not self._warned:
            self._warned = True
            _log.warning(
                "TRUSTED_PROXIES is set, but a request came without X-Forwarded-For: the proxy must send it, and "
                "waitress-serve needs --no-clear-untrusted-proxy-headers"
            )
        return self._app(environ, start_response)


def _without_port(address: str) -> str:
    host = address.rpartition(":")[0] if address.count(":") == 1 or "]:" in address else address
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return address
