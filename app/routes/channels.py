"""/channels and /outbox: how WhatsApp and others reach an assistant"""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.domain.channels import AssistantChannel
from app.routes.authentication import caller, signed_in
from app.routes.paging import list_of, page
from app.routes.schemas.channels import (
    AccountOut,
    AccountsIn,
    ChannelIn,
    ChannelOut,
    ChannelQuery,
    ChannelUpdateIn,
    CheckOut,
    LinkOut,
    OutboxQuery,
    PartOut,
)
from app.routes.schemas.common import MessageOut
from app.services.channels.accounts import ProviderAccounts
from app.services.channels.outbox_service import OutboxService, PartFilter
from app.services.channels.service import ChannelService, NewChannel
from app.services.ports import Clock


def channel_routes(
    channels: ChannelService,
    accounts: ProviderAccounts,
    outbox: OutboxService,
    clock: Clock,
    public_url: str | None,
) -> APIBlueprint:
    """Channels, and what is on its way through them."""
    api = APIBlueprint("channels", __name__, tag="Channels")

    def base() -> str:
        return (public_url or request.host_url).rstrip("/")

    def shown(channel: AssistantChannel) -> ChannelOut:
        return ChannelOut.of(channel, clock(), base(), has_room=channels.has_room(channel))

    @api.get("/channels/list")
    @api.doc(summary="List an assistant's channels, newest first", security="token", responses=[403, 404])
    @signed_in
    @api.input(ChannelQuery, location="query")
    @api.output(list_of(ChannelOut))
    def list_all(query_data: ChannelQuery) -> Any:
        def read(before: str | None, limit: int) -> Any:
            return channels.page(caller(), query_data.assistant_id, before, limit)

        return page(query_data, read, shown, lambda channel: channel.id)

    @api.post("/channels/add")
    @api.doc(summary="Add a channel", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(ChannelIn)
    @api.output(ChannelOut, status_code=201)
    def add(json_data: ChannelIn) -> Any:
        new = json_data
        wanted = NewChannel(new.kind, new.name, new.values())
        return shown(channels.add(caller(), new.assistant_id, wanted, base()))

    @api.post("/channels/accounts")
    @api.doc(summary="Ask a provider what a new channel can be of", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(AccountsIn)
    @api.output(list_of(AccountOut))
    def list_accounts(json_data: AccountsIn) -> Any:
        asked = json_data
        return [
            AccountOut.of(one) for one in accounts.found(caller(), asked.assistant_id, asked.kind, asked.values())
        ]

    @api.get("/channels/get/<channel_id>")
    @api.doc(summary="Get a channel", security="token", responses=[403, 404])
    @signed_in
    @api.output(ChannelOut)
    def get(channel_id: str) -> Any:
        return shown(channels.get(caller(), channel_id))

    @api.put("/channels/update/<channel_id>")
    @api.doc(summary="Change a channel", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(ChannelUpdateIn)
    @api.output(ChannelOut)
    def update(channel_id: str, json_data: ChannelUpdateIn) -> Any:
        return shown(channels.update(caller(), channel_id, json_data.values(), base(), name=json_data.name))

    @api.post("/channels/check/<channel_id>")
    @api.doc(summary="Ask a channel's provider whether all is well", security="token", responses=[403, 404])
    @signed_in
    @api.output(list_of(CheckOut))
    def check(channel_id: str) -> Any:
        return [CheckOut.of(one) for one in channels.check(caller(), channel_id, base())]

    @api.get("/channels/qrCode/<channel_id>")
    @api.doc(summary="Get what to scan with the phone", security="token", responses=[403, 404, 409])
    @signed_in
    @api.output(LinkOut)
    def qr_code(channel_id: str) -> Any:
        return LinkOut.of(channels.qr_code(caller(), channel_id))

    @api.delete("/channels/delete/<channel_id>")
    @api.doc(summary="Delete a channel", security="token", responses=[403, 404])
    @signed_in
    @api.output(MessageOut)
    def delete(channel_id: str) -> Any:
        channels.delete(caller(), channel_id)
        return MessageOut(message="The channel was deleted; nothing more comes in or goes out by it.")

    @api.get("/outbox/list")
    @api.doc(summary="List the parts sent through a channel, newest first", security="token", responses=[403, 404])
    @signed_in
    @api.input(OutboxQuery, location="query")
    @api.output(list_of(PartOut))
    def list_parts(query_data: OutboxQuery) -> Any:
        def read(before: str | None, limit: int) -> Any:
            wanted = PartFilter(query_data.channel_id, query_data.chat_id, query_data.state)
            return outbox.page(caller(), wanted, before, limit)

        return page(query_data, read, PartOut.of, lambda part: part.id)

    @api.post("/outbox/resend/<part_id>")
    @api.doc(summary="Send a part of an answer again", security="token", responses=[403, 404, 409])
    @signed_in
    @api.output(PartOut, status_code=202)
    def resend(part_id: str) -> Any:
        return PartOut.of(outbox.resend(caller(), part_id))

    return api
