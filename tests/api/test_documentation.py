"""GET /openapi.json and GET /docs"""

import re
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.house import Caller, House
from tests.api.test_everywhere import SIGNED_IN, WITH_EITHER, WITH_KEY

OPEN = [
    *[("POST", f"/auth/{name}") for name in ("register", "login", "forgotPassword", "resetPassword")],
    *[("GET", "/health"), ("GET", "/ready")],
    *[("GET", "/widget/{key}/config"), ("GET", "/widget/{key}/messages")],
    *[("POST", "/widget/{key}/" + name) for name in ("sessions", "messages", "seen")],
]


def _addresses(rules: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)) for method, rule in rules]


GUARDED = _addresses(SIGNED_IN + WITH_KEY + WITH_EITHER)
ROUTES = [*GUARDED, *((method.lower(), path) for method, path in OPEN)]


@pytest.fixture
def api(anyone: Caller) -> dict[str, Any]:
    return dict(anyone.get("/openapi.json").json or {})


def test_it_is_valid_openapi_3_1(api: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(api).validate()

    assert api["openapi"].startswith("3.1")


def test_it_describes_every_route_and_no_other(api: dict[str, Any]) -> None:
    described = {(method, path) for path, methods in api["paths"].items() for method in methods}

    assert described == set(ROUTES)


def test_docs_list_every_route_and_no_other() -> None:
    table = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    listed = {
        (method, re.sub("<.*>", "<id>", path.partition("?")[0]))
        for line in table.splitlines()
        for cell in [line.split("|")[1] if line.startswith("| `") else ""]
        for method, path in _routes_of(cell)
    }

    assert listed == {(method.upper(), re.sub("{.*}", "<id>", path)) for method, path in ROUTES}


def _routes_of(cell: str) -> list[tuple[str, str]]:
    """`GET /a`, or `GET`, `PUT /a` for one path, or `GET /a`, `GET /b`."""
    codes = re.findall("`([^`]+)`", cell)
    path = next((code.split()[1] for code in reversed(codes) if " " in code), "")
    return [(code.split()[0], code.split()[1] if " " in code else path) for code in codes]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_each_route_says_what_it_answers(api: dict[str, Any], method: str, path: str) -> None:
    responses = api["paths"][path][method]["responses"]

    (success,) = [code for code in responses if code.startswith("2")]
    ((kind, content),) = responses[success]["content"].items()
    files = {
        "download": "application/octet-stream",
        "media": "application/octet-stream",
        "exportFile": "application/gzip",
    }
    assert kind == next((files[word] for word in files if word in path), "application/json")
    assert content["schema"]


def test_errors_are_described_by_their_one_body(api: dict[str, Any]) -> None:
    for method, path in ROUTES:
        for code, answer in api["paths"][path][method]["responses"].items():
            if code < "400":
                continue
            name = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            described = api["components"]["schemas"][name]["properties"]
            assert set(described) == {"error", "code", "fields"}, (path, code)


def test_what_any_request_can_meet_is_described(api: dict[str, Any]) -> None:
    for method, path in ROUTES:
        operation = api["paths"][path][method]
        expected = {"503"} if path != "/health" else set()
        expected |= {"400", "413", "415", "422"} if "requestBody" in operation else set()
        expected |= {"401", "422"} if "security" in operation else set()
        assert expected <= set(operation["responses"]), path


def test_parameters_are_never_null(api: dict[str, Any]) -> None:
    operations = [api["paths"][path][method] for method, path in ROUTES]
    parameters = [one for operation in operations for one in operation.get("parameters", ())]

    assert {one["name"] for one in parameters} >= {"assistant_id", "cursor", "Idempotency-Key"}
    assert [one for one in parameters if "anyOf" in one["schema"] or "null" in str(one["schema"])] == []


def test_rate_limits_are_described(api: dict[str, Any]) -> None:
    for method, path in ROUTES:
        responses = api["paths"][path][method]["responses"]
        told = [
            set(answer.get("headers", {})) >= {"RateLimit", "RateLimit-Policy"} for answer in responses.values()
        ]
        is_limited = path not in {"/health", "/ready"}
        assert ("429" in responses) is is_limited, path
        assert set(told) == {is_limited}, path


def test_credentials_are_described(api: dict[str, Any]) -> None:
    schemes = api["components"]["securitySchemes"]
    assert (schemes["token"]["scheme"], schemes["api_key"]["name"]) == ("bearer", "X-API-Key")
    for method, path in GUARDED:
        operation = api["paths"][path][method]
        assert operation["security"] == [{name: []} for name in _credentials(method, path)], path
        assert "401" in operation["responses"], path


def _credentials(method: str, path: str) -> list[str]:
    if (method, path) in _addresses(WITH_KEY):
        return ["api_key"]
    return ["token", "api_key"] if (method, path) in _addresses(WITH_EITHER) else ["token"]


def test_each_route_is_described_in_its_own_words(api: dict[str, Any]) -> None:
    summaries = {path: {one["summary"] for one in methods.values()} for path, methods in api["paths"].items()}
    spoken = [summary for several in summaries.values() for summary in several]

    assert len(spoken) == len(set(spoken)) >= len(summaries)


@pytest.mark.parametrize(
    ("method", "path", "errors"),
    [
        ("post", "/auth/register", "403 409 422"),
        ("post", "/auth/login", "401 403 422 429"),
        ("put", "/auth/password", "401 422 429"),
        ("post", "/auth/resetPassword", "422"),
        ("put", "/users/update/{user_id}", "401 403 404 409 422"),
        ("post", "/assistants/add", "401 403 422"),
        ("put", "/assistants/update/{assistant_id}", "401 404 422"),
        ("post", "/chats/enviarMensagemLLM", "401 409 422 502 503 504"),
        ("put", "/chats/ativar/{chat_or_channel_id}", "401 404 409"),
        ("post", "/documents/add", "400 401 403 404 409 413 415 422"),
        ("get", "/documents/download/{document_id}", "304 401 403 404"),
        ("delete", "/documents/delete/{document_id}", "401 404"),
        ("get", "/ready", "503"),
    ],
)
def test_what_can_go_wrong_is_described(api: dict[str, Any], method: str, path: str, errors: str) -> None:
    assert set(errors.split()) <= set(api["paths"][path][method]["responses"])


def test_the_page_loads_nothing_from_elsewhere(anyone: Caller) -> None:
    page = anyone.get("/docs").text
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)""", page)

    assert loaded
    assert [one for one in loaded if not one.startswith("/")] == []
    assert not re.search(r"""(?:url\(|import\s|fetch\()\s*["']?(?:https?:)?//""", page)


def test_what_the_page_loads_is_served(anyone: Caller) -> None:
    page = anyone.get("/docs").text
    for path in set(re.findall(r"""(?:src|href)=["'](/[^"']+)""", page)):
        response = anyone.get(path)
        assert response.status_code == 200, path
        assert response.data
        response.close()


def test_no_asset_lies_outside(anyone: Caller) -> None:
    for name in ("../__init__.py", "%2e%2e/__init__.py", "..%2f..%2f__init__.py", "/etc/passwd", "nothing.js"):
        assert anyone.get(f"/docs/assets/{name}").status_code == 404


def test_it_tells_nothing_of_this_installation(house: House, api: dict[str, Any]) -> None:
    assert str(house.documents) not in repr(api)
    assert "localhost" not in repr(api)
