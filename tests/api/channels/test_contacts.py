"""One contact, whatever a provider calls them; answers go to the id that came in."""

from tests.api.channels.conftest import Line, until
from tests.api.channels.test_messages import phone
from tests.fakes.provider import FakeProvider, message


def test_a_number_is_the_same_with_and_without_the_ninth_digit(line: Line, provider: FakeProvider) -> None:
    with_it = phone()[:5] + "88593464"
    without = with_it[:4] + with_it[5:]
    line.post([message(1, "Oi", with_it)])
    until(lambda: provider.texts(with_it))
    line.post([message(2, "Oi?", without)])

    until(lambda: provider.texts(without))
    assert {chat["channel"]["id"] for chat in line.chats()} == {f"+{with_it}"}
    assert (len(provider.texts(with_it)), len(provider.texts(without))) == (1, 1)


def test_two_contacts_that_turn_out_to_be_one_are_merged_on_the_record(line: Line, provider: FakeProvider) -> None:
    number, lid = phone(), phone() + "9"
    line.post([message(1, "Oi", number)])
    until(lambda: provider.texts(number))
    line.post([message(2, "Oi", lid, aliases=[["lid", lid]])])
    until(lambda: provider.texts(lid))
    line.post([message(3, "Sou eu", number, aliases=[["phone", number], ["lid", lid]])])
    until(lambda: len(provider.texts(number)) == 2)

    line.post([message(4, "De novo", lid, aliases=[["lid", lid]])])

    until(lambda: len(provider.texts(lid)) == 2)
    of_number = [chat["message"] for chat in line.chats() if chat["channel"]["id"] == f"+{number}"]
    assert of_number == ["Oi", "Sou eu", "De novo"]
    query = f"?assistant_id={line.shown['assistant_id']}&action=contact.merged"
    (entry,) = line.owner.get(f"/audit/list{query}").json or []
    assert entry["after"]["merged_into"]
    assert number not in str(entry)
