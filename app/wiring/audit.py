"""The audit, put together."""

from dataclasses import dataclass

from app.services.access import Access
from app.services.audit import AuditHistory, AuditLog
from app.services.audit.origin import request_origin
from app.services.ports import Clock
from app.settings import Settings
from app.wiring.repositories import Repositories


@dataclass(frozen=True)
class AuditServices:
    """What writes the audit, and what shows it."""

    log: AuditLog
    history: AuditHistory


def compose_audit(settings: Settings, rows: Repositories, access: Access, clock: Clock) -> AuditServices:
    """The services for the audit."""
    return AuditServices(audit_log(rows, clock), AuditHistory(access, rows.audit, settings.audit_days, clock))


def audit_log(rows: Repositories, clock: Clock) -> AuditLog:
    """What writes the audit."""
    return AuditLog(rows.audit, clock, request_origin.get)
