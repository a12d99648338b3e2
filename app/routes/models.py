"""/models"""

from collections.abc import Iterable
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from app.routes.authentication import signed_in
from app.routes.schemas.common import AnswerModel


class ModelsOut(AnswerModel):
    """The language models of the service."""

    default: str | None = Field(description="Answers where an assistant names none; null: the built-in answerer")
    models: list[str] = Field(description="Those an assistant may choose, in alphabetical order")


def model_routes(default: str | None, models: Iterable[str]) -> APIBlueprint:
    """Which models there are to choose from."""
    api = APIBlueprint("models", __name__, tag="Models")

    @api.get("/models")
    @api.doc(summary="Show the models an assistant may choose", security="token")
    @signed_in
    @api.output(ModelsOut)
    def show() -> Any:
        return ModelsOut(default=default, models=sorted(models))

    return api
