"""Every state, kind, role and limit that the service names has a name on the dashboard."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.domain.channels import ChannelKind, ChannelState, DeliveryState
from app.domain.conversations import Answering
from app.domain.documents import DocumentStatus, Stage
from app.domain.evaluations import CaseChange, CaseSource, Reason, RunState, Verdict
from app.domain.overviews import Author
from app.domain.permissions import Role, Scope
from app.domain.rate_limits import LimitClass
from app.domain.webhooks import DeliveryState as WebhookState

_APP = Path(__file__).parents[3] / "app"
_TEXTS = json.loads((_APP / "dashboard" / "i18n" / "pt.json").read_text())
_CHECK = re.compile(r'(?:ChannelCheck|_wrong|_known)\(\s*\(?"(\w+)"|ChannelCheck\("(\w+)"')


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("answering", Answering),
        ("by", Author),
        ("channel", ChannelKind),
        ("channel.state", ChannelState),
        ("delivery", DeliveryState),
        ("document", DocumentStatus),
        ("stage", Stage),
        ("evaluation.state", RunState),
        ("evaluation.change", CaseChange),
        ("evaluation.source", CaseSource),
        ("evaluation.reason", Reason),
        ("evaluation.verdict", Verdict),
        ("limit", [f"rate_limit_{one}" for one in LimitClass]),
        ("role", Role),
        ("scope", Scope),
        ("webhooks.state", WebhookState),
    ],
)
def test_every_name_has_a_text(prefix: str, names: Iterable[str]) -> None:
    assert not {f"{prefix}.{name}" for name in names} - _TEXTS.keys()


def test_every_check_of_a_channel_has_a_text() -> None:
    places = [_APP / "channels", _APP / "services" / "channels"]
    sources = "\n".join(file.read_text() for place in places for file in place.rglob("*.py"))
    checks = {name for found in _CHECK.findall(sources) for name in found if name}

    assert {"address", "first_message", "token", "webhook", "origins", "payment"} <= checks
    assert not {f"check.{name}" for name in checks} - _TEXTS.keys()
