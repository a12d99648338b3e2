"""The audit: written with every change, and read by owners and administrators."""

from app.services.audit.history import AuditHistory as AuditHistory
from app.services.audit.log import AuditLog as AuditLog
from app.services.audit.log import Change as Change
from app.services.audit.log import differences as differences
from app.services.audit.log import target_user as target_user
