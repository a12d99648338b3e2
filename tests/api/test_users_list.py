"""GET /users/list"""

from tests.api.house import Caller, House, assert_error


def test_everybody_is_shown_newest_first(ada: Caller, ana: Caller, bruno: Caller) -> None:
    response = ada.get("/users/list?limit=2")

    assert response.status_code == 200
    shown = response.json or []
    assert [user["id"] for user in shown] == [bruno.id, ana.id]
    assert set(shown[1]) == {"_id", "id", "name", "email", "is_admin", "blocked", "createdAt"}
    assert (shown[1]["name"], shown[1]["email"]) == ("Ana", ana.email)
    assert (shown[1]["is_admin"], shown[1]["blocked"]) == (False, False)
    assert "password" not in response.text


def test_pages_lead_to_the_first_user(ada: Caller, ana: Caller) -> None:
    pages = ada.pages("/users/list?limit=7")

    ids = [user["_id"] for shown in pages for user in shown]
    assert len(ids) == len(set(ids))
    assert ids == sorted(ids, reverse=True)
    assert ids[-1] == ada.id
    assert pages[-1][-1]["is_admin"] is True


def test_only_administrators_may(house: House, ana: Caller) -> None:
    assert_error(ana.get("/users/list"), 403, "not_allowed")
    assert_error(house.anyone().get("/users/list"), 401, "unauthorized")


def test_users_are_found_by_a_part_of_name_or_address(house: House, ada: Caller, ana: Caller) -> None:
    sergio = "s.avila@correio.example"
    house.register("Sérgio Ávila", sergio)
    house.register("Outro", "outro@correio.example")

    def found(query: str) -> list[str]:
        return [user["email"] for user in ada.get(f"/users/list?{query}").json or []]

    assert found("q=SERGIO%20av") == found("q=vila@corr") == found("q=S.Avila@CORREIO.example") == [sergio]
    assert found("q=correio.example") == ["outro@correio.example", "s.avila@correio.example"]
    assert found("q=nobody-is-called-so") == []
    pages = ada.pages("/users/list?q=correio.example&limit=1")
    assert [[user["email"] for user in shown] for shown in pages][:2] == [["outro@correio.example"], [sergio]]
    assert_error(ana.get("/users/list?q=a"), 403, "not_allowed")
    assert_error(ada.get("/users/list?q="), 422, "validation_error", "q")
