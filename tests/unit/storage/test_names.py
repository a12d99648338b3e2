"""File names from strangers."""

import unicodedata

import pytest

from app.storage.names import safe_filename


@pytest.mark.parametrize(
    "name", ["a.md", "Preços e condições.pdf", "cardápio 🍕.docx", "v1.2 (final).txt", "$where.md", "日本語.txt"]
)
def test_a_good_name_stays(name: str) -> None:
    assert safe_filename(name) == name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\system.txt", "system.txt"),
        ("C:\\docs\\a.md", "a.md"),
        ("/a.md", "a.md"),
        ("a.md/", ""),
        (".hidden.md", "hidden.md"),
        ("...a.md...", "a.md"),
        ("  a.md  ", "a.md"),
        ("a\0b.md", "ab.md"),
        ("a\nb\tc.md", "abc.md"),
        ("gnp\u202edm.md", "gnpdm.md"),
        ("a\u2028b\u200b.md", "ab.md"),
        ("a\ud800.md", "a.md"),
        ("c\u0327a.md", "ça.md"),
    ],
)
def test_what_does_harm_goes(name: str, kept: str) -> None:
    assert safe_filename(name) == kept


@pytest.mark.parametrize("name", ["", ".", "..", "...", "/", "\\", " . . ", "\0", "\u202e", "../", "a/.."])
def test_of_some_nothing_is_kept(name: str) -> None:
    assert safe_filename(name) == ""


@pytest.mark.parametrize("letter", ["x", "ç", "🍕", "e\u0301"])
@pytest.mark.parametrize("extension", [".md", ".docx", ""])
def test_long_names_keep_their_end(letter: str, extension: str) -> None:
    kept = safe_filename(letter * 300 + extension)

    assert 150 < len(kept.encode()) <= 180
    assert kept.endswith(extension)
    stem, _, digest = kept.removesuffix(extension).rpartition("-")
    assert set(stem) == set(unicodedata.normalize("NFC", letter))
    assert len(digest) == 8


def test_an_end_that_is_no_extension_is_cut() -> None:
    kept = safe_filename("a." + "x" * 300)

    assert kept.startswith("a." + "x" * 160)
    assert len(kept) == 180


def test_long_names_that_differ_at_the_end_stay_different() -> None:
    assert safe_filename("a" * 200 + "1.md") != safe_filename("a" * 200 + "2.md")


@pytest.mark.parametrize("name", ["a" * 178 + " .md", "a" * 176 + ". . .md", "a" * 500 + ". ."])
def test_what_is_cut_can_be_made_safe_again(name: str) -> None:
    kept = safe_filename(name)

    assert safe_filename(kept) == kept
