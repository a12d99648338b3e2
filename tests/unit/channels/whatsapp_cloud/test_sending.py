"""Bodies to post, and what is read from the answer."""

import pytest

from app.channels.whatsapp_cloud.sending import accepted_id, message_body
from app.domain.channels import ErrorAction, OutgoingPart, ProviderError


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        ("5511987654321", {"to": "5511987654321"}),
        ("+5511987654321", {"to": "5511987654321"}),
        ("BR.13491208655302741918", {"recipient": "BR.13491208655302741918"}),
        ("US.ENT.11815799212886844830", {"recipient": "US.ENT.11815799212886844830"}),
    ],
)
def test_a_contact_is_named_as_it_came_in(contact: str, field: dict[str, str]) -> None:
    body = message_body(OutgoingPart("p", contact, "Oi"))

    assert {name: body[name] for name in ("to", "recipient") if name in body} == field


@pytest.mark.parametrize("contact", ["", "abc", "5511@s.whatsapp.net", "br.123", "BR.", "BR." + "1" * 129, "12"])
def test_other_contacts_cannot_be_written_to(contact: str) -> None:
    with pytest.raises(ProviderError) as raised:
        message_body(OutgoingPart("p", contact, "Oi"))

    assert (raised.value.action, raised.value.code) == (ErrorAction.FAIL, "invalid_recipient")


@pytest.mark.parametrize(
    "answer", [{}, {"messages": []}, {"messages": {}}, {"messages": [{"id": ""}]}, {"messages": ["wamid.1"]}]
)
def test_an_answer_without_id_leaves_it_open(answer: dict[str, object]) -> None:
    with pytest.raises(ProviderError) as raised:
        accepted_id(answer)

    assert raised.value.action is ErrorAction.LOOK
