"""GET /models"""

from tests.api.house import ALLOWED_MODELS, Caller, assert_error


def test_everybody_who_is_signed_in_sees_what_can_be_chosen(ana: Caller) -> None:
    response = ana.get("/models")

    assert response.status_code == 200
    assert response.json == {"default": None, "models": sorted(ALLOWED_MODELS)}


def test_nobody_else(anyone: Caller, gateway: Caller) -> None:
    assert_error(anyone.get("/models"), 401, "unauthorized")
    assert gateway.get("/models").status_code == 401
