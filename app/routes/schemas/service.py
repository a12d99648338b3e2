"""The service as a whole."""

from pydantic import Field

from app.domain.service_overview import Limit, ServiceOverview
from app.routes.schemas.common import AnswerModel


class PartOut(AnswerModel):
    """A part without which the service cannot work."""

    name: str = Field(examples=["database"])
    works: bool


class QueueOut(AnswerModel):
    """What waits in one place."""

    name: str = Field(examples=["documents_index"])
    waiting: int = Field(description="At most 100,000 are counted")
    oldest_seconds: float | None = Field(description="How long the oldest has been there; null: that is not kept")


class EmbeddingOut(AnswerModel):
    """The embedding model of the settings, and how far a change to it is."""

    model: str
    documents: dict[str, int] = Field(description="By model: how many documents it embedded last")
    lacking: int = Field(description="Documents that are still searched by another model")


class DiskOut(AnswerModel):
    """The disk of a folder."""

    setting: str = Field(examples=["DATA_DIR"])
    free_bytes: int
    total_bytes: int


class OverviewOut(AnswerModel):
    """How the service is."""

    parts: list[PartOut]
    database: str = Field(description="`embedded` or `mongodb`")
    documents: dict[str, int] = Field(description="By status")
    failures: dict[str, int] = Field(description="What was given up: `documents`, deliveries of the `webhook`s")
    queues: list[QueueOut]
    embedding: EmbeddingOut
    disks: list[DiskOut]

    @classmethod
    def of(cls, one: ServiceOverview) -> "OverviewOut":
        queues = [
            QueueOut(name=queue.name, waiting=queue.waiting, oldest_seconds=queue.oldest_seconds)
            for queue in one.queues
        ]
        disks = [DiskOut(setting=disk.setting, free_bytes=disk.free, total_bytes=disk.total) for disk in one.disks]
        embedding = one.embedding
        return cls(
            parts=[PartOut(name=name, works=works) for name, works in one.parts.items()],
            database=one.database,
            documents=dict(one.documents),
            failures=dict(one.failures),
            queues=queues,
            embedding=EmbeddingOut(
                model=embedding.model, documents=dict(embedding.documents), lacking=embedding.lacking
            ),
            disks=disks,
        )


class LimitOut(AnswerModel):
    """A limit that a setting sets."""

    setting: str = Field(examples=["RATE_LIMIT_MESSAGES"])
    amount: int | None = Field(description="null: no limit")
    unit: str = Field(examples=["requests"])
    per_seconds: int | None = Field(description="The window it counts in; null: it counts what there is")

    @classmethod
    def of(cls, one: Limit) -> "LimitOut":
        return cls(setting=one.setting, amount=one.amount, unit=one.unit, per_seconds=one.seconds)
