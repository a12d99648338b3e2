"""PUT /users/update/<id>"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.api.house import BAD_IDS, PASSWORD, Caller, House, assert_error, assert_same_not_found, open_house
from tests.fakes.database import scratch_database


@pytest.fixture
def office(database_uri: str, tmp_path: Path) -> Iterator[House]:
    """A service of its own, where Ada and Bia administer, and Chef does by the settings once registered."""
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, admin_emails="chef@example.com") as house,
    ):
        for name in ("ada", "bia"):
            house.register(name.title(), f"{name}@example.com")
        ada, bia = (house.sign_in(f"{name}@example.com") for name in ("ada", "bia"))
        assert ada.put(f"/users/update/{bia.id}", {"is_admin": True}).status_code == 200
        yield house


def test_a_user_is_made_an_administrator_and_none_again(ada: Caller, ana: Caller) -> None:
    made = ada.put(f"/users/update/{ana.id}", {"is_admin": True})

    assert made.status_code == 200
    assert (made.json or {})["is_admin"] is True
    assert ana.get("/users/list").status_code == 200
    assert (ada.put(f"/users/update/{ana.id}", {"is_admin": False}).json or {})["is_admin"] is False
    assert_error(ana.get("/users/list"), 403, "not_allowed")


def test_a_blocked_user_is_signed_out_and_cannot_sign_in(house: House, ada: Caller, ana: Caller) -> None:
    response = ada.put(f"/users/update/{ana.id}", {"blocked": True})

    assert (response.json or {})["blocked"] is True
    assert_error(ana.get("/auth/me"), 401, "unauthorized")
    login = {"email": ana.email, "password": PASSWORD}
    assert_error(house.anyone().post("/auth/login", login), 403, "account_blocked")
    assert_error(house.anyone().post("/auth/login", login | {"password": "wrong"}), 401, "invalid_credentials")


def test_who_is_no_longer_blocked_signs_in_again_with_a_new_token(house: House, ada: Caller, ana: Caller) -> None:
    for blocked in (True, False):
        ada.put(f"/users/update/{ana.id}", {"blocked": blocked})

    assert_error(ana.get("/auth/me"), 401, "unauthorized")
    assert house.sign_in(ana.email).get("/auth/me").status_code == 200


def test_what_is_left_out_stays(ada: Caller, ana: Caller) -> None:
    ada.put(f"/users/update/{ana.id}", {"is_admin": True, "blocked": True})

    shown = ada.put(f"/users/update/{ana.id}", {}).json or {}

    assert (shown["is_admin"], shown["blocked"]) == (True, True)
    ada.put(f"/users/update/{ana.id}", {"is_admin": False, "blocked": False})


@pytest.mark.parametrize("change", [{"is_admin": False}, {"blocked": True}])
def test_the_last_administrator_stays(office: House, change: dict[str, Any]) -> None:
    ada, bia = office.sign_in("ada@example.com"), office.sign_in("bia@example.com")
    assert ada.put(f"/users/update/{bia.id}", change).status_code == 200

    assert_error(ada.put(f"/users/update/{ada.id}", change), 409, "last_administrator")
    assert (ada.get("/auth/me").json or {})["is_admin"] is True


def test_an_administrator_may_go_while_another_remains(office: House) -> None:
    ada, bia = office.sign_in("ada@example.com"), office.sign_in("bia@example.com")

    assert ada.put(f"/users/update/{ada.id}", {"is_admin": False}).status_code == 200
    assert_error(bia.put(f"/users/update/{bia.id}", {"is_admin": False}), 409, "last_administrator")


def test_two_who_remove_each_other_at_the_same_moment_do_not_both_go(office: House) -> None:
    for _ in range(10):
        pair = [office.sign_in(f"{name}@example.com").apart() for name in ("ada", "bia")]
        with ThreadPoolExecutor(2) as threads:
            changes = [
                threads.submit(one.put, f"/users/update/{other.id}", {"is_admin": False})
                for one, other in (pair, pair[::-1])
            ]
            statuses = [change.result().status_code for change in changes]
        remaining = [one for one in pair if (one.get("/auth/me").json or {})["is_admin"]]

        assert remaining, statuses
        for one in pair:
            remaining[0].put(f"/users/update/{one.id}", {"is_admin": True})


def test_an_administrator_by_the_settings_counts_and_stays_one(office: House) -> None:
    office.register("Chef", "chef@example.com")
    ada, chef = office.sign_in("ada@example.com"), office.sign_in("chef@example.com")
    for user in (chef.get("/users/list").json or [])[1:]:
        assert chef.put(f"/users/update/{user['id']}", {"is_admin": False}).status_code == 200

    assert_error(ada.get("/users/list"), 403, "not_allowed")
    assert_error(chef.put(f"/users/update/{chef.id}", {"is_admin": False}), 409, "named_in_settings")
    assert_error(chef.put(f"/users/update/{chef.id}", {"blocked": True}), 409, "last_administrator")


def test_only_administrators_may(ana: Caller, bruno: Caller) -> None:
    for user_id in (ana.id, bruno.id, *BAD_IDS):
        assert_error(ana.put(f"/users/update/{user_id}", {"is_admin": True}), 403, "not_allowed")


def test_ids_of_nobody_are_404(ada: Caller) -> None:
    assert_same_not_found([ada.put(f"/users/update/{one}", {"is_admin": True}) for one in BAD_IDS])


@pytest.mark.parametrize("value", ["true", 1, 0, "", [], {}])
def test_values_are_true_or_false(ada: Caller, ana: Caller, value: Any) -> None:
    for name in ("is_admin", "blocked"):
        assert_error(ada.put(f"/users/update/{ana.id}", {name: value}), 422, "validation_error", name)


def test_other_fields_are_refused(ada: Caller, ana: Caller) -> None:
    response = ada.put(f"/users/update/{ana.id}", {"email": "x@example.com", "password_hash": "x"})

    assert_error(response, 422, "validation_error", "email", "password_hash")
