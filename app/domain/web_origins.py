"""Origins of web pages: what a browser sends as `Origin` (RFC 6454, 6.2)."""

import re
from urllib.parse import urlsplit

_SEPARATORS = re.compile(r"[\s,]+")
_USUAL_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]", re.ASCII)


def origins_in(text: str) -> tuple[str, ...]:
    """What stands in a list, separated by commas, blanks or lines; each once."""
    return tuple(dict.fromkeys(one for one in _SEPARATORS.split(text) if one))


def as_origin(text: str) -> str | None:
    """The origin as browsers write it: in small letters, international names in ASCII, a usual port left out.

    None for what is no origin: `*`, `null`, a path, a user, another scheme.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        host = f"[{host}]" if ":" in host else host.encode("idna").decode().lower()
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in _USUAL_PORTS or not _HOST.fullmatch(host) or port == 0:
        return None
    if "@" in parts.netloc or parts.path not in {"", "/"} or parts.query or parts.fragment:
        return None
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, _USUAL_PORTS[parts.scheme]} else "")
