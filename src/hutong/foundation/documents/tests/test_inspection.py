"""Content decides; whatever is not plainly harmless is refused with a sentence (TM-10: 0 crashes)."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.foundation.documents.inspection import MAX_SIZE, Refused, inspect
from hutong.foundation.documents.tests import files


@pytest.mark.parametrize(
    ("content", "kind", "suffix"),
    [
        (files.png(), "image", ".png"),
        (files.jpeg(), "image", ".jpg"),
        (files.webp(), "image", ".webp"),
        (files.pdf(), "pdf", ".pdf"),
        (files.pdf_hiding(b"/Type /Font"), "pdf", ".pdf"),
        (files.package(), "sheet", ".xlsx"),
        (files.package("word/document.xml"), "doc", ".docx"),
        (
            files.package(xl___rels__sheet_dot_rels=files.relations("https://example.com/", "hyperlink")),
            "sheet",
            ".xlsx",
        ),
        ("姓名,村\n甲,柳村\n".encode(), "sheet", ".csv"),
        ("姓名,村\n甲,柳村\n".encode("gb18030"), "sheet", ".csv"),
    ],
)
def test_honest_files_are_known_by_their_content(content: bytes, kind: str, suffix: str) -> None:
    verdict = inspect(content)
    assert (verdict.kind, verdict.suffix) == (kind, suffix)


HOSTILE = {
    "empty": (b"", "空的"),
    "program": (b"MZ\x90\x00" + b"\x00" * 100, "不接收"),
    "page with script": (b"<html><script>alert(1)</script>", "不接收"),
    "drawing with script": (b'<svg onload="x">', "不接收"),
    "cut jpeg": (files.jpeg()[:25], "不完整"),
    "cut png": (files.png()[:20], "不完整"),
    "cut pdf": (files.pdf()[:-8], "不完整"),
    "enormous picture": (files.png(50_000, 50_000), "超过"),
    "picture without size": (files.png(0, 10), "超过"),
    "pdf with script": (files.pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "脚本"),
    "pdf with script in disguise": (files.pdf(b"/OpenAction << /S /J#61vaScript >>"), "脚本"),
    "pdf that starts programs": (files.pdf(b"/A << /S /Launch >>"), "脚本"),
    "pdf with script in an object stream": (files.pdf_hiding(b"/S /JavaScript"), "脚本"),
    "pdf with a password": (files.pdf(b"/Encrypt 9 0 R"), "密码"),
    "macros": (files.package(xl__vbaProject_dot_bin=b"x"), "宏"),
    "embedded object": (files.package(xl__embeddings__oleObject1_dot_bin=b"x"), "内嵌"),
    "external workbook": (files.package(xl__externalLinks__externalLink1_dot_xml="<x/>"), "外部"),
    "remote template": (
        files.package(
            "word/document.xml",
            word___rels__settings_dot_rels=files.relations("http://x/", "attachedTemplate"),
        ),
        "外部",
    ),
    "external entity": (
        files.package(xl__x_dot_xml='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x/>'),
        "不安全",
    ),
    "way out": (files.package(**{"..__..__x_dot_xml": "<x/>"}), "异常"),
    "bomb": (files.package(xl__big_dot_xml=b" " * (60 * 2**20)), "过大"),
    "mere zip": (files.package("readme.txt"), "压缩包"),
    "cut zip": (files.package()[:-40], "损坏"),
    "too many parts": (files.package(**{f"xl__p{n}_dot_xml": "" for n in range(3001)}), "超过上限"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_are_refused_with_a_sentence(name: str) -> None:
    content, words = HOSTILE[name]
    with pytest.raises(Refused, match=words):
        inspect(content)


def test_the_limit_is_twenty_megabytes() -> None:
    with pytest.raises(Refused, match="超过 20 MB"):
        inspect(files.jpeg() + b"\x00" * MAX_SIZE)


def test_a_package_that_lies_about_its_sizes_is_caught() -> None:
    content = bytearray(files.package(xl__big_dot_xml=b" " * (60 * 2**20)))
    place = content.rfind(b"xl/big.xml") - 46  # its central directory entry: size unpacked at +24
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Refused):
        inspect(bytes(content))


def outcome(content: bytes) -> str:
    """The kind, or the sentence of the refusal; anything else is a crash."""
    try:
        return inspect(content).kind
    except Refused as error:
        return str(error)


STARTS = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"PK\x03\x04", b"RIFF\x00\x00\x00\x00WEBP"]


@given(noise=st.binary(max_size=300), start=st.sampled_from(STARTS))
@settings(max_examples=120)
def test_noise_never_crashes_the_inspection(noise: bytes, start: bytes) -> None:
    found = outcome(start + noise)
    assert found in {"image", "pdf", "sheet", "doc"} or found.endswith("。")


@given(place=st.integers(0, 2000), bit=st.integers(0, 7))
@settings(max_examples=120)
def test_a_flipped_bit_never_crashes_the_inspection(place: int, bit: int) -> None:
    content = bytearray(files.package(xl__a_dot_xml="<a/>"))
    content[place % len(content)] ^= 1 << bit
    found = outcome(bytes(content))
    assert found == "sheet" or found.endswith("。")


def test_the_honest_package_really_is_a_zip() -> None:
    assert zipfile.is_zipfile(io.BytesIO(files.package()))
