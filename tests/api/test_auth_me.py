"""GET /auth/me"""

from tests.api.house import Caller


def test_it_says_who_the_caller_is(ada: Caller, ana: Caller) -> None:
    assert ana.get("/auth/me").json == {"id": ana.id, "name": "Ana", "email": ana.email, "is_admin": False}
    assert (ada.get("/auth/me").json or {})["is_admin"] is True
