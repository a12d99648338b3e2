"""What the fake of Meta's Graph API demands of requests, and answers to those that are not as it wants them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


@dataclass(frozen=True)
class Reply:
    """An answer: a status and JSON, or bytes of a type."""

    status: int = 200
    content: Any = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else json.dumps(self.content).encode()


@dataclass(frozen=True)
class Fault:
    """What happens to one message: whether it is sent all the same, and the answer; without one, how it ends."""

    reply: Reply | None = None
    accepts: bool = False
    hangs: bool = False


class GraphError(Exception):
    """What Graph answers instead."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply)
        self.reply = reply


def error(
    code: int, status: int = 400, *, details: str = "", headers: Mapping[str, str] | None = None, **more: Any
) -> Reply:
    """Graph's answer for an error."""
    told = {
        "message": f"(#{code}) An error",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "Az8or2",
        **more,
    }
    if details:
        told["error_data"] = {"messaging_product": "whatsapp", "details": details}
    return Reply(status, {"error": told}, headers=headers or {})


def failing(code: int, status: int = 400, **more: Any) -> Fault:
    """The message is refused with this code."""
    return Fault(error(code, status, **more))


ERROR_IN_200 = Fault(error(131000, 200))
HTML = Fault(Reply(200, b"<html>Sorry, something went wrong.</html>", "text/html"))
BAD_GATEWAY = Fault(Reply(502, b"<html>Bad gateway</html>", "text/html"))
EMPTY = Fault(Reply(200, b""))
NOTHING = Fault()
"""The connection ends without an answer; the message was not sent."""
LOST = Fault(accepts=True)
"""The message was sent, and the connection ends without an answer."""
ACCEPTED_LATE = Fault(accepts=True, hangs=True)
"""The message was sent, and no answer comes."""
HANG = Fault(hangs=True)


def check_message(body: Any) -> None:
    """A text or template to a phone number or a user id, with nothing in it that Meta does not know."""
    content = "template" if isinstance(body, dict) and body.get("type") == "template" else "text"
    demand(
        body,
        {"messaging_product", "recipient_type", "type", content},
        {"to", "recipient", "biz_opaque_callback_data", "context"},
    )
    demand_that(body["messaging_product"] == "whatsapp" and body["recipient_type"] == "individual")
    demand_that(("to" in body) != ("recipient" in body))
    demand_that(re.fullmatch(r"\+?[0-9]{5,20}", body.get("to", "12345")) is not None)
    demand_that(_USER_ID.fullmatch(body.get("recipient", "BR.1")) is not None)
    demand_that(body["type"] == content)
    (_check_template if content == "template" else _check_text)(body[content])
    callback_data = body.get("biz_opaque_callback_data", "")
    demand_that(isinstance(callback_data, str) and len(callback_data) <= 512)


def _check_text(text: Any) -> None:
    demand(text, {"body"}, {"preview_url"})
    demand_that(isinstance(text["body"], str) and len(text["body"].strip()) > 0)
    demand_that(len(text["body"]) <= 4096 and isinstance(text.get("preview_url", False), bool))


def _check_template(template: Any) -> None:
    demand(template, {"name", "language"}, {"components"})
    demand(template["language"], {"code"}, set())
    for component in template.get("components", []):
        demand(component, {"type", "parameters"}, set())
        demand_that(component["type"] == "body" and len(component["parameters"]) > 0)
        for parameter in component["parameters"]:
            demand(parameter, {"type", "text"}, set())
            demand_that(parameter["type"] == "text" and "\n" not in parameter["text"])


def demand_json(headers: Mapping[str, str], body: Any) -> None:
    """The body is a JSON object, and says so."""
    is_json = headers.get("content-type", "").startswith("application/json")
    demand_that(is_json and isinstance(body, dict))


def demand(body: Any, needed: set[str], allowed: set[str]) -> None:
    """An object with these names and no others."""
    demand_that(isinstance(body, dict))
    if missing := needed - set(body):
        raise GraphError(error(131008, details=f"Missing {sorted(missing)}"))
    if unknown := set(body) - needed - allowed:
        raise GraphError(error(100, details=f"Unexpected {sorted(unknown)}"))


def demand_that(is_good: bool) -> None:
    """Graph's error for a value that is not good."""
    if not is_good:
        raise GraphError(error(131009, details="Parameter value is not valid"))
