"""What is right for a case: who may be messaged, who must not, and the verdicts that are right."""

from typing import Any

from linkedin_pipelines_tests.lookalike.site import labels, signs
from linkedin_pipelines_tests.lookalike.site.case import Switch
from linkedin_pipelines_tests.lookalike.site.people import days_late
from linkedin_pipelines_tests.lookalike.site.stage import Stage


def _relaxed(stage: Stage) -> bool:
    """Whether refusing is right too: no label table, or a composer that no fact describes."""
    case = stage.case
    documented = case.surfaces["composer"] == case.surfaces["thread"] == "ember" and case.tag("composer") == "button"
    return case.language == "nl" or not documented


def _with(base: signs.Verdict, extra: signs.Verdict) -> signs.Verdict:
    return (*base, *(v for v in extra if v not in base))


class _Draft:
    """The truth while it is being put together."""

    def __init__(self, stage: Stage) -> None:
        late = {p.slug: days_late(p.birthday, stage.today) for p in stage.people if p.degree == 1}
        self.stage = stage
        self.today = [s for s, n in late.items() if n == 0]
        self.late = [s for s, n in late.items() if n is not None and 0 < n <= stage.case.options.late_days]
        base = signs.DR if _relaxed(stage) else signs.D
        self.verdicts: dict[str, signs.Verdict] = dict.fromkeys([*self.today, *self.late], base)
        if stage.case.options.birthday_source == "site" and stage.case.language in ("de", "es"):
            self.verdicts |= dict.fromkeys(self.late, signs.DR)  # no fact tells how these languages word a late card
        self.least: int | None = None
        self.most: int | None = None
        self.account: bool | None = False
        self.list_known = True

    def others(self, verdict: signs.Verdict, but: str) -> None:
        """Allow everybody else's verdict to widen."""
        for slug, now in self.verdicts.items():
            if slug != but and "delivered" in now:
                self.verdicts[slug] = _with(now, verdict)

    def trap(self, switch: Switch) -> None:
        """Apply one trap."""
        trap = signs.TRAPS[switch.name]
        verdict = signs.verdict_of(switch.name, switch.variant)
        slug = switch.at.slug
        if trap.list_unknown and switch.variant != "person":
            self.list_known = False
            self.account = None
            site_only = self.stage.case.options.birthday_source == "site"
            for s in self.verdicts:
                self.verdicts[s] = signs.RA if site_only else _with(self.verdicts[s], signs.DRA)
            return
        if switch.variant == "person" and trap.list_unknown:
            self.account = None
            self.others(signs.DA, slug)
        for s in [slug] if slug else list(self.verdicts):
            if s not in self.verdicts:
                continue
            relaxed = "refused" in self.verdicts[s] and "delivered" in verdict
            self.verdicts[s] = _with(verdict, signs.R) if relaxed else verdict
        if "in_doubt" in verdict:  # what is in doubt is settled before anything new is sent
            self.others(signs.DRA, slug)
            self.account = None

    def stop(self, switch: Switch) -> None:
        """Apply one stop sign."""
        stop = signs.STOPS[switch.name]
        documented = stop.family not in ("limit", "restricted") or self.stage.case.language == "en"
        self.account = True if stop.hard and documented else None
        hit: signs.Verdict = ("account_stopped",) if stop.hard else ("account_stopped", "refused")
        if switch.name == "hang_30s":
            hit = ("account_stopped", "refused", "delivered")
        if not documented:
            hit = _with(hit, signs.RQ)
        at = switch.at
        on_send = stop.on_send and switch.variant != "page"
        if at.after_deliveries:
            open_to = [s for s, v in self.verdicts.items() if "delivered" in v]
            sure = [s for s in open_to if self.verdicts[s] == signs.D]
            loose = _with(_with(signs.D, hit), signs.RQ)
            for s in open_to:
                self.verdicts[s] = _with(loose, self.verdicts[s])
            if stop.hard:
                self.least, self.most = min(at.after_deliveries, len(sure)), min(at.after_deliveries, len(open_to))
        elif at.slug:
            self.verdicts[at.slug] = _with(hit, signs.RQ if on_send else signs.R)
            self.others(_with(signs.DA, hit), at.slug)
        elif at.surface not in ("", "composer"):  # a tool that never opens that surface never meets the sign
            self.account = None
            self.others(_with(signs.DA, hit), "")
        else:
            for s in self.verdicts:
                self.verdicts[s] = _with(hit, signs.RQ) if on_send else hit


def tell(stage: Stage) -> dict[str, Any]:
    """The truth of a staged case, ready for JSON."""
    draft = _Draft(stage)
    for switch in stage.case.traps:
        draft.trap(switch)
    for switch in stage.case.stops:
        draft.stop(switch)
    verdicts = draft.verdicts
    may = [s for s, v in verdicts.items() if v != signs.R]
    sure = sum(v == signs.D for v in verdicts.values())
    most = sum("delivered" in v for v in verdicts.values())
    words = labels.DATA[stage.case.language]
    seen = [(p, days_late(p.birthday, stage.today)) for p in stage.people if p.degree == 1]
    return {
        "case": stage.case.name,
        "kind": stage.case.kind,
        "language": stage.case.language,
        "today": stage.today.isoformat(),
        "late_days": stage.case.options.late_days,
        "birthday_source": stage.case.options.birthday_source,
        "traps": [{"name": s.name, "variant": s.variant, "slug": s.at.slug} for s in stage.case.traps],
        "stops": [{"name": s.name, "family": signs.STOPS[s.name].family} for s in stage.case.stops],
        "may_message": {"today": [s for s in draft.today if s in may], "late": [s for s in draft.late if s in may]},
        "must_not": [p.slug for p in stage.people if p.slug not in may],
        "verdicts": {p.slug: list(verdicts.get(p.slug, signs.R)) for p in stage.people},
        "deliveries": {
            "min": sure if draft.least is None else draft.least,
            "max": most if draft.most is None else draft.most,
            "per_person": 1,
        },
        "account_stops": draft.account,
        "list": {
            "state": "complete" if draft.list_known else "unknown",
            "today": [p.slug for p, n in seen if n == 0],
            "late": {p.slug: n for p, n in seen if n is not None and 0 < n <= 20},
        },
        "page_texts": [words["wish_today"], words["wish_late"], words["wish_work"]],
    }
