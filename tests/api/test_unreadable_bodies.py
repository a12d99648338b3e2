"""What a caller is told whose body cannot be read."""

from io import BytesIO
from typing import Any

import pytest

from tests.api.house import Caller, assert_error

SECRET = "an-unechoed-value"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The body is empty; send a JSON object."),
        (b'{"name": an-unechoed-value}', "The body is not JSON: see line 1, column 10."),
        (b'{"name": "Loja",\n', "The body is not JSON: see line 2, column 1."),
        ('{"name": "não"}'.encode("cp1252"), "The body is not JSON: it is not encoded in UTF-8."),
        (b'{"name": NaN}', "The body is not JSON: it holds a number JSON does not have, or is nested too deeply."),
    ],
)
def test_a_body_that_is_no_json_says_where(ana: Caller, body: bytes, said: str) -> None:
    response = ana.request("POST", "/assistants/add", data=body, content_type="application/json")

    assert assert_error(response, 400, "bad_request") == said
    assert SECRET not in response.text


def test_another_type_says_which_one_is_meant(ana: Caller, assistant: dict[str, Any]) -> None:
    as_text = ana.request("POST", "/assistants/add", data=b"{}", content_type="text/plain")
    as_json = ana.post("/documents/add", {"assistant_id": assistant["_id"]})

    assert "application/json" in assert_error(as_text, 415, "unsupported_media_type")
    assert "multipart/form-data" in assert_error(as_json, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("multipart/form-data", "names no boundary"),
        ("multipart/form-data; boundary=b", "ends before its last boundary"),
    ],
)
def test_a_form_says_what_it_lacks(ana: Caller, header: str, said: str) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="type"\r\n\r\nrag'

    response = ana.request("POST", "/documents/add", data=form, content_type=header)

    assert said in assert_error(response, 400, "bad_request")


@pytest.mark.parametrize(
    ("name", "said"), [("foto.exe", ".pdf, .docx"), ("tabela.xls", "Save it as .xlsx"), ("leia-me", ".pdf, .docx")]
)
def test_a_file_of_another_kind_says_which_are_read(
    ana: Caller, assistant: dict[str, Any], name: str, said: str
) -> None:
    response = ana.send_form(file=(BytesIO(b"x"), name), type="rag", assistant_id=assistant["_id"])

    sentence = assert_error(response, 422, "validation_error", "file")
    assert sentence.startswith("Files of this kind are not read. ")
    assert said in sentence
