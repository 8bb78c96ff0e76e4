"""The exchange on pages: by role, what each sees and what each is refused (R-24.01 to R-24.04)."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hutong.domains.exchange import services
from hutong.domains.exchange.models import Batch
from hutong.domains.exchange.tests import files
from hutong.domains.exchange.tests.conftest import QUARTER, deaths, deliver
from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts.tests.signing_in import signed_in
from hutong.foundation.workflow import worker
from hutong.linkage.catalogue import LISTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(senders: SimpleNamespace) -> Any:
    from django.test import Client

    def sign_in(key: str) -> Client:
        return signed_in(getattr(senders, key).user)

    return sign_in


def send(client: Any, content: bytes, list_code: str = "deaths", name: str = "清单.csv", **more: str) -> Any:
    data = {"list_code": list_code, "quarter": str(QUARTER), "provider": "GA", **more}
    return client.post(reverse("exchange:upload"), {**data, "file": SimpleUploadedFile(name, content)})


def page(client: Any, name: str, *args: str, **query: str) -> str:
    response = client.get(reverse(f"exchange:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_catalogue_says_what_arrived_and_what_did_not(senders: SimpleNamespace, as_: Any) -> None:
    batch = deliver(senders.police, deaths(2))
    old = deliver(senders.court, deaths(3), list_code="deaths", quarter=QUARTER.before)
    with use_scope(senders.county.scope):
        for one in (batch, old):
            services.confirm(batch=one, actor=senders.county)
    text = page(as_("county"), "catalogue")
    assert all((spec.table.title in text) is not spec.table.sealed for spec in LISTS.values())
    assert f"已到 1 类，共 {sum(not spec.table.sealed for spec in LISTS.values())} 类" in text
    assert "公安 2 行" in text
    assert "缺少清单" not in text
    assert "没有送达的清单不作为退出依据" in text


def test_a_clerk_uploads_only_his_departments_lists(as_: Any) -> None:
    text = page(as_("police"), "upload")
    offered = re.findall(r'<option value="(\w+)"', text)
    assert "deaths" in offered
    assert "disability" not in offered
    assert send(as_("police"), deaths(1), "disability").status_code == 422
    assert LISTS["hiv"].table.title not in page(as_("police"), "catalogue")
    assert LISTS["hiv"].table.title in page(as_("health"), "catalogue")


def test_upload_check_confirm_through_the_pages(as_: Any, senders: SimpleNamespace) -> None:
    response = send(as_("police"), files.csv(files.DEATHS, [files.death(1), files.death(2, 死亡日期="？")]))
    assert response.status_code == 302
    batch = Batch(public_id=response.url.rstrip("/").split("/")[-1])
    assert "排队中" in page(as_("police"), "batch", batch.public_id)
    worker.settle()
    text = page(as_("county"), "batch", batch.public_id)
    assert "不是日期" in text
    assert "确认导入 1 行" in text
    sheet = as_("police").get(reverse("exchange:rejected", args=[batch.public_id]))
    assert sheet["Content-Type"].endswith("sheet")
    assert sheet["Cache-Control"] == "no-store"
    confirm = reverse("exchange:confirm", args=[batch.public_id])
    assert as_("police").post(confirm).status_code == 404
    assert as_("county").post(confirm).status_code == 302
    late = as_("county_second").post(confirm)
    assert late.status_code == 409
    assert "可能已有人先行办理" in late.content.decode()
    assert "已确认" in page(as_("police"), "batch", batch.public_id)


def test_the_uploader_is_told_on_the_page_that_another_must_confirm(
    as_: Any, senders: SimpleNamespace
) -> None:
    batch = deliver(senders.county, deaths(1), provider="GA")
    assert "须由另一位工作人员确认" in page(as_("county"), "batch", batch.public_id)
    response = as_("county").post(reverse("exchange:confirm", args=[batch.public_id]))
    assert response.status_code == 403
    assert "上传人不能确认" in response.content.decode()


def test_columns_are_asked_for_once(as_: Any) -> None:
    odd = ["人员", "身份证号", "死亡日期"]
    client = as_("police")
    response = send(client, files.csv(odd, [["石建国", files.number(1), "2026-07-01"]]))
    assert response.url.endswith("/columns/")
    text = client.get(response.url).content.decode()
    assert "还缺：姓名" in text
    refused = client.post(response.url, {"id_number": "身份证号", "death_date": "死亡日期"})
    assert refused.status_code == 422
    done = client.post(response.url, {"name": "人员", "id_number": "身份证号", "death_date": "死亡日期"})
    assert done.status_code == 302
    worker.settle()
    again = send(client, files.csv(odd, [["石建军", files.number(2), "2026-07-02"]]))
    assert not again.url.endswith("/columns/")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "是空的"), (b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, "实际上是图片"), (b"PK\x03\x04", "打不开")],
)
def test_a_bad_file_is_told_beside_the_field_and_the_form_keeps_its_choices(
    as_: Any, content: bytes, sentence: str
) -> None:
    response = send(as_("police"), content)
    assert response.status_code == 422
    text = response.content.decode()
    assert sentence in text
    assert '<option value="deaths" selected>' in text


def test_the_same_file_again_leads_to_the_earlier_batch(as_: Any, senders: SimpleNamespace) -> None:
    first = deliver(senders.police, deaths(1))
    response = send(as_("police"), deaths(1))
    assert response.status_code == 422
    assert f"/exchange/batches/{first.public_id}/" in response.content.decode()


def test_others_find_nothing(as_: Any, senders: SimpleNamespace) -> None:
    batch = deliver(senders.police, deaths(1))
    for key in ("stranger_county", "court", "clerk"):
        client = as_(key)
        assert client.get(reverse("exchange:batch", args=[batch.public_id])).status_code == 404
        assert client.get(reverse("exchange:rejected", args=[batch.public_id])).status_code == 404
        assert batch.public_id not in page(client, "batches")
    for name in ("confirm", "refuse", "withdraw"):
        url = reverse(f"exchange:{name}", args=[batch.public_id])
        assert as_("stranger_county").post(url, {"reason": "x"}).status_code == 404
    for key in ("director", "supervisor", "auditor", "stranger"):
        for name in ("catalogue", "upload", "batches", "runs"):
            assert as_(key).get(reverse(f"exchange:{name}")).status_code == 404
    assert as_("police").get(reverse("exchange:runs")).status_code == 404


def test_refusing_and_withdrawing_on_the_page_need_a_reason(as_: Any, senders: SimpleNamespace) -> None:
    batch = deliver(senders.police, deaths(1))
    url = reverse("exchange:refuse", args=[batch.public_id])
    assert as_("county").post(url, {"reason": ""}).status_code == 422
    assert as_("county").post(url, {"reason": "不是本季度的"}).status_code == 302
    assert "不是本季度的" in page(as_("police"), "batch", batch.public_id)


def test_a_supplement_is_uploaded_from_the_batch(as_: Any, senders: SimpleNamespace) -> None:
    root = deliver(senders.police, files.csv(files.DEATHS, [files.death(1), files.death(2, 姓名="")]))
    assert f"?supplements={root.public_id}" in page(as_("police"), "batch", root.public_id)
    assert "原批次" in page(as_("police"), "upload", supplements=root.public_id)
    response = send(as_("police"), files.csv(files.DEATHS, [files.death(2)]), supplements=root.public_id)
    assert response.status_code == 302
    worker.settle()
    assert "补报" in page(as_("county"), "batch", root.public_id)


def test_templates_and_list_pages(as_: Any) -> None:
    client = as_("police")
    assert "死亡日期" in page(client, "list", "deaths")
    sheet = client.get(reverse("exchange:template", args=["deaths", "xlsx"]))
    assert sheet.content[:2] == b"PK"
    assert client.get(reverse("exchange:template", args=["deaths", "exe"])).status_code == 404
    assert client.get(reverse("exchange:list", args=["hiv"])).status_code == 404
    assert client.get(reverse("exchange:list", args=["nothing"])).status_code == 404


def test_pages_need_few_queries(
    as_: Any, senders: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for n in range(3):
        deliver(senders.police, deaths(n + 1))
    client = as_("county")
    client.get(reverse("exchange:catalogue"))
    for name, most in (("catalogue", 16), ("batches", 15), ("runs", 18)):
        with django_assert_max_num_queries(most):
            client.get(reverse(f"exchange:{name}"))


def test_the_command_line_imports_and_confirms(senders: SimpleNamespace, tmp_path: Any) -> None:
    from click.testing import CliRunner

    from hutong.domains.exchange.cli import exchange

    path = tmp_path / "死亡.csv"
    path.write_bytes(files.csv(files.DEATHS, [files.death(1), files.death(2, 姓名="")], "gb18030"))
    run = CliRunner().invoke
    done = run(exchange, ["import", "--list", "deaths", str(path), "--as", "police", "--period", "2026Q3"])
    assert done.exit_code == 0, done.output
    assert "通过 1 行" in done.output
    public_id = re.search(r"批次 (\w{16})", done.output)[1]  # type: ignore[index]
    assert run(exchange, ["confirm", public_id, "--as", "police"]).exit_code == 2
    assert run(exchange, ["confirm", public_id, "--as", "stranger_county"]).exit_code == 2
    assert "1 行可用于 2026Q3" in run(exchange, ["confirm", public_id, "--as", "county"]).output
    assert public_id in run(exchange, ["list", "--as", "police"]).output
    assert public_id not in run(exchange, ["list", "--as", "court"]).output
    assert run(exchange, ["withdraw", public_id, "--as", "county", "--reason", "发错了"]).exit_code == 0
    nobody = run(exchange, ["import", "--list", "deaths", str(path), "--as", "nobody"])
    assert nobody.exit_code == 2
    assert "不存在" in nobody.output


def test_a_file_too_large_for_the_form_is_refused_in_words(as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hutong.domains.exchange.storage import gate

    monkeypatch.setattr(gate, "LIMITS", gate.Limits(size=100))
    response = send(as_("police"), deaths(30))
    assert response.status_code == 422
    assert "超过上限" in response.content.decode()
