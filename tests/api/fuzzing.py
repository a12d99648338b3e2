"""Requests generated from the API's own description, and what every answer must be.

Each operation gets requests that its schema allows and requests that it does not, with ids that exist and ids that
do not, from an administrator, an owner and a key.
https://schemathesis.readthedocs.io/
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from app.routes.authentication import token_for
from tests.api.house import ALLOWED_MODELS, Caller, House, open_house
from tests.fakes.database import scratch_database

Headers = Callable[[], dict[str, str]]
Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]

# What a value means (a password that is too common, a day that is no day) cannot be said in a schema; that
# credentials are asked for is proven for every route and caller in test_permissions.py.
_CONFIG = {
    "generation": {"with-security-parameters": False},
    "checks": {name: {"enabled": False} for name in ("positive_data_acceptance", "ignored_auth")},
}


@contextmanager
def fuzzed_house(uri: str, folder: Path) -> Iterator[House]:
    """A service of its own, as generated requests leave a lot behind."""
    with scratch_database(uri) as database, open_house(database, folder, allowed_models=ALLOWED_MODELS) as house:
        yield house


class Fuzzer:
    """Sends generated requests; `statuses` and `succeeded` tell what came of them."""

    def __init__(self, house: House) -> None:
        house.register("Ada", "ada@example.com")
        ada, ana = house.sign_in("ada@example.com"), house.newcomer("Ana")
        assistant = ana.make_assistant()
        gateway = house.gateway(assistant["api_key"])
        self._ids = _ids_of(ana, assistant["_id"], gateway)
        self._callers: cycle[Headers] = cycle([_token(house, ada), _token(house, ana), lambda: gateway.headers])
        self._schema = schemathesis.openapi.from_wsgi(
            "/openapi.json", house.client.application, config=schemathesis.Config.from_dict(_CONFIG)
        )
        self.statuses: Counter[int] = Counter()
        self.succeeded: set[str] = set()

    def send(self, requests_each: int, number: int = 0) -> None:
        """Send about so many requests to each operation, the same ones for the same `number`.

        Raises what schemathesis found: an error of the server (5xx), a status, type of content, header or body
        that is not described, a request that the schema forbids and the service took.
        """
        operations = [operation for path in self._schema.values() for operation in path.values()]
        for operation in sorted(operations, key=lambda one: one.method.upper() == "DELETE"):
            self._send_to(operation, requests_each, number)

    def _send_to(self, operation: Operation, count: int, number: int) -> None:
        @seed(number)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(self._cases(operation))
        def send(case: Case) -> None:
            headers = next(self._callers)()
            response = case.call(headers=headers)
            self.statuses[response.status_code] += 1
            if response.status_code < 400:
                self.succeeded.add(operation.label)
            case.validate_response(response, headers=headers, additional_checks=[_has_the_one_error_body])

        send()

    def _cases(self, operation: Operation) -> st.SearchStrategy[Case]:
        """Requests that the schema allows and forbids; what is not deleted by them is asked for by its id, too."""
        kinds = [operation.as_strategy()]
        if operation.path_parameters or operation.query or operation.body:
            kinds.append(operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
        known = {one.name: self._ids[one.name] for one in operation.path_parameters if one.name in self._ids}
        if known and operation.method.upper() != "DELETE":
            kinds.append(operation.as_strategy(path_parameters=known))
        return st.one_of(kinds).filter(_is_sent_as_generated)


def _is_sent_as_generated(case: Case) -> bool:
    """An empty list or object in a query is sent as nothing, and so is no filter that could be refused."""
    return all(value not in ([], {}) for value in (case.query or {}).values())


def _ids_of(ana: Caller, assistant_id: str, gateway: Caller) -> dict[str, str]:
    chat = gateway.chat("Oi")["_id"]
    return {
        "assistant_id": assistant_id,
        "document_id": ana.upload(assistant_id, "Dois dias.")["_id"],
        "chat_id": chat,
        "chat_or_channel_id": chat,
        "conversation_id": ana.ids("/conversations/list")[0],
        "user_id": ana.id,
    }


def _token(house: House, caller: Caller) -> Headers:
    """A token made anew for each request, as some requests end those there are."""

    def headers() -> dict[str, str]:
        user = house.rows.users.by_id(caller.id)
        assert user is not None
        with house.client.application.app_context():
            return {"Authorization": f"Bearer {token_for(user)}"}

    return headers


def _has_the_one_error_body(
    _context: schemathesis.CheckContext, response: schemathesis.Response, _case: Case
) -> None:
    """Section 0 of the contract: one body everywhere."""
    if response.status_code < 400:
        return
    body = response.json()
    assert {"error", "code"} <= set(body) <= {"error", "code", "fields"}, body
    assert all(isinstance(body[name], str) and body[name] for name in ("error", "code")), body
    assert ("fields" in body) <= (response.status_code == 422), body
