"""What names a contact."""

import pytest

from app.domain.channels import Alias, AliasKind
from app.domain.contacts import address_of, alias_key, brazilian_forms

WITH, WITHOUT = "5513988593464", "551388593464"


@pytest.mark.parametrize("phone", [WITH, WITHOUT])
def test_a_mobile_number_is_the_same_with_and_without_its_ninth_digit(phone: str) -> None:
    assert brazilian_forms(phone) == (WITH, WITHOUT)


@pytest.mark.parametrize("first", "6789")
@pytest.mark.parametrize("area", ["11", "31", "99"])
def test_mobile_numbers_begin_with_6_to_9_in_every_area(area: str, first: str) -> None:
    short, long = f"55{area}{first}1234567", f"55{area}9{first}1234567"

    assert brazilian_forms(short) == brazilian_forms(long) == (long, short)


@pytest.mark.parametrize(
    "phone",
    [
        "551332345678",  # landlines
        "551352345678",
        "5513932345678",  # a mobile number whose 8 digits would be a landline's
        "5513952345678",
        "551312345678",  # no number begins with 0 or 1
        "5513902345678",
        "551088593464",  # no such area
        "550188593464",
        "5513788593464",  # 9 digits that begin with another one
        "55138859346",  # too short, too long
        "55139885934645",
        "55",
        "",
        "351912345678",  # other countries
        "14155550123",
        "5413988593464",
        "+5513988593464",  # not digits alone
        "٥٥١٣٩٨٨٥٩٣٤٦٤",
        "55¹³88593464",
    ],
)
def test_any_other_number_has_one_form(phone: str) -> None:
    assert brazilian_forms(phone) == (phone,)


def test_a_phone_number_has_one_key_in_all_forms_and_channels() -> None:
    keys = {alias_key(Alias(AliasKind.PHONE, phone), channel) for phone in (WITH, WITHOUT) for channel in "ab"}

    assert keys == {f"phone:{WITH}"}


@pytest.mark.parametrize("kind", [kind for kind in AliasKind if kind is not AliasKind.PHONE])
def test_any_other_alias_has_a_key_for_each_channel(kind: AliasKind) -> None:
    keys = {alias_key(Alias(kind, value), channel) for value in (WITH, WITHOUT) for channel in "ab"}

    assert len(keys) == 4


@pytest.mark.parametrize(
    ("aliases", "address"),
    [
        ([Alias(AliasKind.PHONE, WITH)], f"+{WITH}"),
        ([Alias(AliasKind.PHONE, WITHOUT), Alias(AliasKind.PHONE, WITH)], f"+{WITHOUT}"),
        ([Alias(AliasKind.LID, "7"), Alias(AliasKind.PHONE, WITH)], f"+{WITH}"),
        ([Alias(AliasKind.LID, "7"), Alias(AliasKind.USER_ID, "BR.8")], "lid:7"),
        ([Alias(AliasKind.TELEGRAM, "123")], "telegram:123"),
    ],
)
def test_a_conversation_is_called_by_the_form_that_came_in(aliases: list[Alias], address: str) -> None:
    assert address_of(aliases) == address
