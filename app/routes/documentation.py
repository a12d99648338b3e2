"""/openapi.json and /docs, which load nothing from the internet."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import send_from_directory

from app.routes.authentication import SECURITY_SCHEMES
from app.routes.rate_limits import LIMIT_HEADERS
from app.routes.schemas.common import ErrorOut

_UNLIMITED_PATHS = frozenset({"/health", "/ready"})
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
    app.spec_processor(_describe_rate_limits)
    assets = _swagger_ui()

    @app.get("/docs/assets/<path:name>")
    @app.doc(hide=True)
    def docs_asset(name: str) -> Any:
        return send_from_directory(assets, name, max_age=86_400)


def _describe_rate_limits(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
    """Each limited route may answer 429, and tells with every answer what is left."""
    if isinstance(spec, str):  # as YAML, which is not served here
        return spec
    text, number = {"schema": {"type": "string"}}, {"schema": {"type": "integer"}}
    left = dict.fromkeys(LIMIT_HEADERS, text)
    schema = {"$ref": "#/components/schemas/HTTPError"}
    for path, operations in spec["paths"].items():
        for operation in operations.values() if path not in _UNLIMITED_PATHS else ():
            refused = {"description": "Too Many Requests", "content": {"application/json": {"schema": schema}}}
            responses: dict[str, Any] = {"429": refused, **operation["responses"]}
            operation["responses"] = {code: {**answer, "headers": left} for code, answer in responses.items()}
            operation["responses"]["429"]["headers"] = {"Retry-After": number, **left}
    return spec


def _swagger_ui() -> Path:
    package = find_spec("flask_openapi3_swagger")
    if package is None or package.origin is None:
        raise RuntimeError("The package flask-openapi3-swagger is not installed; see requirements.txt.")
    return Path(package.origin).parent / "templates" / "swagger"
