"""What a row of the database is, for all who carry rows without knowing what they mean."""

from typing import Any

Row = dict[str, Any]
