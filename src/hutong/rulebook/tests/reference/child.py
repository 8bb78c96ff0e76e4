"""One child on the day: categories, classes, tags, benefits, alerts, visits."""

from datetime import timedelta

from .logic import at_most, below, every, full_years, later, no, some, within
from .parent import Parent

ORPHANS = ("ORPHAN", "ORPHAN-I", "ORPHAN-S")
LIVING = ("ORPHAN", "ORPHAN-I", "ORPHAN-S", "REF-ORPHAN", "DEFACTO")
KINDS = ("visual", "hearing", "speech", "limb", "intellectual", "mental", "multiple")


class Child:
    def __init__(self, facts, pack, on):
        self.pack, self.on, self.fact = pack, on, facts.get
        self.father, self.mother = (Parent(facts, p, self.param, on) for p in ("father", "mother"))
        self.answers = {}
        self.basics()
        self.categories()
        self.difficulties()
        self.tags()
        self.benefits()
        self.alerts()
        self.evidence()
        self.answers["visit"] = self.visit()

    def param(self, key):
        return self.pack.param(key, self.on)

    def amount(self, key):
        return self.pack.param(key, self.on, self.fact("hukou_area"))

    def says(self, **rules):
        """Note the answers; a rule the pack has not adopted never holds."""
        for name, value in rules.items():
            self.answers[name] = value if name in self.pack.adopts else False
            setattr(self, name, self.answers[name])

    def past(self, name):
        return self.fact(name) is not None and self.fact(name) <= self.on

    def has(self, name, *values):
        """On file and so; silence is no."""
        return self.fact(name) in values if values else self.fact(name) is True

    def unless_told(self, name):
        return self.fact(name) is not False

    def on_roll(self, *schemes):
        return any(item in schemes for item in (self.fact("roll") or "").split(","))

    def basics(self):
        self.alive = not self.past("died_on")
        self.adopted = self.past("adopted_on") or self.has("adopted")
        self.age = full_years(self.fact("birth_date"), self.on)
        self.minor = below(self.age, self.param("child_age"))
        self.now = every(self.alive, self.minor)
        stages = self.param("extend_in_school")
        in_class = self.unless_told("full_time") and self.unless_told("enrolled")
        self.studying = (
            every(no(self.minor), within(self.fact("school"), stages), in_class) if stages else False
        )
        place = self.fact("place") or "home"
        self.in_institution = place in self.param("institution_places")
        graded = any(self.fact(f"dis_{kind}") is not None for kind in KINDS)
        expiry = self.fact("dis_expired_on")
        self.graded = graded
        self.impaired = graded and not (expiry is not None and expiry < self.on)
        self.certified = self.impaired and self.unless_told("dis_cert")

    def protected_age(self, *schemes):
        held = self.has("was", *schemes) or self.on_roll(*schemes)
        return some(self.minor, every(self.studying, held))

    def categories(self):
        f, m = self.father, self.mother
        free = self.alive and not self.adopted
        found = every(self.has("foundling"), self.fact("police_cert"))
        parents = some(found, every(f.gone, m.gone))
        self.says(orphan=every(free, self.protected_age(*ORPHANS), parents))
        self.absent = some(every(f.gone, m.d5), every(f.d5, m.gone), every(f.d5, m.d5))
        cause = some(self.has("hiv"), self.absent)
        ref = every(free, self.protected_age("REF-ORPHAN"), no(self.orphan), cause)
        self.says(ref_orphan=self.param("ref_orphan") and ref)
        eight = some(every(f.gone, m.c8), every(f.c8, m.gone), every(f.c8, m.c8))
        prefix, hukou = self.param("hukou_prefix"), self.fact("hukou_area")
        self.local = True if not prefix else None if hukou is None else hukou.startswith(prefix)
        others = every(no(self.orphan), no(self.ref_orphan))
        self.says(defacto=every(free, self.protected_age("DEFACTO"), others, eight, self.local))
        self.young = below(self.age, self.param("left_behind_age"))
        at_home = (self.fact("place") or "home") not in self.param("left_behind_not_in")
        lives = self.fact("lives_with")
        apart = None if lives is None else lives != "parents"
        left = every(self.alive, self.young, at_home, apart)
        both = every(f.migrating, m.migrating)
        one = some(every(f.migrating, m.incapable), every(f.incapable, m.migrating))
        self.says(lb=every(left, some(both, one)))
        seen = some(every(f.migrating, m.evidently), every(f.evidently, m.migrating))
        self.answers["lb_evident"] = every(self.lb is not False, left, some(both, seen))
        divorced = every(left, some(every(f.migrating, m.apart), every(f.apart, m.migrating)))
        waits = self.lb is None and (self.answers["lb_evident"] is True or divorced is True)
        self.living = some(self.orphan, self.ref_orphan, self.defacto)
        three = (self.orphan, self.ref_orphan, self.defacto)
        missing = any(value is None for value in three) or (self.lb is None and not waits)
        self.answers["undecided"] = missing
        self.answers["scheme"], self.answers["monthly_due"] = self.scheme()

    def scheme(self):
        scheme, due = self.living_scheme()
        return scheme, None if self.local is False else due

    def living_scheme(self):
        if self.orphan is True and self.in_institution:
            return "ORPHAN-I", self.amount("orphan_institution")
        if self.orphan is True:
            return "ORPHAN-S", self.amount("orphan_scattered")
        if self.ref_orphan is True:
            return "REF-ORPHAN", self.amount("ref_orphan_standard")
        if self.defacto is not True:
            return None, None
        standard = self.amount("defacto_standard")
        paid = self.fact("other_monthly") or 0
        return "DEFACTO", None if standard is None else max(0, standard - paid)

    def difficulties(self):
        f, m, now = self.father, self.mother, self.now
        tekun = every(self.has("low_income", "tekun"), no(self.living))
        soft = some(every(f.soft, m.soft), every(f.gone, m.soft), every(f.soft, m.gone))
        poor = some(self.has("low_income", "dibao", "poor_registered", "other_poor"), tekun)
        self.poor = every(now, poor)
        gone_or_unable = every(some(f.gone, f.c8), some(m.gone, m.c8))
        heavy = self.certified and any(
            self.fact(f"dis_{kind}") in grades for kind, grades in self.param("dis_tekun").items()
        )
        cannot_work = some(below(self.age, self.param("tekun_entry_age")), heavy)
        self.tekun = every(cannot_work, self.has("no_income"), gone_or_unable)
        self.says(
            fam_relief=every(now, some(self.has("low_income", "dibao"), tekun)),
            fam_registered=every(now, self.has("low_income", "poor_registered")),
            fam_defacto=every(now, self.defacto, no(f.hard), no(m.hard)),
            fam_other=every(now, some(self.has("low_income", "other_poor"), every(soft, no(self.living)))),
            self_disabled=every(now, self.certified),
            self_ill=every(now, self.has("ill")),
            self_hiv=every(now, self.has("hiv")),
            self_other=every(now, self.has("other_self")),
            grd_orphan=every(now, not self.adopted, some(self.has("foundling"), self.orphan)),
            grd_ref_orphan=every(now, self.ref_orphan, self.absent),
            grd_defacto=every(now, self.defacto, some(f.hard, m.hard)),
            grd_abused=every(now, self.has("abuse", "suspected", "severe")),
            grd_trafficked=every(now, self.has("trafficked")),
            grd_wandering=every(now, self.has("wandering")),
        )
        self.alone = every(self.has("alone"), below(self.age, self.param("alone_age")))
        self.unattended = every(self.has("unattended"), below(self.age, self.param("unattended_age")))
        self.unguarded = self.has("guard", "ABSENT") or self.has("emergency_gap")
        refused = self.has("guardian_refuses")
        self.says(grd_other=every(now, some(self.alone, self.unattended, self.unguarded, refused)))
        classes = (v for n, v in self.answers.items() if n.startswith(("fam_", "self_", "grd_")))
        self.difficult = some(self.living, *classes)
        self.classified = some(self.difficult, self.lb)
        ill = self.has("ill")
        self.says(
            project_hope=every(self.poor, ill),
            project_heart=every(now, self.has("heart_disease")),
            project_sky=every(now, self.difficult),
            project_ill=every(now, ill),
        )

    def tags(self):
        now = self.now
        scattered = every(not self.in_institution, some(self.orphan, self.ref_orphan))
        self.says(
            key_poor=self.poor,
            key_orphan=every(now, scattered),
            key_defacto=every(now, self.defacto),
            key_hiv=every(now, self.has("hiv")),
            key_custody=every(now, self.father.jailed or self.mother.jailed),
            key_informal=every(now, self.has("informal_adopt")),
            key_single=every(now, self.has("single"), self.has("rural"), self.classified),
            key_unregistered=every(now, self.has("registered", False)),
            key_dropout=every(now, self.has("dropout", "suspected", "confirmed")),
            key_ill=every(now, self.has("ill")),
            key_disabled=self.self_disabled,
            key_wandering=every(now, self.has("wandering") or self.has("wander_history")),
        )
        self.key = some(*(v for n, v in self.answers.items() if n.startswith("key_")))
        self.says(watch=every(now, no(self.classified), self.key))

    def benefits(self):
        confirmed, was = self.unless_told("confirmed"), self.fact("was")
        grown, school = no(self.minor), self.fact("school")
        orphan_aid, defacto_aid = ("study_aid_orphan", ORPHANS), ("study_aid_defacto", ("DEFACTO",))
        kept = not self.adopted or self.certified
        enrolled = self.unless_told("enrolled")
        learns = None if school is None else school != "none"
        former = every(was in (*ORPHANS, "DEFACTO"), grown, learns, enrolled, kept)
        here = self.local is not False
        adopted = self.adopted and was in ORPHANS and self.certified
        tomorrow = some(self.orphan, self.defacto, former, every(self.now, adopted))
        stays = every(within(school, self.param("tekun_continue_stages")), enrolled)
        kept_on = every(self.has("low_income", "tekun"), some(self.minor, stays))
        tekun = some(kept_on, every(self.minor, self.tekun))
        protected = was in (*ORPHANS, "DEFACTO")
        self.says(
            ben_orphan=every(confirmed, here, self.orphan),
            ben_ref_orphan=every(confirmed, here, self.ref_orphan),
            ben_defacto=every(confirmed, self.defacto),
            ben_dibao=every(self.now, here, self.has("low_income", "dibao")),
            ben_insurance=every(self.now, here, some(self.orphan, self.fam_relief)),
            ben_tomorrow=every(self.alive, self.local, tomorrow),
            ben_tekun=every(self.alive, here, no(self.living), tekun),
            ben_temporary=every(self.now, self.has("sudden_hardship")),
            ben_work=every(self.alive, grown, protected, self.has("job_hard")),
            ben_settlement=every(some(self.orphan, self.defacto), self.has("in_treatment")),
        )
        hiv = every(self.has("hiv"), confirmed, here, not self.adopted, no(self.living))
        self.says(ben_hiv=self.param("hiv_paid_as_orphan") and every(self.now, hiv))
        if "ben_rehab" in self.pack.adopts:
            kinds = self.param("rehab_disabilities")
            fit = any(self.fact(f"dis_{kind}") is not None for kind in kinds) or self.has("autism")
            young = at_most(self.age, self.param("rehab_last_age"))
            self.says(ben_rehab=every(self.alive, young, fit))
        for name, stages in (
            ("ben_school_waiver", "compulsory_stages"),
            ("ben_twelve_years", "twelve_year_stages"),
        ):
            if name in self.pack.adopts:
                disabled = self.self_disabled if name == "ben_twelve_years" else True
                at_school = school in self.param(stages)
                self.says(**{name: every(self.poor, disabled, at_school)})
        for name, (stages, held) in (("ben_study_orphan", orphan_aid), ("ben_study_defacto", defacto_aid)):
            if name in self.pack.adopts:
                lenient = name == "ben_study_orphan" and self.param("study_aid_adopted_disabled")
                still = kept if lenient else not self.adopted
                at_school = every(within(school, self.param(stages)), self.unless_told("full_time"), enrolled)
                self.says(**{name: every(self.alive, grown, was in held, at_school, still)})

    def soon(self, day, days):
        return day is not None and self.on < day <= self.on + timedelta(days=days)

    def alerts(self):
        now, f, m = self.now, self.father, self.mother
        birth = self.fact("birth_date")
        harm = self.has("abuse", "suspected", "severe") or self.has("injury_suspected")
        report = some(self.alone, self.has("missing"), self.has("guardian_refuses"), harm)
        home, place = self.fact("hukou_area"), self.fact("residence_area")
        apart = home is not None and place is not None and home[:6] != place[:6]
        since, months = self.fact("tg_since"), self.param("identify_months")
        uncertified = (self.graded or self.has("autism")) and self.has("dis_cert", False)
        tomorrow = (
            self.soon(later(birth, 12 * self.param(limit)), self.param(days))
            for limit, days in (
                ("left_behind_age", "near_left_behind_age_days"),
                ("child_age", "near_child_age_days"),
            )
        )
        sixteen, eighteen = tomorrow
        self.says(
            alert_report=every(now, report),
            alert_unattended=every(now, self.unattended),
            alert_unregistered=every(now, self.has("registered", False)),
            alert_dropout=every(now, self.has("dropout", "risk", "suspected", "confirmed")),
            alert_unentrusted=every(self.lb, not self.has("entrusted")),
            alert_carer=every(now, self.has("caretaker_bad")),
            alert_lost=every(now, f.lost_running or m.lost_running),
            alert_ending=every(some(self.ref_orphan, self.defacto), f.ending or m.ending),
            alert_suspected=every(self.living, self.has("confirmed", False), not self.on_roll(*LIVING)),
            alert_lb_over=self.on_roll("LB") and self.young is False,
            alert_lb_ending=every(self.lb, sixteen),
            alert_adult=every(self.living, eighteen),
            alert_two_places=every(now, self.classified, apart),
            alert_emergency=every(now, self.has("emergency_gap")),
            alert_temporary=every(now, self.has("abuse", "severe") or self.unguarded, since is None),
            alert_long_term=every(
                now, since is not None and later(since, months) < self.on and self.has("unknown_id")
            ),
            alert_informal=every(now, self.has("informal_adopt")),
            alert_shelter=every(now, self.has("private_shelter")),
            alert_certify=every(now, uncertified),
            alert_either=every(self.living, self.has("low_income", "tekun")),
            alert_agreement=every(
                self.lb, self.soon(self.fact("entrusted_until"), self.param("expiring_days"))
            ),
            alert_certificate=every(self.self_disabled, self.runs_out()),
            alert_visit=every(now, self.overdue()),
            alert_disparity=every(self.defacto, self.on.year >= 2025 and self.disparity()),
        )

    def runs_out(self):
        last = self.fact("dis_expired_on")
        return last is not None and self.on <= last <= self.on + timedelta(days=self.param("expiring_days"))

    def overdue(self):
        """The steps of R-06.01–02 and A11, written out."""
        last, step = self.fact("visited_on"), self.visit()
        if last is None or step not in ("3m", "1m", "15d", "7d"):
            return False
        number = int(step[:-1])
        return (later(last, number) if step.endswith("m") else last + timedelta(days=number)) < self.on

    def disparity(self):
        two = self.amount("defacto_standard"), self.amount("orphan_scattered")
        return None not in two and two[0] != two[1]

    def evidence(self):
        ended = self.father.ended or self.mother.ended
        left = ended or self.adopted or not self.alive
        aged_out = self.minor is False and self.studying is False
        back = self.father.returned or self.mother.returned
        self.answers["contradicted_living"] = left or aged_out
        self.answers["contradicted_lb"] = left or back or self.young is False
        contradicted = every(self.on_roll(*LIVING), no(self.living), left or aged_out)
        self.says(alert_should_exit=contradicted)

    def visit(self):
        place = self.fact("place") or "home"
        due = every(self.now, some(self.classified, self.key))  # watched or of a class, whichever it will be
        if due is False:
            grown = every(self.living, no(self.minor))
            return None if grown is None else "学期在校核验" if grown else "-"
        if due is None:
            return None
        if place in ("institution", "rescue"):
            return "机构照料"
        if place == "foster":
            return "1m(机构)"
        base = self.param("visit_base").get(self.fact("guard"))
        if self.key is None:
            return None
        return self.param("visit_denser").get(base) if self.key else base
