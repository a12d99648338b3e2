"""/widget: what a visitor's page asks for, from the origins that the channel lists

These routes take no cookies, and answer other origins by themselves; CORS_ORIGINS has no say in them.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask import Response, g, request, send_from_directory

from app.domain.channels import AssistantChannel
from app.domain.rate_limits import LimitClass
from app.domain.visitors import VisitorSession
from app.routes.rate_limits import LIMIT_HEADERS, count_address, count_request, limit_class
from app.routes.schemas.widget import (
    AcceptedOut,
    MessagesOut,
    MessagesQuery,
    SeenIn,
    SeenOut,
    SessionOut,
    VisitorMessageIn,
    VisitorMessageOut,
    WidgetOut,
)
from app.services.channels.visitors import VisitorService

_FOLDER = Path(__file__).parents[1] / "widget"
_SCRIPT_SECONDS = 3600
_PREFLIGHT_SECONDS = 7200


def widget_script_routes() -> APIBlueprint:
    """The script that sites load."""
    api = APIBlueprint("widget_script", __name__, enable_openapi=False)

    @api.get("/widget.js")
    def script() -> Any:
        response = send_from_directory(_FOLDER, "widget.js", mimetype="text/javascript", max_age=_SCRIPT_SECONDS)
        response.cache_control.public = True
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return api


def widget_routes(visitors: VisitorService) -> APIBlueprint:
    """The routes that the script uses."""
    api = APIBlueprint("widget", __name__, tag="Widget")
    api.before_request(_admission(visitors))
    api.after_request(_let_read)
    with_session = _sessions(visitors)

    @api.get("/widget/<key>/config")
    @api.doc(summary="Get how a widget looks", responses=[403, 404])
    @api.output(WidgetOut)
    def config(key: str) -> Any:
        options = _channel().options
        visitors.loaded(_channel())
        return WidgetOut(
            title=options["title"], greeting=options["greeting"], most_characters=visitors.longest_message
        )

    @api.post("/widget/<key>/sessions")
    @api.doc(summary="Open a visitor's session", responses=[403, 404])
    @api.output(SessionOut, status_code=201)
    def open_session(key: str) -> Any:
        return SessionOut.of(*visitors.open(_channel()))

    @api.post("/widget/<key>/messages")
    @api.doc(summary="Write to the assistant", security="visitor", responses=[403, 404])
    @with_session
    @api.input(VisitorMessageIn)
    @api.output(AcceptedOut, status_code=202)
    def write(key: str, json_data: VisitorMessageIn) -> Any:
        visitors.write(_channel(), _session(), json_data.id, json_data.text)
        return AcceptedOut(id=json_data.id)

    @api.get("/widget/<key>/messages")
    @api.doc(summary="Get the messages since", security="visitor", responses=[403, 404])
    @with_session
    @api.input(MessagesQuery, location="query")
    @api.output(MessagesOut)
    def messages(key: str, query_data: MessagesQuery) -> Any:
        found = visitors.messages(_session(), query_data.after)
        typing = visitors.is_typing(_session())
        return MessagesOut(messages=[VisitorMessageOut.of(one) for one in found], typing=typing)

    @api.post("/widget/<key>/seen")
    @api.doc(summary="Tell which messages the page has and has shown", security="visitor", responses=[403, 404])
    @with_session
    @api.input(SeenIn)
    @api.output(SeenOut)
    def seen(key: str, json_data: SeenIn) -> Any:
        delivered, read = visitors.seen(_channel(), _session(), json_data.delivered, json_data.read)
        return SeenOut(delivered=delivered, read=read)

    return api


def _admission(visitors: VisitorService) -> Callable[[], None]:
    """What comes before each of these requests, the browser's own one (`OPTIONS`) too."""

    def admit() -> None:
        try:
            origin = _origin()
            g.visitor_channel = visitors.channel((request.view_args or {})["key"], origin)
            g.visitor_origin = origin
        finally:
            if request.method != "OPTIONS":
                count_address(LimitClass.VISITORS if limit_class() is LimitClass.VISITOR_MESSAGES else None)

    return admit


def _origin() -> str:
    """The page's origin. Browsers leave it out of what a page of this service's own origin reads."""
    if "Origin" not in request.headers and request.headers.get("Sec-Fetch-Site") == "same-origin":
        return f"{request.scheme}://{request.host}"
    return request.headers.get("Origin", "")


def _let_read(response: Response) -> Response:
    """Let the page read the answer, errors too, if its origin is listed."""
    response.vary.add("Origin")
    origin = g.get("visitor_origin")
    if origin is None:
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = ", ".join(("Retry-After", "X-Request-ID", *LIMIT_HEADERS))
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_SECONDS)
    return response


def _sessions(visitors: VisitorService) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let nobody in without a session of the widget's; checked before the body is read."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def check(*args: Any, **kwargs: Any) -> Any:
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            session = visitors.session(_channel(), token.strip() if scheme == "Bearer" else "")
            count_request(f"session:{session.id}")
            g.visitor_session = session
            return view(*args, **kwargs)

        return check

    return decorate


def _channel() -> AssistantChannel:
    channel: AssistantChannel = g.visitor_channel
    return channel


def _session() -> VisitorSession:
    session: VisitorSession = g.visitor_session
    return session
