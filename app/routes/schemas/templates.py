"""Message templates."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from app.domain.message_templates import ChosenTemplate, MessageTemplate
from app.routes.schemas.common import AnswerModel, Name, NotBlank, RequestModel, Storable
from app.services.channels.template_messages import WantedTemplate

_REFUSED_BY_META = re.compile(r"[\r\n\t]| {5}")


def _of_one_line(text: str) -> str:
    if _REFUSED_BY_META.search(text):
        raise ValueError("must not contain line breaks, tabs, or more than four spaces in a row")
    return text


Value = Annotated[
    str, StringConstraints(min_length=1, max_length=1024), Storable, NotBlank, AfterValidator(_of_one_line)
]


class TemplateOut(AnswerModel):
    """A template that the provider has approved."""

    name: str
    language: str
    category: str = Field(description="As the provider calls it, which decides what it costs", examples=["UTILITY"])
    body: str = Field(description="Its text, with variables", examples=["Olá {{1}}, seu pedido chegou."])
    variables: int = Field(description="How many values it takes")

    @classmethod
    def of(cls, template: MessageTemplate) -> "TemplateOut":
        return cls(
            name=template.name,
            language=template.language,
            category=template.category,
            body=template.body,
            variables=template.variables,
        )


class TemplateMessageIn(RequestModel):
    """A template that is to be sent to a customer."""

    name: Name
    language: Name = Field(examples=["pt_BR"])
    values: list[Value] = Field(default_factory=list, max_length=99, description="Of its variables, in order")
    message_id: Name | None = Field(None, description="The caller's own id: what comes with it goes out once")

    def wanted(self) -> WantedTemplate:
        """What the service is to send."""
        return WantedTemplate(ChosenTemplate(self.name, self.language, tuple(self.values)), self.message_id)
