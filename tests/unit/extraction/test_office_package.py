"""Parts of Office files are found by their relations; damaged and missing ones are noted."""

from app.extraction.office_package import OfficePackage, Relation, path_of
from tests.fakes import files

KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rels(*relations: str) -> str:
    return f"<Relationships>{''.join(relations)}</Relationships>"


def relation(name: str, kind: str, target: str, more: str = "") -> str:
    return f'<Relationship Id="{name}" Type="{KINDS}/{kind}" Target="{target}" {more}/>'


def test_relations_are_resolved() -> None:
    main = relation("r", "officeDocument", "a/b.xml")
    own = rels(
        relation("1", "image", "../m/x.png"),
        relation("2", "image", "/y.png"),
        relation("3", "hyperlink", "https://x.example/", 'TargetMode="External"'),
    )
    opened = OfficePackage(files.archive({"_rels/.rels": rels(main), "a/_rels/b.xml.rels": own}))

    assert opened.main_part() == "a/b.xml"
    assert opened.relations("a/b.xml") == {
        "1": Relation("image", "m/x.png", is_external=False),
        "2": Relation("image", "y.png", is_external=False),
        "3": Relation("hyperlink", "https://x.example/", is_external=True),
    }
    assert path_of("hyperlink", opened.relations("a/b.xml").values()) == ""
    assert opened.relations("nada.xml") == {}
    assert opened.unread == []


def test_damaged_and_missing_parts_are_noted() -> None:
    opened = OfficePackage(files.archive({"a.xml": "<a><b>um</b><c>", "_rels/a.xml.rels": "x"}))

    root = opened.tree("a.xml")
    assert root is not None
    assert "".join(root.itertext()) == "um"
    assert opened.relations("a.xml") == {}
    assert opened.content("b.png") == b""
    assert opened.tree("nada.xml") is None
    assert opened.unread == ["a.xml", "a.xml", "b.png"]
