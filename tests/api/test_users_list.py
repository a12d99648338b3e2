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
