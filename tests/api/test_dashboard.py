"""GET /painel/"""

import re

import pytest

from app.services.invitation_mail import invitation_link
from tests.api.house import Caller, assert_error


def test_the_page_loads_its_files_and_nothing_from_elsewhere(anyone: Caller) -> None:
    response = anyone.get("/painel/")

    assert (response.status_code, response.mimetype) == (200, "text/html")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', response.text)
    assert sorted(loaded) == ["links.css", "links.js"]
    assert "unsafe-eval" not in response.headers["Content-Security-Policy"]
    for name in loaded:
        file = anyone.get(f"/painel/{name}")
        assert file.status_code == 200, name
        assert file.mimetype in {"text/css", "text/javascript"}
        file.close()
    response.close()


@pytest.mark.parametrize("link", [invitation_link("", "abc"), "/painel/#/redefinir-senha/abc"])
def test_links_have_a_page(anyone: Caller, link: str) -> None:
    path, _, fragment = link.partition("#")
    response = anyone.get(path)

    assert response.status_code == 200
    assert f'<form id="{fragment.split("/")[1]}"' in response.text
    response.close()


def test_scripts_and_styles_are_in_files(anyone: Caller) -> None:
    response = anyone.get("/painel/")

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", response.text)
    response.close()


@pytest.mark.parametrize("name", ["nothing.js", "../settings.py", "..%2fsettings.py", "%2e%2e/settings.py", "%00"])
def test_no_file_lies_outside(anyone: Caller, name: str) -> None:
    assert_error(anyone.get(f"/painel/{name}"), 404, "not_found")
