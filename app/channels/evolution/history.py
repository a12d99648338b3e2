"""Messages from Evolution's database, for when webhooks were lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from app.channels.evolution.api import EvolutionApi, instance_path
from app.channels.evolution.content import mapping
from app.channels.evolution.keys import moment_of
from app.channels.evolution.parsing import message_events, status_events
from app.domain.channels import AssistantChannel, ChannelEvent, ErrorAction, ProviderError

_PAGE = 50
_MOST_PAGES = 40
_MOST_HALVINGS = 20
_FAR_AHEAD = datetime(2038, 1, 1, tzinfo=UTC)
"""Evolution looks at `gte` only beside an `lte`, and keeps seconds in 32 bits."""
_FURTHEST = ("PLAYED", "READ", "DELIVERY_ACK", "SERVER_ACK", "ERROR", "PENDING")

Record = Mapping[str, Any]


def events_since(api: EvolutionApi, channel: AssistantChannel, moment: datetime) -> Sequence[ChannelEvent]:
    """What came since a moment, the oldest first, with the statuses of what was sent; raises `ProviderError`.

    At most 2,000 messages: the oldest, so that the rest can be asked for from the last one on.
    """
    records = sorted(records_since(api, channel, moment), key=lambda record: _time(record) or moment)
    return [event for record in records for event in _events(record)]


def records_since(
    api: EvolutionApi, channel: AssistantChannel, moment: datetime, **where: Mapping[str, Any]
) -> Iterator[Record]:
    """Messages of Evolution's database since a moment, each once; raises `ProviderError`.

    Where there are too many, the time is halved until there are not.
    """
    search = _Search(api, channel, moment, _FAR_AHEAD, where)
    for _ in range(_MOST_HALVINGS):
        pages, records = search.page(1)
        if pages <= _MOST_PAGES:
            yield from search.all(pages, records)
            return
        newest = max((at for record in records if (at := _time(record))), default=search.until)
        search = replace(search, until=moment + (min(newest, search.until) - moment) / 2)
    raise ProviderError(ErrorAction.RETRY, "too_many_messages", "Too many messages came at once to be asked for.")


@dataclass(frozen=True, slots=True)
class _Search:
    """A query of Evolution's messages between two moments."""

    api: EvolutionApi
    channel: AssistantChannel
    since: datetime
    until: datetime
    where: Mapping[str, Any]

    def page(self, number: int) -> tuple[int, Sequence[Record]]:
        """How many pages there are, and the records of one. Evolution calls the size of a page `offset`."""
        times = {"gte": _iso(self.since), "lte": _iso(self.until)}
        body = {"where": {"messageTimestamp": times, **self.where}, "page": number, "offset": _PAGE}
        answer = self.api.post(self.channel, instance_path(self.channel, "/chat/findMessages"), body)
        found = mapping(mapping(answer).get("messages"))
        pages, records = found.get("pages"), found.get("records")
        if not isinstance(pages, int) or not isinstance(records, list):
            sentence = "Evolution API did not answer with messages. Version 2 is needed."
            raise ProviderError(ErrorAction.RETRY, "odd_answer", sentence)
        return pages, [record for record in records if isinstance(record, Mapping)]

    def all(self, pages: int, records: Sequence[Record]) -> Iterator[Record]:
        """All pages, from the newest on: what comes meanwhile moves records to later pages, and none is missed."""
        seen: set[str] = set()
        for number in range(1, max(pages, 1) + 1):
            for record in records if number == 1 else self.page(number)[1]:
                message_id = str(mapping(record.get("key")).get("id"))
                if message_id not in seen:
                    seen.add(message_id)
                    yield record


def _events(record: Record) -> Iterator[ChannelEvent]:
    try:
        yield from message_events(record)
    except ValueError:
        return
    key, updates = mapping(record.get("key")), record.get("MessageUpdate")
    if key.get("fromMe") is True and isinstance(updates, list):
        said = {
            mapping(update).get("status") for update in updates if isinstance(mapping(update).get("status"), str)
        }
        furthest = next((status for status in _FURTHEST if status in said), None)
        yield from status_events(str(key.get("id")), {**key, "status": furthest})


def _time(record: Record) -> datetime | None:
    return moment_of(record.get("messageTimestamp"))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
