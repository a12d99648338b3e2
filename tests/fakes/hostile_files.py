"""Makes files that are broken, locked, empty of text, or meant to do harm, in bytes."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.fakes.files import archive, docx, odt, pdf

_MEGABYTE = 1024 * 1024
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


def pdf_bomb(gigabytes: int = 8) -> bytes:
    """A small PDF whose page unpacks, in two steps, to gigabytes of spaces."""
    content = zlib.compress(_packed_spaces(gigabytes * 1024))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    body = b"%PDF-1.7\n"
    for number, content_of_object in enumerate(objects, 1):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content_of_object)
    return body + b"trailer << /Root 1 0 R /Size 5 >>\n%%EOF\n"


def docx_bomb(megabytes: int = 60) -> bytes:
    """A small Word document that unpacks to `megabytes`."""
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": bytes(megabytes * _MEGABYTE)})


def lying_docx_bomb(megabytes: int = 60) -> bytes:
    """The same, with 1,000 bytes as its claimed size."""
    size = struct.pack("<I", megabytes * _MEGABYTE)
    return docx_bomb(megabytes).replace(size, struct.pack("<I", 1000))


def entity_bomb_docx() -> bytes:
    """A Word document whose text is made of nested XML entities (the "billion laughs")."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    document = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "ha">{entities}]><w:document '
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>&e9;</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(io.BytesIO(docx("x"))) as original:
        parts: dict[str, str | bytes] = {name: original.read(name) for name in original.namelist()}
    return archive(parts | {"word/document.xml": document})


def nested_html(depth: int = 200_000) -> bytes:
    """A page of boxes in boxes."""
    return b"<div>" * depth + b"fundo" + b"</div>" * depth


def _packed_spaces(megabytes: int) -> bytes:
    """zlib data that unpacks to spaces; one packed block is repeated, so it costs nothing to make."""
    packer = zlib.compressobj()
    first = packer.compress(b" " * _MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * _MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (megabytes - 1) + packer.flush()
