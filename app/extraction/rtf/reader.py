"""Rich Text Format (RTF 1.9.1) becomes Markdown."""

import re
from dataclasses import dataclass, field, replace

from app.domain.file_text import FileText
from app.extraction.inline_text import InlineText
from app.extraction.links import with_target
from app.extraction.problems import Problem, ProblemError
from app.extraction.rtf.characters import Characters
from app.extraction.rtf.state import Group, Paragraph
from app.extraction.rtf.styles import StyleSheet
from app.extraction.rtf.table import RtfTable
from app.extraction.rtf.tokens import Token, tokens
from app.extraction.running_headers import running_lines
from app.extraction.text_blocks import TextBlock, blocks_to_markdown, heading, list_item
from app.extraction.warning_text import joined

_RUNNING = {kind + page for kind in ("header", "footer") for page in ("", "l", "r", "f")}
_NO_TEXT = {
    *("colortbl", "info", "pict", "objdata", "nonshppict", "shprslt", "nonesttables", "listtable", "revtbl"),
    *("listoverridetable", "rsidtbl", "generator", "xmlnstbl", "themedata", "datastore", "bkmkstart", "bkmkend"),
}
_LABELS = {"listtext", "pntext"}
_IN_STARRED = {"shptxt", "dptxbxtext", "shpinst", "do", "fldinst"}
"""Destinations that readers may pass over, but in which there is text, or a link's target."""
_LINK = re.compile(r'HYPERLINK\s+"([^"]*)"')
_PARAGRAPH_ENDS = {"par", "sect", "page", "column", "\n", "\r"}
_BULLET = "- "
_CUT_OFF = "The document is cut off: only what comes before is read."


def read_rtf(data: bytes) -> FileText:
    """The Markdown of a document; raises `ProblemError` where it is none.

    The warning tells of a document that is cut off, or that is followed by something else.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ProblemError(Problem.BROKEN, "not RTF")
    document = _Document()
    end = document.read(data)
    rest = len(data[end:].strip(b"\0\r\n\t ")) if end is not None else 0
    behind = f"Bytes behind the end of the document that were not read: {rest}." if rest else None
    return FileText(document.text(), joined(_CUT_OFF if end is None else None, behind))


@dataclass
class _Flow:
    """Texts that are written by themselves: the document's, or that of running headers and footers."""

    line: InlineText = field(default_factory=InlineText)
    blocks: list[TextBlock] = field(default_factory=list)


class _Document:
    """Read once from the start to the end."""

    def __init__(self) -> None:
        self._characters = Characters()
        self._group = Group()
        self._above: list[tuple[Group, Paragraph]] = []
        self._starred = False
        self._paragraph = Paragraph()
        self._table = RtfTable()
        self._flows = {"": _Flow(), "running": _Flow()}
        self._styles = StyleSheet()
        self._collected: dict[str, str] = {}
        self._label = ""
        self._target = ""

    def read(self, data: bytes) -> int | None:
        """Where the document ends, None where it does not."""
        for token in tokens(data):
            if token.word == "{":
                self._flush()
                self._above.append((self._group, self._paragraph))
            elif token.word == "}":
                self._flush()
                if len(self._above) <= 1:
                    return token.end
                self._close(*self._above.pop())
            elif not self._characters.add(token, self._group.font, self._group.replaced):
                self._flush()
                self._take(token)
        self._flush()
        return None

    def text(self) -> str:
        """The Markdown of what was read."""
        self._paragraph = Paragraph()
        self._end_paragraph("")
        self._end_table()
        self._end_paragraph("running")
        running = running_lines(line for block in self._flows["running"].blocks for line in block.text.splitlines())
        return "\n\n".join([blocks_to_markdown(self._flows[""].blocks), *running])

    def _flush(self) -> None:
        text = self._characters.take()
        destination = self._group.destination
        if not text or destination == "-":
            return
        if destination not in self._flows:
            self._collected[destination] = self._collected.get(destination, "") + text
        elif not self._group.is_hidden:
            flow = self._flows[destination]
            if destination == "" and not self._paragraph.in_table and text.strip():
                self._end_table()
            flow.line.add(text, raised=self._group.is_raised)

    def _take(self, token: Token) -> None:
        word, number = token.word, token.number
        starred, self._starred = self._starred, word == "*"
        if self._group.destination == "-":
            return
        if word in _RUNNING and self._group.destination == "":
            self._group = replace(self._group, destination="running")
        elif word in _LABELS or word in {"fonttbl", "stylesheet", "footnote", "fldinst"}:
            self._begin(word)
        elif word == "fldrslt":
            if self._target:
                self._begin(word)
        elif word in _NO_TEXT or (starred and word not in _IN_STARRED):
            self._group = replace(self._group, destination="-")
        elif word in {"shpinst", "do"}:
            self._group = replace(self._group, destination="shape")
        elif word in {"shptxt", "dptxbxtext"}:
            self._end_paragraph("")
            self._group = replace(self._group, destination="")
        elif self._group.destination == "fonttbl":
            self._note_font(token)
        elif self._group.destination == "stylesheet":
            self._styles.note(token)
        else:
            self._group = self._group.after(word, number)
            self._note_paragraph(token)

    def _begin(self, destination: str) -> None:
        self._group = replace(self._group, destination=destination)
        self._collected[destination] = ""

    def _close(self, above: Group, paragraph: Paragraph) -> None:
        """The end of a group, which may have had a destination of its own."""
        ended = self._group.destination
        if ended != above.destination and ended in self._flows:
            self._end_paragraph(ended)
        self._group, self._paragraph = above, paragraph
        if ended == above.destination:
            if ended == "stylesheet":
                self._styles.end_style(self._collected.get("stylesheet", ""))
                self._collected["stylesheet"] = ""
            return
        collected = self._collected.pop(ended, "")
        text = " ".join(collected.split())
        if ended in _LABELS:
            self._label = f"{text} " if any(map(str.isalnum, text)) and text != "o" else _BULLET
        elif ended == "footnote" and text and above.destination in self._flows:
            self._flows[above.destination].line.add(f" ({text})")
        elif ended == "fldinst":
            match = _LINK.search(text)
            self._target = match[1] if match else ""
        elif ended == "fldrslt" and above.destination in self._flows:
            self._flows[above.destination].line.add(with_target(collected, self._target))

    def _note_font(self, token: Token) -> None:
        if token.word == "f":
            self._group = replace(self._group, font=token.number or 0)
        elif token.word == "fcharset":
            self._characters.note_font(self._group.font, token.number or 0)

    def _note_paragraph(self, token: Token) -> None:
        word, number = token.word, token.number or 0
        destination = self._group.destination
        if (paragraph := self._paragraph.after(word, number)) is not None:
            self._paragraph = paragraph
        elif word in _PARAGRAPH_ENDS:
            self._end_paragraph(destination)
        elif word == "cell" and destination == "":
            self._paragraph = replace(self._paragraph, in_table=True)
            self._table.add_cell(" ".join(self._flows[""].line.take().split()))
            self._label = ""
        elif word == "row" and destination == "":
            self._table.end_row()
        elif word in {"cell", "row"} and destination in self._flows:
            self._flows[destination].line.add(" " if word == "cell" else "\n")
        else:
            self._characters.note(token)
            self._table.note(token)

    def _end_paragraph(self, destination: str) -> None:
        if destination not in self._flows:
            return
        flow = self._flows[destination]
        if destination == "" and self._paragraph.in_table:
            flow.line.add(" ")
            return
        text = "\n".join(" ".join(line.split()) for line in flow.line.take().split("\n")).strip()
        label, self._label = self._label, ""
        if not text:
            return
        if destination == "":
            self._end_table()
        if level := self._styles.level_of(self._paragraph):
            flow.blocks.append(heading(f"{'' if label == _BULLET else label}{text}", level))
        elif label:
            flow.blocks.append(list_item(text, self._paragraph.depth, label))
        else:
            flow.blocks.append(TextBlock("paragraph", text))

    def _end_table(self) -> None:
        if self._table:
            self._flows[""].blocks.append(TextBlock("rows", self._table.lines()))
