"""/assistants: webhooks, and what was sent to them"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import caller, signed_in
from app.routes.paging import list_of, page
from app.routes.schemas.common import MessageOut, PageQuery
from app.routes.schemas.webhooks import (
    DeliveryOut,
    DeliveryQuery,
    NewWebhookOut,
    ResendIn,
    WebhookIn,
    WebhookOut,
    WebhookQuery,
)
from app.services.webhooks.delivery_service import DeliveryService
from app.services.webhooks.service import WebhookService


def webhook_routes(webhooks: WebhookService, deliveries: DeliveryService) -> APIBlueprint:
    """Webhooks out."""
    api = APIBlueprint("webhooks", __name__, url_prefix="/assistants", tag="Webhooks")

    @api.get("/webhooks/<assistant_id>")
    @api.doc(summary="List an assistant's webhooks, newest first", security="token", responses=[403, 404])
    @signed_in
    @api.input(PageQuery, location="query")
    @api.output(list_of(WebhookOut))
    def list_all(assistant_id: str, query_data: PageQuery) -> Any:
        def read(before: str | None, limit: int) -> Any:
            return webhooks.page(caller(), assistant_id, before, limit)

        return page(query_data, read, WebhookOut.of, lambda webhook: webhook.id)

    @api.post("/webhooks/<assistant_id>")
    @api.doc(summary="Add a webhook", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(WebhookIn)
    @api.output(NewWebhookOut, status_code=201)
    def add(assistant_id: str, json_data: WebhookIn) -> Any:
        return NewWebhookOut.of_new(webhooks.add(caller(), assistant_id, json_data.url, json_data.events))

    @api.delete("/webhooks/<assistant_id>")
    @api.doc(summary="Delete a webhook", security="token", responses=[403, 404])
    @signed_in
    @api.input(WebhookQuery, location="query")
    @api.output(MessageOut)
    def delete(assistant_id: str, query_data: WebhookQuery) -> Any:
        webhooks.delete(caller(), assistant_id, query_data.webhook_id)
        return MessageOut(message="The webhook was deleted; nothing more is sent to it.")

    @api.get("/webhookDeliveries/<assistant_id>")
    @api.doc(summary="List what was sent to webhooks, newest first", security="token", responses=[403, 404])
    @signed_in
    @api.input(DeliveryQuery, location="query")
    @api.output(list_of(DeliveryOut))
    def list_deliveries(assistant_id: str, query_data: DeliveryQuery) -> Any:
        def read(before: str | None, limit: int) -> Any:
            return deliveries.page(caller(), assistant_id, query_data.to_filter(), before, limit)

        return page(query_data, read, DeliveryOut.of, lambda delivery: delivery.entry_id)

    @api.post("/resendWebhook/<assistant_id>")
    @api.doc(summary="Send a delivery again", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(ResendIn)
    @api.output(DeliveryOut, status_code=202)
    def resend(assistant_id: str, json_data: ResendIn) -> Any:
        return DeliveryOut.of(deliveries.send_again(caller(), assistant_id, json_data.delivery_id))

    return api
