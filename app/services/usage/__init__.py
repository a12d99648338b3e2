"""Usage: counted as messages end, shown by day, assistant or model, and rebuilt from the chats."""

from app.services.usage.batch_log import BatchLog
from app.services.usage.counting import BatchMaker, UsageCounting
from app.services.usage.rebuild import UsageRebuild
from app.services.usage.report import By, UsageFilter, UsageReader, UsageReport, UsageRow

__all__ = [
    "BatchLog",
    "BatchMaker",
    "By",
    "UsageCounting",
    "UsageFilter",
    "UsageReader",
    "UsageRebuild",
    "UsageReport",
    "UsageRow",
]
