"""The export of everything."""

from pydantic import Field

from app.domain.service_export import ExportState, ServiceExport
from app.routes.schemas.common import AnswerModel, Moment


class ExportOut(AnswerModel):
    """How far the export is."""

    state: ExportState
    done: int = Field(description="Rows and files that are in it")
    total: int = Field(description="How many there are, as far as that is known; 0: not yet")
    bytes: int = Field(description="Its size, once it is done")
    started_at: Moment | None
    ended_at: Moment | None = Field(description="A day later it is deleted")
    error: str | None = Field(description="Why it failed")

    @classmethod
    def of(cls, export: ServiceExport) -> "ExportOut":
        has_ended = export.state in (ExportState.DONE, ExportState.FAILED)
        return cls(
            state=export.state,
            done=export.done,
            total=export.total,
            bytes=export.size,
            started_at=export.started_at,
            ended_at=export.told_at if has_ended else None,
            error=export.error,
        )
