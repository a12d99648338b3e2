"""What is said of a document beside its bytes: when it is found, and how often it is fetched."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from app.routes.schemas.common import RequestModel

ENABLED = "Whether it is found at all"
VALID_FROM = "Found from this moment on; null: from the first"
VALID_UNTIL = "Not found from this moment on; null: for ever"


def _moment(value: Any) -> Any:
    try:
        moment = datetime.fromisoformat(value.strip())
        moment.astimezone(UTC)  # which may lie before the year 1, or after the year 9999
    except (AttributeError, ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("must be a time in ISO 8601 with an offset, like 2026-11-22T07:37:12+00:00")
    # MongoDB keeps milliseconds.
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


MomentIn = Annotated[datetime, BeforeValidator(_moment)]
MomentInForm = Annotated[MomentIn | None, BeforeValidator(lambda value: None if value == "" else value)]
"""As forms send it: null is an empty field."""
RefreshHours = Annotated[
    float | None,
    Field(ge=1, le=8760, description="Fetch the page again every so many hours; null: never"),
]


class VisibilityIn(RequestModel):
    """When a document is found."""

    enabled: bool | None = Field(None, description=ENABLED)
    valid_from: MomentIn | None = Field(None, description=VALID_FROM)
    valid_until: MomentIn | None = Field(None, description=VALID_UNTIL)

    def sent_visibility(self) -> dict[str, Any]:
        """What was said of it, by the names in `Visibility`; null leaves `enabled` as it is."""
        return sent_visibility(self)


def sent_visibility(model: BaseModel) -> dict[str, Any]:
    """What a model with the fields of `VisibilityIn` says of when a document is found."""
    sent = model.model_dump(include=_VISIBILITY, exclude_unset=True)
    return {name: value for name, value in sent.items() if (name, value) != ("enabled", None)}


_VISIBILITY = {"enabled", "valid_from", "valid_until"}
