"""/openapi.json and /docs, which load nothing from the internet."""

from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import send_from_directory

from app.routes.authentication import SECURITY_SCHEMES
from app.routes.rate_limits import LIMIT_HEADERS
from app.routes.schemas.common import ErrorOut

_UNLIMITED_PATHS = frozenset({"/health", "/ready"})
_WITHOUT_DATABASE = "/health"
_OF_A_BODY = (400, 413, 415, 422)
_DESCRIPTION = """Assistants that answer customers on WhatsApp from a company's own documents.

Sign in at `/auth/login` and send the token as `Authorization: Bearer …`; a gateway sends its assistant's key as
`X-API-Key`. Every error has one body: `{"error": "<sentence>", "code": "<stable code>", "fields": {…}}`."""


def register_documentation(app: APIFlask) -> None:
    """Describe the API, and serve Swagger UI's files from the package that carries them."""
    error_body = ErrorOut.model_json_schema()
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=_DESCRIPTION,
        AUTO_SERVERS=False,
        SECURITY_SCHEMES=SECURITY_SCHEMES,
        HTTP_ERROR_SCHEMA=error_body,
        VALIDATION_ERROR_SCHEMA=error_body,
        SWAGGER_UI_CSS="/docs/assets/css/swagger-ui.css",
        SWAGGER_UI_BUNDLE_JS="/docs/assets/js/swagger-ui-bundle.js",
        SWAGGER_UI_STANDALONE_PRESET_JS="/docs/assets/js/swagger-ui-standalone-preset.js",
        DOCS_FAVICON="/docs/assets/images/swagger.svg",
    )
    app.spec_processor(_describe)
    assets = _swagger_ui()

    @app.get("/docs/assets/<path:name>")
    @app.doc(hide=True)
    def docs_asset(name: str) -> Any:
        return send_from_directory(assets, name, max_age=86_400)


def _describe(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
    """Say what routes have in common: what parameters are, how requests can fail, which headers limits have."""
    if isinstance(spec, str):  # as YAML, which is not served here
        return spec
    # Several blueprints may share a tag.
    spec["tags"] = list({tag["name"]: tag for tag in spec.get("tags", ())}.values())
    for path, operations in spec["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
            _describe_errors(path, operation)
            if path not in _UNLIMITED_PATHS:
                _describe_rate_limits(operation["responses"])
    return spec


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter may be left out, but is never null: there is no such thing in a URL or a header."""
    others = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(others) != 1:
        return schema
    kept = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    return {**others[0], **kept}


def _describe_errors(path: str, operation: dict[str, Any]) -> None:
    """A body can be unreadable, a parameter be given twice, the database be away."""
    errors = set(_OF_A_BODY if "requestBody" in operation else ())
    if operation.get("security"):
        errors.add(422)
    if path not in _UNLIMITED_PATHS:
        errors.add(429)
    if path != _WITHOUT_DATABASE:
        errors.add(503)
    described = {str(status): _error(status) for status in errors}
    operation["responses"] = dict(sorted({**described, **operation["responses"]}.items()))


def _error(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/HTTPError"}
    return {"description": HTTPStatus(status).phrase, "content": {"application/json": {"schema": schema}}}


def _describe_rate_limits(responses: dict[str, Any]) -> None:
    """A limited route tells with every answer what is left."""
    text, number = {"schema": {"type": "string"}}, {"schema": {"type": "integer"}}
    for code, answer in responses.items():
        retry = {"Retry-After": number} if code == "429" else {}
        answer["headers"] = {**retry, **dict.fromkeys(LIMIT_HEADERS, text)}


def _swagger_ui() -> Path:
    package = find_spec("flask_openapi3_swagger")
    if package is None or package.origin is None:
        raise RuntimeError("The package flask-openapi3-swagger is not installed; see requirements.txt.")
    return Path(package.origin).parent / "templates" / "swagger"
