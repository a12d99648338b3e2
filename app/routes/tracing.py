"""A span for each request: its route, status and id, and nothing that a caller wrote."""

from flask import Flask, Response, g, request

from app.services.ports.tracing import Span, Tracing


def register_tracing(app: Flask, tracing: Tracing) -> None:
    """Begin a span with each request, and end it with its answer, also where that is streamed."""

    def begin() -> None:
        rule = request.url_rule.rule if request.url_rule else None
        method = request.method if rule else "HTTP"  # anybody may invent methods
        g.span = tracing.request(f"{method} {rule or 'other'}")
        g.span.set("http.request.method", method)
        g.span.set("orquestradora.request_id", g.request_id)
        if rule:
            g.span.set("http.route", rule)

    def end(response: Response) -> Response:
        span: Span = g.span
        span.set("http.response.status_code", response.status_code)
        if response.status_code >= 500:
            span.fail(str(response.status_code))
        if response.is_streamed and not response.direct_passthrough:
            response.call_on_close(g.pop("span").end)
        return response

    def left(_error: BaseException | None) -> None:
        span: Span | None = g.pop("span", None)
        if span is not None:
            span.end()

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(left)
