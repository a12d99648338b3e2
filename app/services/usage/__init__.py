"""Usage: counted as messages end, shown by day, assistant or model, and rebuilt from the chats."""

from app.services.usage.counting import BatchLog, UsageCounting
from app.services.usage.rebuild import UsageRebuild
from app.services.usage.report import By, UsageFilter, UsageReport, UsageRow

__all__ = ["BatchLog", "By", "UsageCounting", "UsageFilter", "UsageRebuild", "UsageReport", "UsageRow"]
