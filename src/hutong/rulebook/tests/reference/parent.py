"""One parent on the day."""

from datetime import timedelta

from .logic import at_most, below, every, later, no, some, within

SILENT = ("known", "unknown", "lost_receipt", "lost_route", "work_area", "judged_unable")
"""Facts that do not say the parent has been told of."""


class Parent:
    """model.md §7: gone(p), c8(p), d5(p), migr(p), incap(p)."""

    def __init__(self, facts, prefix, param, on):
        said = {n.removeprefix(f"{prefix}_"): v for n, v in facts.items() if n.startswith(f"{prefix}_")}
        self.fact, self.param, self.on = said.get, param, on
        spoken_of = any(v is not None for n, v in said.items() if n not in SILENT)
        on_file = (self.fact("known") is True or spoken_of) and self.fact("unknown") is not True
        self.silent = False if on_file else None
        self.circumstances()
        self.away(facts.get("hukou_area"))
        self.judgement(prefix, facts)

    def past(self, name):
        return self.fact(name) is not None and self.fact(name) <= self.on

    def circumstances(self):
        missing = self.past("missing_on") and not self.past("missing_revoked_on")
        self.gone = some(self.past("died_on"), missing, self.silent)
        prison, rehab, detention = map(self.term, ("prison", "rehab", "detention"))
        revoked = self.past("revoked_on") and not self.past("restored_on")
        deported = self.past("deported_on") and not self.past("reentry_on")
        self.d5 = some(prison, rehab, detention, revoked, deported, self.silent)
        expiry = self.fact("dis_expired_on")
        self.expired = expiry is not None and expiry < self.on
        heavy = self.graded("dis_nat62") and not self.expired
        self.ill = self.past("ill_on")
        self.lost = self.lost_contact()
        self.c8 = some(heavy, self.ill, self.lost, self.d5)
        self.plainly = some(self.fact("unknown") is True, self.gone, revoked)
        self.hard = some(self.d5, self.lost)
        # an empty DIS_S2 means the file knows no such test, illness included
        soft = (self.graded("dis_s2") and not self.expired) or self.ill
        self.soft = bool(self.param("dis_s2")) and soft
        self.ending = any(
            holds is True and self.soon(end)
            for holds, end in (
                (prison, "prison_to"),
                (rehab, "rehab_to"),
                (detention, "detention_to"),
                (heavy, "dis_expired_on"),
            )
        )

    def term(self, kind):
        """Six months or more, of which today is one; no end on file: as much as has been served."""
        start, end = self.fact(f"{kind}_from"), self.fact(f"{kind}_to")
        if start is None or start > self.on or (end is not None and end <= self.on):
            return False
        enough = later(start, self.param("term_months"))
        if end is None:
            return True if enough <= self.on else None
        return enough <= end

    def graded(self, test):
        return any(self.fact(f"dis_{kind}") in grades for kind, grades in self.param(test).items())

    def lost_contact(self):
        since, accepted = self.fact("lost_since"), self.fact("lost_accepted_on")
        if since is None or later(since, self.param("lost_months")) > self.on:
            return False
        if self.fact("lost_route") == "committee":
            return True
        waited = below(later(accepted, self.param("police_missing_months")), self.on)
        return every(waited, self.fact("lost_receipt"))

    def soon(self, name):
        end, days = self.fact(name), timedelta(days=self.param("expiring_days"))
        return end is not None and self.on < end <= self.on + days

    def away(self, hukou):
        since, work = self.fact("work_since"), self.fact("work_area")
        work, home = work and work[:6], hukou and hukou[:6]
        long = at_most(later(since, self.param("migration_months")), self.on)
        elsewhere = None if work is None or home is None else work != home
        core = self.param("core_urban")
        both_in_core = every(within(work, core), within(home, core))
        out = every(since is not None, not self.past("work_returned_on"), no(self.gone))
        self.migrating = some(every(out, long, elsewhere, no(both_in_core)), self.silent)

    def judgement(self, prefix, facts):
        """A circumstance, or a divorced parent elsewhere, makes no one incapable before a person has judged (A08)."""
        lives = facts.get("lives_with")
        elsewhere = lives is not None and lives not in ("parents", prefix)
        self.apart = facts.get("single") is True and elsewhere and self.silent is False
        listed = "LB" in (facts.get("roll") or "").split(",")
        judged = True if self.fact("judged_unable") is None and listed else self.fact("judged_unable")
        self.incapable = some(self.plainly, every(some(self.c8, self.apart), judged))
        self.evidently = some(self.plainly, self.c8)

    @property
    def ended(self):
        """Something that counted has ended, by a date on file."""
        for kind in ("prison", "rehab", "detention"):
            start, end = self.fact(f"{kind}_from"), self.fact(f"{kind}_to")
            if self.past(f"{kind}_to") and (start is None or later(start, self.param("term_months")) <= end):
                return True
        turned = any(map(self.past, ("restored_on", "reentry_on", "missing_revoked_on")))
        return turned or (self.expired and self.graded("dis_nat62"))

    @property
    def returned(self):
        return self.past("work_returned_on")

    @property
    def jailed(self):
        return any(self.past(f"{k}_from") and not self.past(f"{k}_to") for k in ("prison", "rehab"))

    @property
    def lost_running(self):
        return self.past("lost_since") and self.lost is not True and self.gone is not True
