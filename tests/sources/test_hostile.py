"""Files that are broken or mean harm: refused with a clear message, in bounded time and memory, never a traceback."""

from __future__ import annotations

import io
import socket
import time
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import ReadError, UnreadableFile, UnsupportedFormat
from pipeline.sources import SourceFile, read
from pipeline.word.redact import write_copy
from tests.word.planting import base, into_body, link, paragraph, picture, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def attempt(folder: Path, name: str, data: bytes) -> ReadError:
    path = folder / name
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read(SourceFile(path, name, 1))
    assert caught.value.remedy
    assert name in caught.value.message
    return caught.value


def with_document(xml: bytes) -> bytes:
    parts = base()
    parts["word/document.xml"] = xml
    return zipped(parts)


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
EXTERNAL = b'<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd" [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
DEEP = b"<w:x xmlns:w='u'>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</w:x>"


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.odt"])
@pytest.mark.parametrize("xml", [ENTITIES, EXTERNAL, DEEP, b"<x><y></x>", b"\xff\xfe<", b""])
def test_xml_that_means_harm_is_refused(tmp_path: Path, name: str, xml: bytes) -> None:
    parts = base()
    for part in ("word/document.xml", "xl/workbook.xml", "content.xml"):
        parts[part] = xml
    attempt(tmp_path, name, zipped(parts))


def test_entities_in_utf_16_are_refused(tmp_path: Path) -> None:
    attempt(tmp_path, "a.docx", with_document(ENTITIES.decode().encode("utf-16")))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    parts = base()
    parts["word/media/image1.png"] = bytes(60 * 1024 * 1024)
    start = time.perf_counter()
    attempt(tmp_path, "bomb.docx", zipped(parts))
    assert time.perf_counter() - start < 20


def test_thousands_of_parts_are_refused(tmp_path: Path) -> None:
    parts = base()
    parts.update({f"word/media/{number}.png": b"x" for number in range(5_100)})
    attempt(tmp_path, "many.docx", zipped(parts))


@pytest.mark.parametrize("part", ["../../evil.xml", "/etc/evil.xml", "word/../../evil.xml", "C:/evil.xml", "..\\evil.xml"])
def test_part_names_that_climb_are_refused(tmp_path: Path, part: str) -> None:
    parts = base()
    parts[part] = b"<x/>"
    attempt(tmp_path, "climb.docx", zipped(parts))


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO(zipped(base()))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    attempt(tmp_path, "double.docx", buffer.getvalue())


@pytest.mark.parametrize("keep", [10, 200, -5, -200])
@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.odt"])
def test_a_package_cut_short_is_refused(tmp_path: Path, name: str, keep: int) -> None:
    attempt(tmp_path, name, zipped(base())[:keep])


def test_a_part_with_a_broken_checksum_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped(base()))
    at = data.find(b"word/document.xml") + 60
    data[at] ^= 0xFF
    attempt(tmp_path, "sum.docx", bytes(data))


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.txt", "a.pdf", "a.eml", "a.csv", "a.rtf", "a.odt", "a.html", "a.msg"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    assert "empty" in attempt(tmp_path, name, b"").message


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_a_password_is_named_as_the_reason(tmp_path: Path, name: str) -> None:
    error = attempt(tmp_path, name, OLE + "EncryptedPackage".encode("utf-16-le"))
    assert isinstance(error, UnreadableFile)
    assert "password" in error.message


def test_an_old_word_file_is_unsupported_with_what_to_do(tmp_path: Path) -> None:
    error = attempt(tmp_path, "a.doc", OLE)
    assert isinstance(error, UnsupportedFormat)
    assert ".docx" in error.remedy


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pdf", "a.odt", "a.rtf", "a.msg", "a.txt", "a.csv", "a.eml"])
def test_noise_is_refused(tmp_path: Path, name: str) -> None:
    attempt(tmp_path, name, bytes(range(256)) * 40)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv", "a.html", "a.eml"])
def test_five_megabytes_on_one_line_are_read_in_bounded_time(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"Subject: x\n\n" + b"client: Ann <b & then " * 240_000)
    start = time.perf_counter()
    read(SourceFile(path, name, 1))
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize("start", [b"<!--", b"<p ", b"&", b"<![CDATA[", b"</", b"<a href='"])
def test_a_web_page_made_to_be_slow_is_not(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "slow.html"
    path.write_bytes(b"<p>x</p>" + start * 200_000)
    begun = time.perf_counter()
    read(SourceFile(path, path.name, 1))
    assert time.perf_counter() - begun < 20


def test_messages_inside_messages_end(tmp_path: Path) -> None:
    inner = b"Subject: x\n\nhello"
    for _ in range(40):
        inner = b"Subject: x\nContent-Type: message/rfc822\n\n" + inner
    attempt(tmp_path, "deep.eml", inner)


def test_reading_never_reaches_for_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    path = tmp_path / "a.html"
    path.write_bytes(b'<link rel="stylesheet" href="http://192.0.2.1/x"><img src="http://192.0.2.1/y"><p>x</p>')
    assert "x" in read(SourceFile(path, path.name, 1))[0].text
    attempt(tmp_path, "a.docx", with_document(EXTERNAL))


@pytest.mark.parametrize("name", ["Ann Price.docx", "Ann Price.xlsx"])
def test_no_message_says_what_is_in_the_file(tmp_path: Path, name: str) -> None:
    parts = base()
    parts["word/document.xml"] = b"<w:document>Quillfeather"
    error = attempt(tmp_path, name, zipped(parts))
    assert "Quillfeather" not in error.message + error.remedy


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something asked for the network")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_a_copy_of_a_file_full_of_outside_links_asks_for_nothing(tmp_path: Path) -> None:
    parts = base()
    for number, kind in enumerate(("image", "attachedTemplate", "hyperlink", "aFChunk", "subDocument", "oleObject"), 60):
        link(parts, f"rId{number}", kind, f"http://192.0.2.1/{kind}", "External")
    into_body(parts, paragraph(picture("rId60").replace("r:embed", "r:link")) + '<w:altChunk r:id="rId63"/>')
    path = tmp_path / "a.docx"
    path.write_bytes(zipped(parts))
    write_copy(path, tmp_path / "copy.docx", [], author="Wren", title="Copy", pictures=True)
    with zipfile.ZipFile(tmp_path / "copy.docx") as archive:
        assert not any(b"192.0.2.1" in archive.read(name) for name in archive.namelist())


def test_a_package_nested_in_itself_many_times_is_read_in_bounded_time(tmp_path: Path) -> None:
    data = zipped(base())
    for _ in range(12):
        parts = base()
        parts["word/embeddings/inner.docx"] = data
        data = zipped(parts)
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    start = time.perf_counter()
    assert read(SourceFile(path, path.name, 1))
    assert time.perf_counter() - start < 20


def test_embedded_packages_that_unpack_to_far_too_much_are_refused(tmp_path: Path) -> None:
    inner = base()
    inner.update({f"word/media/{number}.bin": bytes(3 * 1024 * 1024) for number in range(30)})
    parts = base()
    parts.update({f"word/embeddings/{number}.docx": zipped(inner) for number in range(5)})
    attempt(tmp_path, "a.docx", zipped(parts))


@pytest.mark.parametrize("depth", [3, 40])
def test_messages_inside_messages_are_read_or_refused(tmp_path: Path, depth: int) -> None:
    inner = b"Subject: deep\nMIME-Version: 1.0\nContent-Type: text/plain\n\nRing Quillfeather.\n"
    for number in range(depth):
        mark = b"B%d" % number
        inner = (
            b"Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=" + mark + b"\n\n--" + mark
            + b"\nContent-Type: message/rfc822\n\n" + inner + b"\n--" + mark + b"--\n"
        )
    if depth < 5:
        path = tmp_path / "a.eml"
        path.write_bytes(inner)
        assert "Quillfeather" in read(SourceFile(path, path.name, 1))[0].text
    else:
        attempt(tmp_path, "a.eml", inner)
