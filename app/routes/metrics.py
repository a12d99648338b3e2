"""GET /metrics, and what it counts of each request."""

import hmac
import time
from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST

from app.domain.errors import UnauthorizedError
from app.services.metrics import Meters


def register_metrics(app: Flask, meters: Meters) -> None:
    """Count each request when its answer has been made, or streamed."""

    def end(response: Response) -> Response:
        method, rule, status, began = request.method, request.url_rule, response.status_code, g.began
        route = rule.rule if rule else None

        def count() -> None:
            meters.request(method, route, status, time.perf_counter() - began)

        if response.is_streamed and not response.direct_passthrough:
            response.call_on_close(count)
        else:
            count()
        if status >= 400:
            body = response.get_json(silent=True)
            meters.error(body["code"] if isinstance(body, dict) and "code" in body else f"http_{status}")
        return response

    app.after_request(end)


def metrics_routes(render: Callable[[], bytes] | None, token: str | None) -> APIBlueprint:
    """Metrics for Prometheus, for who knows the token; nothing where no token is set."""
    api = APIBlueprint("metrics", __name__)

    @api.get("/metrics")
    @api.doc(hide=True)
    def show() -> Any:
        if render is None or not token:
            abort(404)
        sent = request.authorization
        given = (sent.token or "") if sent and sent.type == "bearer" else ""
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise UnauthorizedError("The token for metrics (METRICS_TOKEN) is missing or wrong.")
        return Response(render(), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})

    return api
