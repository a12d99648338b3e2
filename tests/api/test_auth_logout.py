"""POST /auth/logout"""

from pathlib import Path

from tests.api.house import PASSWORD, Caller, House, assert_error, open_house


def test_this_token_ends_and_no_other(house: House, ana: Caller) -> None:
    other = house.sign_in(ana.email)

    response = ana.post("/auth/logout")

    assert response.status_code == 200
    assert set(response.json or {}) == {"message"}
    assert_error(ana.get("/auth/me"), 401, "unauthorized")
    assert_error(ana.post("/auth/logout"), 401, "unauthorized")
    assert other.get("/auth/me").status_code == 200
    assert house.sign_in(ana.email, PASSWORD).get("/auth/me").status_code == 200


def test_it_ends_in_all_processes_at_once(house: House, ana: Caller, tmp_path: Path) -> None:
    with open_house(house.database, tmp_path) as second:
        there = Caller(second.client, ana.headers)
        assert there.get("/auth/me").status_code == 200

        ana.post("/auth/logout")

        assert_error(there.get("/auth/me"), 401, "unauthorized")
