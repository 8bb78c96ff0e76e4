"""The list of named persons: two people, neither the one named; off it, nothing is seen any more (R-46.02; TM-01)."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from hutong.domains.compartments import services
from hutong.domains.compartments.models import HivFact
from hutong.domains.compartments.services.errors import Refused
from hutong.domains.compartments.tests.factories import COUNTY, again, child, hiv_fact, named, officer
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.models import NamedPerson
from hutong.foundation.access.scope import use_scope
from hutong.foundation.audit.models import Change
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock


def propose(cast: SimpleNamespace, who: Acting, by: Acting | None = None, **more: Any) -> NamedPerson:
    facts = {"compartment": "hiv", "area_code": COUNTY, "since": date(2020, 1, 1), "reason": "办理基本生活费"}
    with use_scope(cast.county.scope):
        return services.propose(actor=by or cast.county, user=who.user, **(facts | more))


def test_three_people_put_somebody_on_the_list(cast: SimpleNamespace) -> None:
    who = officer(cast, "keeper")
    made = propose(cast, who)
    assert again(who).sealed == (), "a nomination opens nothing"
    with use_scope(cast.county.scope):
        with pytest.raises(NotNow, match="提名人不能确认"):
            services.confirm(made, actor=cast.county)
        with pytest.raises(NotNow, match="本人不能确认"):
            services.confirm(made, actor=who)
        services.confirm(made, actor=cast.security)
    assert again(who).sealed == ("hiv",)


def test_nobody_names_herself_and_the_database_says_so_too(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="不能提名自己"):
        propose(cast, cast.county)
    who = officer(cast, "keeper")
    made = propose(cast, who)
    with use_scope(cast.county.scope):
        for wrong in ({"confirmed_by": cast.county.user}, {"confirmed_by": who.user}, {"state": "ACTIVE"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                NamedPerson.objects.filter(pk=made.pk).update(**wrong)


def test_only_people_in_posts_that_may_be_named(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="没有可以进入专管名单的岗位"):
        propose(cast, cast.director)
    with pytest.raises(PermissionDenied):
        propose(cast, officer(cast, "keeper"), by=cast.director)
    with pytest.raises(PermissionDenied, match="不在您的辖区"):
        propose(cast, cast.stranger_county, area_code="990102000000")


def test_off_the_list_is_off_at_once(cast: SimpleNamespace) -> None:
    who = named(cast, officer(cast, "keeper"), "hiv")
    about = child(cast)
    hiv_fact(cast, who, about)
    with use_scope(replace(who.scope, sealed=("hiv",))):
        assert HivFact.objects.count() == 1
        with use_scope(cast.county.scope):
            services.end(NamedPerson.objects.get(), actor=cast.county, reason="调离")
    with use_scope(replace(who.scope, sealed=("hiv",))):
        assert HivFact.objects.count() == 0, "the setting of a running session is not enough"
    assert again(who).sealed == ()


def test_a_term_ends_by_itself_and_a_wider_post_opens_nothing(cast: SimpleNamespace) -> None:
    who = officer(cast, "keeper")
    made = propose(cast, who, until=clock.today() + timedelta(days=1))
    with use_scope(cast.county.scope):
        services.confirm(made, actor=cast.county_second)
    assert again(who).sealed == ("hiv",)
    with clock.frozen(clock.today() + timedelta(days=1)):
        assert again(who).sealed == ()
    city = replace(who, scope=replace(who.scope, lo="990100000000", hi="990200000000"))
    assert again(city).sealed == ()


def test_the_setting_alone_opens_nothing(cast: SimpleNamespace) -> None:
    """Whoever managed to set it, the list decides."""
    who = named(cast, officer(cast, "keeper"), "hiv")
    hiv_fact(cast, who, child(cast))
    with use_scope(replace(cast.county.scope, sealed=("hiv",))):
        assert HivFact.objects.count() == 0
    with use_scope(who.scope):
        assert HivFact.objects.count() == 0, "shut until one of its pages opens it"


def test_the_list_is_kept_by_page_and_audited(cast: SimpleNamespace, client_as: Any) -> None:
    who = officer(cast, "keeper")
    facts = {
        "compartment": "hiv",
        "user": "keeper",
        "area_code": COUNTY,
        "since": "2020-01-01",
        "reason": "经办",
    }
    assert client_as("county").post(reverse("compartments:propose"), facts).status_code == 302
    with use_scope(cast.county.scope):
        made = NamedPerson.objects.get()
    confirm = reverse("compartments:decide", args=[made.public_id, "confirm"])
    client_as("county").post(confirm)
    assert again(who).sealed == ()
    client_as("security").post(confirm)
    assert again(who).sealed == ("hiv",)
    page = client_as("county").get(reverse("compartments:people")).content.decode()
    assert who.user.name in page
    end = reverse("compartments:decide", args=[made.public_id, "end"])
    assert client_as("stranger_county").post(end, {"reason": "x"}).status_code == 404
    client_as("county").post(end, {"reason": ""})
    assert again(who).sealed == ("hiv",), "no reason, no leaving"
    client_as("county").post(end, {"reason": "岗位调整"})
    assert again(who).sealed == ()
    with use_scope(cast.auditor.scope):
        operations = list(
            Change.objects.filter(table="access_namedperson")
            .order_by("pk")
            .values_list("operation", flat=True)
        )
    assert operations == ["INSERT", "UPDATE", "UPDATE"]
