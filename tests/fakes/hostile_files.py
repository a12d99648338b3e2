"""Makes files that are broken, locked, empty of text, or meant to do harm, in bytes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.fakes.files import archive, docx, epub, ods, odt, pdf, pptx, xlsx

_MEGABYTE = 1024 * 1024
_TEXT = "O prazo de entrega"
_ENTITIES = (
    '<!DOCTYPE d [<!ENTITY e0 "ha">'
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
).encode()
_OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def encrypted_pdf(text: str, password: str, *, algorithm: str = "AES-256") -> bytes:
    """A PDF that opens with `password` only; where that is empty it opens for all, but forbids changes."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(text))))
    writer.encrypt(user_password=password, owner_password="the owner's", algorithm=algorithm)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def encrypted_office() -> bytes:
    """The head of what Office saves for a document with a password: an old container around the new format."""
    return _OLE_HEADER + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(1024)


def old_office() -> bytes:
    """The head of a document of Office 97 to 2003."""
    return _OLE_HEADER + bytes(1024) + "WordDocument".encode("utf-16-le") + bytes(1024)


def encrypted_odt(text: str) -> bytes:
    """An OpenDocument text whose manifest says that its content is encrypted."""
    manifest = "<manifest:encryption-data manifest:checksum-type='SHA1'/>"
    with zipfile.ZipFile(io.BytesIO(odt(text))) as original:
        parts: dict[str, str | bytes] = {name: original.read(name) for name in original.namelist()}
    return archive(parts | {"META-INF/manifest.xml": manifest, "content.xml": bytes(range(256))})


def scanned_pdf(text: str) -> bytes:
    """A PDF whose page is a picture of a text."""
    picture = Image.new("RGB", (600, 200), "white")
    ImageDraw.Draw(picture).text((20, 80), text, fill="black")
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawImage(ImageReader(picture), 50, 500)
    canvas.save()
    return buffer.getvalue()


def picture_bomb(side: int = 60_000) -> bytes:
    """A small PNG that says it is so many pixels wide and high."""
    buffer = io.BytesIO()
    Image.new("L", (8, 8)).save(buffer, "PNG")
    data = buffer.getvalue()
    header = b"IHDR" + side.to_bytes(4, "big") * 2 + data[24:29]
    return data[:12] + header + zlib.crc32(header).to_bytes(4, "big") + data[33:]


def pdf_bomb(gigabytes: int = 8) -> bytes:
    """A small PDF whose page unpacks, in two steps, to gigabytes of spaces."""
    content = zlib.compress(_packed_spaces(gigabytes * 1024))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    return _pdf_of(objects)


def _pdf_of(objects: list[bytes]) -> bytes:
    body = b"%PDF-1.7\n"
    for number, content_of_object in enumerate(objects, 1):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content_of_object)
    return body + b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF\n" % (len(objects) + 1)


ZIPPED: dict[str, tuple[Callable[[], bytes], str]] = {
    "docx": (lambda: docx(_TEXT), "word/document.xml"),
    "pptx": (lambda: pptx(f"# Prazos\n{_TEXT}"), "ppt/slides/slide1.xml"),
    "xlsx": (lambda: xlsx(A=[[_TEXT, "b"]]), "xl/worksheets/sheet1.xml"),
    "odt": (lambda: odt(_TEXT), "content.xml"),
    "ods": (lambda: ods(A=[[_TEXT, "b"]]), "content.xml"),
    "epub": (lambda: epub(_TEXT), "c0.xhtml"),
}
"""For each kind of zip: how a good one is made, and the part of it that holds the text."""


def zip_bomb(kind: str, megabytes: int = 60) -> bytes:
    """A small document whose text unpacks to `megabytes`."""
    return _changed(kind, lambda text: text + b" " * (megabytes * _MEGABYTE))


def lying_zip_bomb(kind: str, megabytes: int = 60) -> bytes:
    """The same, with 1,000 bytes as its claimed size."""
    part = ZIPPED[kind][1]
    bomb = zip_bomb(kind, megabytes)
    with zipfile.ZipFile(io.BytesIO(bomb)) as zipped:
        size = zipped.getinfo(part).file_size
    return bomb.replace(struct.pack("<I", size), struct.pack("<I", 1000))


def nested_zip_bomb(kind: str) -> bytes:
    """A good document that carries a bomb inside, which nobody has asked to open."""
    with zipfile.ZipFile(io.BytesIO(ZIPPED[kind][0]())) as original:
        parts: dict[str, str | bytes] = {name: original.read(name) for name in original.namelist()}
    return archive(parts | {"word/embeddings/oleObject1.bin": zip_bomb("docx"), "bomb.zip": zip_bomb("xlsx")})


def entity_bomb(kind: str) -> bytes:
    """A document whose text is made of nested XML entities (the "billion laughs")."""

    def bombed(text: bytes) -> bytes:
        start = text.index(b"?>") + 2 if b"?>" in text else 0
        return text[:start] + _ENTITIES + text[start:].replace(_TEXT.encode(), b"&e9;")

    return _changed(kind, bombed)


def entity_bomb_html() -> bytes:
    """A page that is one."""
    return _ENTITIES + b"<html><body><p>&e9;</p></body></html>"


def nested_document(kind: str, depth: int = 200_000) -> bytes:
    """A document whose text is in boxes in boxes."""
    return _changed(
        kind, lambda text: text.replace(_TEXT.encode(), b"<x>" * depth + _TEXT.encode() + b"</x>" * depth)
    )


def million_pages() -> bytes:
    """A PDF that claims a million pages and has one."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>",
    ]
    return _pdf_of(objects)


def _changed(kind: str, change: Callable[[bytes], bytes]) -> bytes:
    make, part = ZIPPED[kind]
    with zipfile.ZipFile(io.BytesIO(make())) as original:
        parts: dict[str, str | bytes] = {name: original.read(name) for name in original.namelist()}
        return archive(parts | {part: change(original.read(part))})


def nested_html(depth: int = 200_000) -> bytes:
    """A page of boxes in boxes."""
    return b"<div>" * depth + b"fundo" + b"</div>" * depth


def _packed_spaces(megabytes: int) -> bytes:
    """zlib data that unpacks to spaces; one packed block is repeated, so it costs nothing to make."""
    packer = zlib.compressobj()
    first = packer.compress(b" " * _MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * _MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (megabytes - 1) + packer.flush()
