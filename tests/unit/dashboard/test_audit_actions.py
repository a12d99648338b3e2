"""The audit's filter offers every action, and has a text for each."""

import json
import re
from pathlib import Path

from app.domain.audit import AuditAction

_DASHBOARD = Path(__file__).parents[3] / "app" / "dashboard"


def test_every_action_of_the_audit_can_be_filtered_and_read() -> None:
    offered = re.findall(r'"([a-z_.]+)"', (_DASHBOARD / "admin" / "actions.js").read_text())
    texts = json.loads((_DASHBOARD / "i18n" / "pt.json").read_text())

    assert offered == [str(action) for action in AuditAction]
    assert not {f"audit.action.{action}" for action in AuditAction} - texts.keys()
