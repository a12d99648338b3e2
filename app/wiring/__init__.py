"""The composition root: settings become services. The only place that names concrete classes."""

from app.wiring.disk import outage_teller
from app.wiring.engines import Engines, close_folders, open_engines
from app.wiring.services import Services, compose

__all__ = ["Engines", "Services", "close_folders", "compose", "open_engines", "outage_teller"]
