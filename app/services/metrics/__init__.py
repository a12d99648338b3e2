"""Metrics in Prometheus' format: counted in this process, and looked up in the database now and then."""

from app.services.metrics.meters import MeteredAnswerer as MeteredAnswerer
from app.services.metrics.meters import Meters as Meters
from app.services.metrics.state import ServiceState as ServiceState
from app.services.metrics.state import StateCollector as StateCollector
