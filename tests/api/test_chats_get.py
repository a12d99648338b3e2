"""GET /chats/get/<id>"""

from tests.api.house import BAD_IDS, Caller, assert_same_not_found


def test_it_is_what_the_gateway_got(ana: Caller, gateway: Caller) -> None:
    chat = gateway.chat("Oi")

    response = ana.get(f"/chats/get/{chat['_id']}")

    assert (response.status_code, response.json) == (200, chat)


def test_an_administrator_sees_everybodys(ada: Caller, gateway: Caller) -> None:
    chat = gateway.chat("Oi")

    assert ada.get(f"/chats/get/{chat['_id']}").json == chat


def test_unknown_and_foreign_ids_are_one_and_the_same(bruno: Caller, gateway: Caller) -> None:
    ids = (gateway.chat("Oi")["_id"], *BAD_IDS)

    assert_same_not_found([bruno.get(f"/chats/get/{one}") for one in ids])
