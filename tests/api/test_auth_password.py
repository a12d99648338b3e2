"""PUT /auth/password"""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.house import PASSWORD, Caller, House, assert_error

NEW = "outra senha comprida"


def change(caller: Caller, current: Any = PASSWORD, new: Any = NEW) -> TestResponse:
    return caller.put("/auth/password", {"current_password": current, "new_password": new})


def test_the_new_password_signs_in_and_the_old_one_does_not(house: House, ana: Caller) -> None:
    assert change(ana).status_code == 200

    assert house.sign_in(ana.email, NEW).get("/auth/me").status_code == 200
    old = house.anyone().post("/auth/login", {"email": ana.email, "password": PASSWORD})
    assert_error(old, 401, "invalid_credentials")


def test_all_other_tokens_end_and_this_one_does_not(house: House, ana: Caller) -> None:
    others = [house.sign_in(ana.email) for _ in range(2)]

    change(ana)

    assert ana.get("/auth/me").status_code == 200
    for other in others:
        assert_error(other.get("/auth/me"), 401, "unauthorized")


def test_the_token_that_was_kept_can_be_signed_out(ana: Caller) -> None:
    change(ana)
    ana.post("/auth/logout")

    assert_error(ana.get("/auth/me"), 401, "unauthorized")


def test_it_can_be_changed_again_by_another_token(house: House, ana: Caller) -> None:
    change(ana)
    later = house.sign_in(ana.email, NEW)
    assert change(later, NEW, PASSWORD).status_code == 200

    assert_error(ana.get("/auth/me"), 401, "unauthorized")
    assert later.get("/auth/me").status_code == 200


@pytest.mark.parametrize("wrong", ["", "wrong password", PASSWORD.upper()])
def test_a_wrong_password_is_named_and_changes_nothing(house: House, ana: Caller, wrong: str) -> None:
    assert_error(change(ana, wrong), 422, "validation_error", "current_password")
    assert house.sign_in(ana.email).get("/auth/me").status_code == 200


@pytest.mark.parametrize("new", ["7 long!", "x" * 129, "senha123", "aaaaaaaa", "nul\0nul\0", None, 12345678])
def test_a_new_password_that_cannot_be_used_is_named(ana: Caller, new: Any) -> None:
    assert_error(change(ana, PASSWORD, new), 422, "validation_error", "new_password")


def test_the_address_is_no_password(ana: Caller) -> None:
    assert_error(change(ana, PASSWORD, ana.email.upper()), 422, "validation_error", "new_password")


def test_other_fields_are_refused(ana: Caller) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW, "is_admin": True}

    assert_error(ana.put("/auth/password", body), 422, "validation_error", "is_admin")
    assert_error(ana.put("/auth/password", {}), 422, "validation_error", "current_password", "new_password")


def test_guesses_with_a_stolen_token_are_slowed(ana: Caller) -> None:
    thief = replace(ana, address="10.6.0.1")

    statuses = [change(thief, "wrong password").status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]
