"""What administrators look after, put together."""

from pathlib import Path

from app.archive import Counts, Progress, export_archive
from app.domain.service_overview import Limit
from app.services.audit import AuditLog
from app.services.overview import OverviewService
from app.services.ports.metrics import MessageLoad
from app.services.readiness import Readiness
from app.services.service_export import ExportService
from app.settings import Rate, Settings
from app.storage.export_folder import ExportFolder
from app.wiring.disk import disk_of
from app.wiring.engines import Engines
from app.wiring.repositories import Repositories
from app.wiring.transfer import fingerprint_of

_RATES = ("messages", "search", "uploads", "register", "reads", "visitors", "visitor_messages")
_BOUNDS = {
    "quota_assistants": "assistants",
    "quota_documents": "documents",
    "quota_megabytes": "megabytes",
    "quota_media_megabytes": "megabytes",
    "max_upload_mb": "megabytes",
    "media_max_mb": "megabytes",
    "max_message_characters": "characters",
    "conversation_queue": "messages",
    "audit_days": "days",
}


def compose_overview(
    settings: Settings, rows: Repositories, readiness: Readiness, messages: MessageLoad, model: str
) -> OverviewService:
    """The overview; `model` is the embedding model of the settings."""
    return OverviewService(
        readiness,
        rows.stored_counts,
        messages,
        disk_of(settings),
        rows.embedding_models,
        model=model,
        database="mongodb" if settings.mongodb_uri else "embedded",
        limits=limits_of(settings),
    )


def compose_export(settings: Settings, engines: Engines, audit: AuditLog) -> ExportService:
    """The export of everything, into a folder of its own in DATA_DIR."""

    def write(file: Path, progress: Progress) -> Counts:
        fingerprint = fingerprint_of(engines.secret)
        return export_archive(
            engines.database,
            settings.documents_dir,
            settings.media_dir,
            file,
            fingerprint=fingerprint,
            progress=progress,
        )

    folder = ExportFolder(settings.data_dir / "export")
    return ExportService(folder, write, disk_of(settings).require, engines.clock, audit)


def limits_of(settings: Settings) -> list[Limit]:
    """The limits in the settings; 0 is none."""
    rates: dict[str, Rate] = {f"rate_limit_{name}": getattr(settings, f"rate_limit_{name}") for name in _RATES}
    amounts: dict[str, int] = {name: getattr(settings, name) for name in _BOUNDS}
    return [
        *(Limit(name.upper(), rate.amount or None, "requests", rate.seconds) for name, rate in rates.items()),
        *(Limit(name.upper(), amount or None, _BOUNDS[name]) for name, amount in amounts.items()),
    ]
