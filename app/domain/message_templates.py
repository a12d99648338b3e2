"""Message templates: texts that a provider has approved, for when nothing else may be sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_VARIABLE = re.compile(r"\{\{\s*([1-9][0-9]?)\s*\}\}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A template as the provider approved it; `body` has variables as `{{1}}`, `{{2}}`…"""

    name: str
    language: str
    category: str
    body: str

    @property
    def variables(self) -> int:
        """How many values it takes."""
        return max((int(number) for number in _VARIABLE.findall(self.body)), default=0)

    def filled(self, values: Sequence[str]) -> str:
        """The text that the contact sees; there have to be as many values as variables."""
        return _VARIABLE.sub(lambda found: values[int(found[1]) - 1], self.body)


@dataclass(frozen=True, slots=True)
class ChosenTemplate:
    """A template that is to be sent, with its values."""

    name: str
    language: str
    values: tuple[str, ...] = ()
