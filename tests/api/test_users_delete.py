"""DELETE /users/delete/<id>"""

from pathlib import Path
from typing import Any

from tests.api.house import BAD_IDS, PASSWORD, Caller, House, assert_error, assert_same_not_found, open_house
from tests.fakes.database import scratch_database


def test_a_user_is_gone_with_all_tokens(house: House, ada: Caller, bruno: Caller) -> None:
    response = ada.delete(f"/users/delete/{bruno.id}")

    assert response.status_code == 200
    assert set(response.json or {}) == {"message"}
    assert_error(bruno.get("/auth/me"), 401, "unauthorized")
    login = house.anyone().post("/auth/login", {"email": bruno.email, "password": PASSWORD})
    assert_error(login, 401, "invalid_credentials")
    assert_error(ada.delete(f"/users/delete/{bruno.id}"), 404, "not_found")


def test_the_address_can_be_registered_anew_and_no_token_comes_back(
    house: House, ada: Caller, bruno: Caller
) -> None:
    ada.delete(f"/users/delete/{bruno.id}")
    house.register("Bruno", bruno.email)

    assert_error(bruno.get("/auth/me"), 401, "unauthorized")
    assert house.sign_in(bruno.email).id != bruno.id


def test_whoever_owns_assistants_hands_them_over_first(ada: Caller, ana: Caller, assistant: dict[str, Any]) -> None:
    assert_error(ada.delete(f"/users/delete/{ana.id}"), 409, "owns_assistants")
    assert ana.get(f"/assistants/get/{assistant['_id']}").status_code == 200

    ada.put(f"/assistants/update/{assistant['_id']}", {"owner_id": ada.id})

    assert ada.delete(f"/users/delete/{ana.id}").status_code == 200


def test_assistants_that_were_deleted_do_not_count(ada: Caller, ana: Caller, assistant: dict[str, Any]) -> None:
    ana.delete(f"/assistants/delete/{assistant['_id']}")

    assert ada.delete(f"/users/delete/{ana.id}").status_code == 200


def test_the_last_administrator_stays(database_uri: str, tmp_path: Path) -> None:
    with scratch_database(database_uri) as database, open_house(database, tmp_path) as house:
        for name in ("Ada", "Bia"):
            house.register(name, f"{name}@example.com")
        ada, bia = house.sign_in("ada@example.com"), house.sign_in("bia@example.com")
        assert_error(ada.delete(f"/users/delete/{ada.id}"), 409, "last_administrator")
        assert ada.get("/auth/me").status_code == 200

        ada.put(f"/users/update/{bia.id}", {"is_admin": True})

        assert ada.delete(f"/users/delete/{ada.id}").status_code == 200
        assert_error(bia.delete(f"/users/delete/{bia.id}"), 409, "last_administrator")


def test_only_administrators_may(ana: Caller, bruno: Caller) -> None:
    for user_id in (ana.id, bruno.id, *BAD_IDS):
        assert_error(ana.delete(f"/users/delete/{user_id}"), 403, "not_allowed")


def test_ids_of_nobody_are_404(ada: Caller) -> None:
    assert_same_not_found([ada.delete(f"/users/delete/{one}") for one in BAD_IDS])
