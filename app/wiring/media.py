"""The files that customers send, put together."""

from collections.abc import Callable
from dataclasses import dataclass

from app.services.access import Access
from app.services.channels.media_intake import MediaIntake, MediaRules
from app.services.channels.media_quota import MediaQuota
from app.services.channels.paid_transcription import PaidTranscription
from app.services.chat_media import ChatMedia
from app.services.messages.pictures import Pictures
from app.settings import Settings
from app.storage.disk_space import DiskSpace
from app.storage.media import MediaFolder
from app.wiring.engines import Engines
from app.wiring.repositories import Repositories
from app.wiring.usage import UsageServices


@dataclass(frozen=True)
class MediaServices:
    """Where files are, who is shown them, and what takes them in."""

    folder: MediaFolder
    of_chats: ChatMedia
    pictures: Pictures
    intake: MediaIntake
    quota: MediaQuota


def compose_media(
    settings: Settings,
    engines: Engines,
    rows: Repositories,
    access: Access,
    usage: UsageServices,
    *,
    on_refused: Callable[[str], None],
) -> MediaServices:
    """The services for files; nothing is written yet."""
    folder = MediaFolder(settings.media_dir, DiskSpace({"DATA_DIR": settings.data_dir}).require)
    adapters = {kind: provider.adapter for kind, provider in engines.providers.items()}
    quota = MediaQuota(folder, settings.quota_media_megabytes)
    rules = MediaRules(settings.media_max_bytes, settings.sees_images)
    transcription = None
    if engines.transcriber is not None:
        paid = (usage.budgets, usage.paid_calls)
        transcription = PaidTranscription(engines.transcriber, rows.assistants, *paid, engines.clock)
    return MediaServices(
        folder=folder,
        of_chats=ChatMedia(access, rows.media, folder, engines.clock),
        pictures=Pictures(folder, sees_images=settings.sees_images),
        intake=MediaIntake(rows.inbox, folder, transcription, adapters, rules, quota=quota, on_refused=on_refused),
        quota=quota,
    )
