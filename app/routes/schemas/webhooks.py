"""Webhooks and their deliveries."""

from typing import Annotated

from pydantic import Field

from app.domain.webhooks import Delivery, DeliveryState, EventType, Webhook
from app.routes.schemas.common import ID_PATTERN, AnswerModel, Id, Moment, PageQuery, QueryModel, RequestModel, Text
from app.services.webhooks.delivery_service import DeliveryFilter
from app.services.webhooks.service import NewWebhook

_ALL = tuple(EventType)


class WebhookIn(RequestModel):
    """A new webhook."""

    url: Text = Field(description="Where to post to, by https", examples=["https://crm.example.com/hooks"])
    events: list[Annotated[EventType, Field(strict=False)]] = Field(
        list(_ALL), min_length=1, max_length=100, description="Which types of events it is told of; all by default"
    )


class WebhookOut(AnswerModel):
    """A webhook."""

    underscore_id: Id = Field(alias="_id")
    url: str
    events: list[EventType]
    created_at: Moment = Field(alias="createdAt")
    disabled_at: Moment | None = Field(description="When its receiver answered 410 (Gone); nothing is sent since")

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookOut":
        return cls(
            underscore_id=webhook.id,
            url=webhook.url,
            events=list(webhook.events),
            created_at=webhook.created_at,
            disabled_at=webhook.disabled_at,
        )


class NewWebhookOut(WebhookOut):
    """A webhook that was just made."""

    secret: str = Field(description="What signs its deliveries; shown this once", examples=["whsec_MfKQ9r8GKYqr"])

    @classmethod
    def of_new(cls, new: NewWebhook) -> "NewWebhookOut":
        return cls(**WebhookOut.of(new.webhook).model_dump(by_alias=False), secret=new.secret)


class WebhookQuery(QueryModel):
    """Which webhook is meant."""

    webhook_id: str


class DeliveryQuery(PageQuery):
    """Which deliveries to list."""

    webhook_id: str | None = Field(None, pattern=ID_PATTERN)
    state: DeliveryState | None = None

    def to_filter(self) -> DeliveryFilter:
        """The filter for the service."""
        return DeliveryFilter(self.webhook_id, self.state)


class ResendIn(RequestModel):
    """Which delivery to send again."""

    delivery_id: Text


class DeliveryOut(AnswerModel):
    """One event for one webhook."""

    underscore_id: Id = Field(alias="_id", description="What the receiver gets as `webhook-id`, at every attempt")
    webhook_id: Id
    type: EventType
    state: DeliveryState = Field(description="`pending`: it is sent, or waits for a retry; `failed`: given up")
    attempts: int = Field(description="How many were begun")
    next_attempt_at: Moment | None = Field(description="While it is pending")
    status: int | None = Field(description="The status the receiver answered the last attempt with")
    error: str | None = Field(description="Why the last attempt failed")
    created_at: Moment = Field(alias="createdAt")
    ended_at: Moment | None = Field(description="When it was delivered or given up; kept for 7 days from then")

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryOut":
        return cls(
            underscore_id=delivery.id,
            webhook_id=delivery.webhook_id,
            type=delivery.type,
            state=delivery.state,
            attempts=delivery.attempts,
            next_attempt_at=delivery.next_at,
            status=delivery.status,
            error=delivery.error,
            created_at=delivery.created_at,
            ended_at=delivery.ended_at,
        )
