"""The templates of a WhatsApp account.

Source: https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.channels.whatsapp_cloud.fields import items, text
from app.channels.whatsapp_cloud.graph import Graph, needed
from app.channels.whatsapp_cloud.options import by_partner
from app.domain.channels import AssistantChannel
from app.domain.message_templates import ChosenTemplate, MessageTemplate

_MOST = "250"
_NAMED = re.compile(r"\{\{\s*[^0-9\s}]")
_PARTNER_PATH = "v1/configs/templates"


def approved_templates(graph: Graph, channel: AssistantChannel) -> list[MessageTemplate]:
    """Those that are approved and take no values but numbered ones in their body; raises `ProviderError`."""
    if by_partner(channel.options):
        found = items(graph.get(channel, _PARTNER_PATH), "waba_templates")
    else:
        query = {"status": "APPROVED", "fields": "name,language,category,status,components", "limit": _MOST}
        found = items(graph.get(channel, f"{needed(channel.options, 'waba_id')}/message_templates", query), "data")
    return [template for one in found if isinstance(one, dict) for template in _template(one)]


def template_content(chosen: ChosenTemplate) -> dict[str, Any]:
    """What a message that is a template has besides its recipient."""
    values = [{"type": "text", "text": value} for value in chosen.values]
    components = [{"type": "body", "parameters": values}] if values else []
    language = {"code": chosen.language}
    return {"type": "template", "template": {"name": chosen.name, "language": language, "components": components}}


def _template(told: Mapping[str, Any]) -> Iterator[MessageTemplate]:
    parts = [part for part in items(told, "components") if isinstance(part, dict)]
    body = next((text(part, "text") for part in parts if text(part, "type").upper() == "BODY"), "")
    others = [part for part in parts if text(part, "type").upper() != "BODY"]
    is_approved = text(told, "status").upper() == "APPROVED"
    if is_approved and body and not _NAMED.search(body) and not any(map(_takes_values, others)):
        yield MessageTemplate(text(told, "name"), text(told, "language"), text(told, "category"), body)


def _takes_values(part: Mapping[str, Any]) -> bool:
    """Whether a header, footer or button needs a file or a value."""
    is_file = text(part, "type").upper() == "HEADER" and text(part, "format").upper() not in {"", "TEXT"}
    return is_file or "{{" in str(dict(part))
