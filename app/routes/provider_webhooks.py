"""/webhooks: the providers' side of channels"""

from apiflask import APIBlueprint
from flask import Response, request

from app.domain.channels import WebhookRequest
from app.services.channels.webhook_receiver import WebhookReceiver

# Meta's largest webhooks have 3 MB.
_MOST_BYTES = 4 * 1024 * 1024


def provider_webhook_routes(receiver: WebhookReceiver) -> APIBlueprint:
    """What providers post: stored, then answered."""
    api = APIBlueprint("provider_webhooks", __name__, url_prefix="/webhooks")

    @api.route("/<webhook_id>", methods=["GET", "POST"])
    @api.route("/<webhook_id>/<path:event>", methods=["POST"])
    @api.doc(hide=True)  # a provider's own contract, not ours
    def receive(webhook_id: str, event: str | None = None) -> Response:
        request.max_content_length = _MOST_BYTES
        told = WebhookRequest(
            request.method,
            {name.lower(): value for name, value in request.headers.items()},
            request.args.to_dict(),
            request.get_data(cache=False),
        )
        return Response(receiver.receive(webhook_id, told), content_type="text/plain; charset=utf-8")

    receive.most_bytes = _MOST_BYTES  # type: ignore[attr-defined]  # for app/routes/body_limits.py
    return api
