"""Right answers that people wrote: an assistant's document of corrections."""

from app.services.corrections.service import Correction, CorrectionService, CorrectionState

__all__ = ["Correction", "CorrectionService", "CorrectionState"]
