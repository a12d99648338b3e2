"""Charts and diagrams become lines that carry the names of their series."""

from xml.etree.ElementTree import fromstring

from app.extraction.charts import chart_to_block, diagram_to_blocks


def points(*values: str) -> str:
    return "".join(f"<pt idx='{number}'><v>{value}</v></pt>" for number, value in enumerate(values))


def series(name: str, categories: str, values: str) -> str:
    return (
        f"<ser><tx>{points(name)}</tx><cat>{categories}</cat><val><formatCode>0%</formatCode>{values}</val></ser>"
    )


def test_a_line_for_each_category() -> None:
    drawn = series("2025", points("Sul", "Norte"), points("0.5", "1")) + series("2026", "", points("0.25", "x"))
    axis = "<catAx><title><t>Região</t></title></catAx>"
    chart = f"<chartSpace><chart><plotArea>{drawn}{axis}</plotArea></chart></chartSpace>"

    assert chart_to_block(fromstring(chart)).text == "Sul; 2025: 50%; 2026: 25%\nNorte; 2025: 100%; 2026: x"


def test_an_empty_chart_has_no_lines() -> None:
    assert chart_to_block(fromstring("<chartSpace><chart/></chartSpace>")).text == ""


def test_a_hostile_place_of_a_point_takes_no_room() -> None:
    drawn = series("a", "", "<pt idx='999999999'><v>1</v></pt><pt idx='x'><v>2</v></pt>")

    assert len(chart_to_block(fromstring(f"<chartSpace>{drawn}</chartSpace>")).text) < 10_000


def test_the_boxes_of_a_diagram() -> None:
    boxes = "<d><pt><p><r><t>Pedi</t></r><r><t>do</t></r></p></pt><pt type='sibTrans'><p><t>x</t></p></pt><pt/></d>"

    assert [block.text for block in diagram_to_blocks(fromstring(boxes)) if block.text] == ["- Pedido"]
