"""Uploads reach only those who see the child; every reading is recorded; nothing is deleted (B.11, R-46)."""

import base64
import io
import threading
import uuid
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from hutong.foundation.access.scope import use_scope
from hutong.foundation.audit.models import Read
from hutong.foundation.documents import selectors, services, store
from hutong.foundation.documents.inspection import Refused
from hutong.foundation.documents.models import Document
from hutong.foundation.documents.tests import files
from hutong.foundation.documents.tickets import upload_url
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock
from hutong.kernel.cipher import CipherError

VILLAGE = "990101101201"


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOADS = tmp_path
    return tmp_path


def kept(cast: SimpleNamespace, content: bytes | None = None, **facts: Any) -> Document:
    values = {
        "child_id": None,
        "area_code": VILLAGE,
        "purpose": "走访照片",
        "name": "合照.jpeg",
        "actor": cast.director,
    }
    with use_scope(cast.director.scope):
        return services.store(file=io.BytesIO(content or files.jpeg()), **{**values, **facts})


def test_the_bytes_come_back_and_do_not_stand_in_clear(
    cast: SimpleNamespace, client_as: Any, uploads: Path
) -> None:
    document = kept(cast)
    answer = client_as("director").get(f"/documents/{document.public_id}/")
    assert answer.content == files.jpeg()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    on_disk = [path for path in uploads.rglob("*") if path.is_file()]
    assert len(on_disk) == 1
    assert b"JFIF" not in on_disk[0].read_bytes()
    assert on_disk[0].name == document.public_id


def test_anything_but_a_picture_is_saved_not_shown(cast: SimpleNamespace, client_as: Any) -> None:
    document = kept(cast, files.pdf(), name="判决书.pdf")
    assert (
        client_as("supervisor")
        .get(f"/documents/{document.public_id}/")["Content-Disposition"]
        .startswith("attachment")
    )


@pytest.mark.parametrize(
    "who", ["stranger", "stranger_county", "next_director", "auditor", "clerk", "security"]
)
def test_it_does_not_exist_for_others(cast: SimpleNamespace, client_as: Any, who: str) -> None:
    document = kept(cast)
    assert client_as(who).get(f"/documents/{document.public_id}/").status_code == 404
    assert (
        client_as(who).post(f"/documents/{document.public_id}/withdraw/", {"reason": "x"}).status_code == 404
    )
    with use_scope(getattr(cast, who).scope):
        seen = Document.objects.exists()
    assert seen == (who in {"auditor", "clerk", "security"})  # same county: the row, never the file


def test_name_and_suffix_follow_the_content(cast: SimpleNamespace) -> None:
    assert kept(cast, name="C:\\fakepath\\家庭 合照.exe").name == "家庭 合照.jpg"
    assert kept(cast, name="../../etc/passwd").name == "passwd.jpg"
    assert kept(cast, name="").name == "附件.jpg"


def test_only_the_kinds_wanted_here(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="只接收图片，上传的是PDF"):
        kept(cast, files.pdf(), kinds={"image"})


def test_without_the_right_nothing_is_taken(cast: SimpleNamespace) -> None:
    with use_scope(cast.auditor.scope), pytest.raises(PermissionDenied, match="上传附件"):
        services.store(
            file=io.BytesIO(files.jpeg()), actor=cast.auditor, child_id=None, area_code=VILLAGE, purpose="x"
        )


def test_a_double_click_stores_one(cast: SimpleNamespace, client_as: Any) -> None:
    client, once = client_as("director"), str(uuid.uuid4())
    page = upload_url(post_id=cast.director.post.pk, area_code=VILLAGE, back="/work/done/", kinds=("image",))
    assert 'name="once"' in client.get(page).content.decode()
    for _ in range(2):
        file = SimpleUploadedFile("a.jpg", files.jpeg())
        answer = client.post(page, {"file": file, "purpose": "走访照片", "once": once})
        assert (answer.status_code, answer["Location"]) == (302, "/work/done/")
    with use_scope(cast.director.scope):
        assert Document.objects.count() == 1


def test_a_refused_upload_keeps_what_was_typed_and_says_why(cast: SimpleNamespace, client_as: Any) -> None:
    page = upload_url(post_id=cast.director.post.pk, area_code=VILLAGE, back="/", kinds=("image",))
    file = SimpleUploadedFile("a.jpg", b"MZ\x90\x00\x00")
    answer = client_as("director").post(
        page, {"file": file, "purpose": "户口簿首页", "once": str(uuid.uuid4())}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "户口簿首页" in html
    assert "不接收这种类型的文件" in html


def test_a_ticket_is_good_for_its_post_only_and_cannot_be_changed(
    cast: SimpleNamespace, client_as: Any
) -> None:
    page = upload_url(post_id=cast.director.post.pk, area_code=VILLAGE, back="/")
    assert client_as("next_director").get(page).status_code == 404
    assert client_as("director").get(page[:-3] + "xx/").status_code == 404


def test_a_ticket_tells_nothing_of_what_it_is_for(cast: SimpleNamespace, client_as: Any) -> None:
    """Neither the running numbers of rows (how many files there are) nor how many digits they have (TM-13)."""
    pages = [
        upload_url(post_id=1, area_code=VILLAGE, back="/", child_id=number, subject_type="leads.lead", subject_id=number)
        for number in (7, 6_543_210)
    ]  # fmt: skip
    assert len({len(page) for page in pages}) == 1
    ticket = pages[1].rstrip("/").rsplit("/", 1)[1]
    assert b"6543210" not in base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
    assert VILLAGE.encode() not in base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))


def test_a_ticket_is_good_for_a_day(cast: SimpleNamespace, client_as: Any) -> None:
    page, client = (
        upload_url(post_id=cast.director.post.pk, area_code=VILLAGE, back="/"),
        client_as("director"),
    )
    for hours, status in ((23, 200), (25, 404)):
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            assert client.get(page).status_code == status


def test_attaching_is_said_once(cast: SimpleNamespace) -> None:
    document = kept(cast)
    with use_scope(cast.director.scope):
        services.attach(document, subject_type="leads.lead", subject_id=9, actor=cast.director)
        assert [one.name for one in selectors.list_of_subject("leads.lead", 9)] == ["合照.jpg"]
        with pytest.raises(NotNow, match="已归入"):
            services.attach(document, subject_type="leads.lead", subject_id=10, actor=cast.director)


def test_withdrawn_with_a_reason_never_deleted(cast: SimpleNamespace, client_as: Any, uploads: Path) -> None:
    document, client = kept(cast, subject_type="leads.lead", subject_id=9), client_as("director")
    assert client.post(f"/documents/{document.public_id}/withdraw/", {"reason": " "}).status_code in (
        403,
        409,
    )
    assert (
        client.post(
            f"/documents/{document.public_id}/withdraw/", {"reason": "传错了人", "back": "//x"}
        ).status_code
        == 302
    )
    assert client.get(f"/documents/{document.public_id}/").status_code == 404
    with use_scope(cast.director.scope):
        assert not selectors.list_of_subject("leads.lead", 9).exists()
        assert Document.objects.get().withdrawn_reason == "传错了人"
    assert any(path.is_file() for path in uploads.rglob("*"))


def test_another_posts_upload_is_withdrawn_only_by_the_supervisor(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        document = services.store(
            file=io.BytesIO(files.jpeg()),
            actor=cast.county,
            child_id=None,
            area_code=VILLAGE,
            purpose="公示照片",
        )
    with use_scope(cast.director.scope), pytest.raises(NotNow, match="只能作废本岗位"):
        services.withdraw(document, actor=cast.director, reason="误传")
    with use_scope(cast.supervisor.scope):
        assert (
            services.withdraw(document, actor=cast.supervisor, reason="误传").withdrawn_label
            == cast.supervisor.label
        )


def test_a_file_put_under_another_name_does_not_open(cast: SimpleNamespace, uploads: Path) -> None:
    one, other = kept(cast), kept(cast, files.png())
    paths = {path.name: path for path in uploads.rglob("*") if path.is_file()}
    paths[one.public_id].write_bytes(paths[other.public_id].read_bytes())
    with pytest.raises(CipherError, match="损坏"):
        store.read(one.public_id)


def test_an_unseen_child_takes_no_document(cast: SimpleNamespace) -> None:
    """The child of the row must be visible to the uploader: the wall refuses what does not exist for him."""
    from django.db import ProgrammingError, transaction

    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        kept(cast, child_id=987_654_321)


def test_opening_a_childs_document_is_recorded_as_reading_the_file(cast: SimpleNamespace) -> None:
    document = kept(cast)
    document.child_id = (
        4711  # as a child's document would have it; the registry's tests open one over the page
    )
    with use_scope(cast.director.scope):
        assert selectors.read(document, cast.director) == files.jpeg()
    with use_scope(cast.auditor.scope):
        record = Read.objects.get(child_id=4711)
        assert (record.what, record.actor_label) == ("附件：走访照片", cast.director.label)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_clicks_at_the_same_moment_store_one(transactional_db: None, cast: SimpleNamespace) -> None:
    ready, made = threading.Barrier(2, timeout=10), []

    def click() -> None:
        try:
            ready.wait()
            made.append(kept(cast, once="the-same-form").public_id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(made) == 2
    assert len(set(made)) == 1
