"""GET /painel/"""

import gzip
import re

import pytest

from app.services.invitation_mail import invitation_link
from tests.api.house import Caller, assert_error

_GZIP = {"Accept-Encoding": "gzip, deflate"}


def test_the_page_loads_its_files_and_nothing_from_elsewhere(anyone: Caller) -> None:
    response = anyone.get("/painel/")

    assert (response.status_code, response.mimetype) == (200, "text/html")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', response.text)
    assert {"main.js", "styles/tokens.css"} <= set(loaded)
    for name in loaded:
        file = anyone.get(f"/painel/{name}")
        assert file.status_code == 200, name
        assert file.mimetype in {"text/css", "text/javascript", "image/svg+xml"}
        file.close()
    response.close()


@pytest.mark.parametrize("name", ["", "main.js", "styles/base.css"])
def test_no_inline_script_or_style_is_run(anyone: Caller, name: str) -> None:
    response = anyone.get(f"/painel/{name}")
    policy = response.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    response.close()


def test_files_that_have_not_changed_are_not_sent_again(anyone: Caller) -> None:
    first = anyone.get("/painel/main.js")
    again = anyone.get("/painel/main.js", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    first.close()
    again.close()


def test_files_are_compressed_for_browsers_that_take_it(anyone: Caller) -> None:
    plain, small = anyone.get("/painel/i18n/pt.json"), anyone.get("/painel/i18n/pt.json", headers=_GZIP)

    assert "Content-Encoding" not in plain.headers
    assert (small.headers["Content-Encoding"], small.mimetype) == ("gzip", "application/json")
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 2
    assert small.headers["Content-Security-Policy"] == plain.headers["Content-Security-Policy"]
    assert small.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert small.headers["ETag"] != plain.headers["ETag"]
    again = anyone.get("/painel/i18n/pt.json", headers={**_GZIP, "If-None-Match": small.headers["ETag"]})
    assert again.status_code == 304
    for response in (plain, small, again):
        response.close()


@pytest.mark.parametrize("link", [invitation_link("", "abc"), "/painel/#/redefinir-senha/abc"])
def test_links_have_a_screen(anyone: Caller, link: str) -> None:
    path, _, fragment = link.partition("#")
    page, screens = anyone.get(path), anyone.get("/painel/routes.js")

    assert page.status_code == 200
    assert f'path: "/{fragment.split("/")[1]}/:' in screens.text
    page.close()
    screens.close()


def test_scripts_and_styles_are_in_files(anyone: Caller) -> None:
    response = anyone.get("/painel/")

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", response.text)
    response.close()


@pytest.mark.parametrize("name", ["nothing.js", "../settings.py", "..%2fsettings.py", "%2e%2e/settings.py", "%00"])
def test_no_file_lies_outside(anyone: Caller, name: str) -> None:
    assert_error(anyone.get(f"/painel/{name}"), 404, "not_found")
    assert_error(anyone.get(f"/painel/{name}", headers=_GZIP), 404, "not_found")
