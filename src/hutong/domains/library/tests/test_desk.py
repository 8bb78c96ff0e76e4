"""A text file becomes a draft, is put in order and published by a second person; nobody else sees it before (R-43.01)."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction

from hutong.domains.library import selectors, services
from hutong.domains.library.models import Clause, Document
from hutong.domains.library.selectors import Asked
from hutong.domains.library.storage import reading
from hutong.domains.library.tests.conftest import TEXT, draft, published, whole
from hutong.foundation.access.scope import use_scope
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import clock

TODAY = date(2026, 11, 2)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


def docx(lines: list[str], inside: str = "") -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in lines)
    parts = {
        "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}"><w:body>{inside}{body}</w:body></w:document>',
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return out.getvalue()


def test_a_file_is_cut_and_its_head_guessed(cast: SimpleNamespace) -> None:
    document = draft(cast.county)
    with use_scope(cast.county.scope):
        said = [(one.number, one.original) for one in document.clauses.all()]
    assert [number for number, _ in said] == ["一", "一（一）", "一（二）", "二"]
    assert said[3][1].startswith("救助标准。每人一次性救助一千元。")
    assert (document.title, document.number) == ("关于做好困境儿童临时救助工作的通知", "甲民发〔2026〕3号")
    assert (document.issued_on, document.applies_area, document.level) == (
        date(2026, 9, 1),
        "990101000000",
        "county",
    )
    with use_scope(cast.county.scope), pytest.raises(services.LibraryRefused, match="已经导入过"):
        services.import_file(actor=cast.county, content=TEXT.encode(), name="x")


def test_a_word_file_is_read_without_what_was_deleted() -> None:
    gone = f'<w:p xmlns:w="{WORD}"><w:del><w:r><w:delText>三、已删去。</w:delText></w:r></w:del></w:p>'
    cut = reading.cut(docx(["关于某事的通知", "一、甲。", "二、乙。"], inside=gone))
    assert [(one["number"], one["original"]) for one in cut["pieces"]] == [("一", "甲。"), ("二", "乙。")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 字节"),
        (b"   \n", "没有文字"),
        (b"%PDF-1.4 x", "PDF|不完整|损坏|无法"),
        (b"\x89PNG\r\n\x1a\n", "图片|不接收"),
        ("一、甲".encode() * 500_000, "超过 4 MB"),
        (("一、甲。\n" * 120_000).encode(), "40 万字"),
        (docx(["<w:x>"]), "Word|结构|损坏"),
        (docx([""]), "没有文字"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(reading.Refused, match=said):
        reading.cut(content)


def test_from_draft_to_the_shelf_by_two_people(cast: SimpleNamespace, client_as: Any) -> None:
    maker, second = client_as("county"), client_as("county_second")
    sent = maker.post("/library/desk/import/", {"file": SimpleUploadedFile("通知.txt", TEXT.encode())})
    at = sent["Location"]
    with use_scope(cast.county.scope):
        document = Document.objects.get()
        clauses = list(document.clauses.all())
    assert "还没有写要点" in maker.get(at).content.decode()
    assert maker.post(f"{at}steps/submit/").status_code == 422, "没有要点不能提交"
    for one in clauses:
        data = {
            "number": one.number,
            "summary": f"要点 {one.number}",
            "words": "火灾、急难",
            "original": one.original,
            "links": ["programme:relief"],
        }
        assert maker.post(f"{at}clauses/{one.public_id}/", data).status_code == 302
    head = {"title": document.title, "number": document.number, "issuer": "甲县民政局", "level": "county",
            "applies_area": "990101000000", "valid_from": "2026-09-01", "words": "临时救助"}  # fmt: skip
    assert maker.post(f"{at}head/", head).status_code == 302
    assert maker.post(f"{at}steps/submit/").status_code == 302
    with use_scope(cast.county_second.scope):
        assert WorkItem.objects.get(kind="library.look").owner_post_id == cast.county_second.post.pk
    assert maker.post(f"{at}steps/publish/").status_code in (302, 404), "整理人不能发布"
    assert client_as("director").get(at).status_code == 404, "草稿只有整理岗位看得到"
    assert second.post(f"{at}steps/send_back/", {"reason": ""}).status_code == 422
    assert second.post(f"{at}steps/publish/").status_code == 302
    assert "要点 二" in client_as("director").get(at).content.decode()
    assert client_as("stranger_county").get(at).status_code == 200, "发布后全平台可读"
    assert client_as("stranger_county").get(f"{at}head/").status_code == 404
    assert (
        "已发布" in maker.get(f"{at}history/").content.decode()
        or "发布" in maker.get(f"{at}history/").content.decode()
    )
    with use_scope(cast.director.scope):
        assert selectors.search("火灾急难", Asked(day=TODAY, area="990101101201"))[0].document == document
        assert not selectors.search("火灾急难", Asked(day=TODAY, area="990102101201")), "邻县的文件不适用"


def test_sent_back_taken_back_and_repealed(cast: SimpleNamespace) -> None:
    document = whole(draft(cast.county), cast.county)
    county, second = cast.county, cast.county_second
    with use_scope(county.scope):
        services.submit(document, actor=county)
        with pytest.raises(PermissionDenied, match="不能发布同一份"):
            services.publish(document, actor=county)
    with use_scope(second.scope):
        services.send_back(document, actor=second, reason="第二条写明期限")
        assert WorkItem.objects.get(kind="library.mend", closed_at=None).owner_post_id == county.post.pk
    with use_scope(county.scope):
        services.submit(document, actor=county)
    with use_scope(second.scope):
        services.publish(document, actor=second)
        clause = document.clauses.first()
        assert clause is not None
        with pytest.raises(PermissionDenied, match="收回修改"):
            services.edit_clause(clause, actor=second, links=[], summary="改")
        for on, reason, said in [
            (None, "一", "废止日期"),
            (date(2026, 8, 1), "一", "晚于施行"),
            (TODAY, " ", "废止依据"),
        ]:
            with pytest.raises(services.LibraryRefused, match=said):
                services.repeal(document, actor=second, on=on, reason=reason)
        services.repeal(document, actor=second, on=date(2026, 11, 1), reason="甲民发〔2026〕9号")
        assert document not in selectors.list_public(Asked(day=TODAY))
        assert document in selectors.list_public(Asked(day=date(2026, 10, 31))), "过去的日子仍查得到"


def test_cutting_merging_adding_removing(cast: SimpleNamespace) -> None:
    document, county = draft(cast.county), cast.county
    with use_scope(county.scope):
        last = document.clauses.get(number="二")
        services.edit_clause(
            last,
            actor=county,
            links=["rule:orphan"],
            original="标准一千元。\n====\n三、期限三年。",
            words=["标准"],
        )
        assert [one.original for one in document.clauses.all()][3:] == ["标准一千元。", "三、期限三年。"]
        services.merge_up(last, actor=county)
        merged = document.clauses.get(number="一（二）")
        assert "标准一千元" in merged.original
        assert {(one.kind, one.name) for one in merged.links.all()} == {("rule", "orphan")}
        added = services.add_after(merged, actor=county)
        assert list(document.clauses.values_list("pk", flat=True))[3] == added.pk
        services.remove(added, actor=county)
        first = document.clauses.first()
        assert first is not None
        with pytest.raises(services.LibraryRefused, match="第一条"):
            services.merge_up(first, actor=county)
        with pytest.raises(services.LibraryRefused, match="没有“rule:nothing”"):
            services.edit_clause(first, actor=county, links=["rule:nothing"])


def test_the_head_is_checked(cast: SimpleNamespace, loaded: Any) -> None:
    document, county = draft(cast.county), cast.county
    with use_scope(county.scope):
        for values, said in [
            ({"applies_area": "990102000000"}, "适用地区"),
            ({"valid_from": TODAY, "valid_to": TODAY}, "失效日期"),
            ({"number": "民发〔2019〕62号", "applies_area": "000000000000"}, "已有"),
        ]:
            with pytest.raises(services.LibraryRefused, match=said):
                services.edit_head(document, actor=county, **values)
        shipped = Document.objects.get(key="minfa-2019-62")
        with pytest.raises(PermissionDenied, match="随平台发布"):
            services.edit_head(shipped, actor=county, title="改")
        services.relate(document, actor=county, kind="implements", target=shipped)
        assert [one.target_id for one in selectors.list_relations(document)[0]] == [shipped.pk]


def test_the_wall_itself(cast: SimpleNamespace, loaded: Any) -> None:
    """Row security, without any service between: drafts do not exist for others, the shelf is written by nobody."""
    hidden, shown = draft(cast.county), published(cast, TEXT.replace("3号", "4号"))
    for name in ("director", "supervisor", "clerk", "stranger_county", "auditor"):
        with use_scope(getattr(cast, name).scope):
            assert not Document.objects.filter(pk=hidden.pk).exists(), name
            assert not Clause.objects.filter(document=hidden.pk).exists(), name
            assert Clause.objects.filter(document=shown.pk).count() == 4, name
            with transaction.atomic():
                assert Document.objects.filter(pk=shown.pk).update(title="改") == 0, name
                assert Clause.objects.filter(document=shown.pk).delete()[0] == 0, name
                assert Document.objects.filter(key="minfa-2019-62")._raw_delete("default") == 0, name
    with use_scope(cast.county.scope):
        assert Clause.objects.filter(document=shown.pk).update(summary="改") == 0, "发布后的条款谁也不能改"
        with pytest.raises(ProgrammingError), transaction.atomic():
            Clause.objects.create(document=shown, position=9)
