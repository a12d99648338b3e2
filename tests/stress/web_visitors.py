"""Visitors of a site in the proofs: their pages post to the widget's routes, and ask for answers."""

import json
from threading import Lock
from typing import Any

import httpx

_SITE = "https://www.loja.example"


class Web:
    """The widget; each contact is a visitor with a session, which `open` begins."""

    name = "web"

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._path = ""
        self._tokens: dict[int, str] = {}
        self._shown: dict[int, dict[int, str]] = {}
        self._lock = Lock()

    def fields(self) -> dict[str, str]:
        return {"origins": _SITE}

    def open(self, path: str, contact: int) -> None:
        """Begin a session; `path` is where messages are posted to."""
        self._path = path
        opened = self._http.post(path.replace("/messages", "/sessions"), json={}, headers={"Origin": _SITE})
        assert opened.status_code == 201, opened.text
        self._tokens[contact], self._shown[contact] = opened.json()["token"], {}

    def request(self, contact: int, number: int, text: str, *, age: float = 0) -> tuple[bytes, dict[str, str]]:
        """As a `Kind`'s; the age is the service's to tell."""
        body = {"id": f"message-{contact}-{number}", "text": text}
        return json.dumps(body).encode(), {"Content-Type": "application/json", **self._headers(contact)}

    def look(self, contact: int) -> None:
        """Fetch what is new, as the page does; the service keeps the latest hundred."""
        with self._lock:
            shown = self._shown[contact]
        try:
            told = self._http.get(
                self._path, params={"after": max(shown, default=0)}, headers=self._headers(contact)
            )
        except httpx.TransportError:
            return
        if told.status_code == 200:
            with self._lock:
                shown.update({one["number"]: _said(one) for one in told.json()["messages"]})

    def sent(self) -> list[tuple[int, str]]:
        """To whom which answers were shown, in their order."""
        for contact in self._tokens:
            self.look(contact)
        return [(one, text) for one, shown in self._shown.items() for _, text in sorted(shown.items()) if text]

    def _headers(self, contact: int) -> dict[str, str]:
        return {"Origin": _SITE, "Authorization": f"Bearer {self._tokens[contact]}"}


def _said(message: dict[str, Any]) -> str:
    """What the business said, "" for what the visitor did."""
    return str(message["text"]) if message["by"] == "business" else ""
