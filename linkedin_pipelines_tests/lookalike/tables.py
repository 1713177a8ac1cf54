"""The tables of what became of the cases, by kind, by reading that refused, and against the truth."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from linkedin_pipelines_tests.lookalike import cases
from linkedin_pipelines_tests.readings import refusals

Json = dict[str, Any]


def group_of(result: Json) -> str:
    """The line of the table that a case belongs to."""
    data = cases.CASES[result["case"]]
    if data["kind"] == "benign":
        label = re.sub(r"-(sdui|viewname|ember)?-?(en|fr|de|es|nl)$", "", result["case"].removeprefix("benign-"))
        label = label if label not in ("sdui", "viewname", "ember", "") else "plain"
        return f"benign {label} {data['generation']}"
    if data.get("stops"):
        stop = data["stops"][0]
        return f"stop {stop['name']}" + (f" {stop['variant']}" if stop["variant"] else "")
    trap = data["traps"][0]
    return f"trap {trap['name']}" + (f" {trap['variant']}" if trap["variant"] else "")


def right(result: Json) -> list[str]:
    """What the truth does not allow, beyond what is wrong outright."""
    out = []
    first, truth = result["first"], result["truth"]
    for slug, end in first["ends"].items():
        want = truth["verdicts"].get(slug, ["refused"])
        kind = {"delivered+sent": "delivered", "stopped": "account_stopped", "in_doubt": "in_doubt"}.get(
            end, "refused" if end.startswith("refused") else end
        )
        if end == "delivered+in_doubt":
            kind = "in_doubt" if "in_doubt" in want else end
        if kind not in want and not (kind == "refused" and want == ["account_stopped"]):
            out.append(
                f"{slug}: {end}, truth {'/'.join(want)}: {result['said']['reason'].get(slug, '')} {result['said']['why'].get(slug, '')}"
            )
    return out


def report(path: Path) -> int:
    """The tables."""
    results = [json.loads(line) for line in path.read_text().splitlines()]
    crashed = [r for r in results if "crash" in r]
    results = [r for r in results if "crash" not in r]
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    for r in results:
        line = lines[group_of(r)]
        line["cases"] += 1
        line["seconds"] += r["seconds"]
        for end in r["first"]["ends"].values():
            line[re.sub(r":.*", "", end)] += 1
        line["WRONG"] += len(r["first"]["wrong"]) + len(r.get("second", {}).get("wrong", []))
        line["off truth"] += len(right(r))
        line["pages after stop"] += max(0, r["first"]["pages_after_stop"])
        if r["first"]["signs_expected"]:
            line["sign right" if r["first"]["sign"] in r["first"]["signs_expected"] else "sign wrong"] += 1
    heads = [
        "cases",
        "delivered+sent",
        "delivered+in_doubt",
        "in_doubt",
        "refused",
        "stopped",
        "off truth",
        "WRONG",
        "sign right",
        "sign wrong",
        "seconds",
    ]
    print(f"{'kind':44}" + "".join(f"{h[:14]:>15}" for h in heads))
    for group in sorted(lines):
        print(f"{group:44}" + "".join(f"{int(lines[group][h]) or '':>15}" for h in heads))
    benign = [r for r in results if r["kind"] == "benign"]
    by: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for r in benign:
        data = cases.CASES[r["case"]]
        due = [s for s, v in r["truth"]["verdicts"].items() if "delivered" in v]
        good = [s for s in due if r["first"]["ends"].get(s) == "delivered+sent"]
        cell = by[(data["generation"] + ("" if data["surfaces"] else " all"), data["language"])]
        cell["due"] += len(due)
        cell["good"] += len(good)
        cell["cases"] += 1
        cell["whole"] += len(good) == len(due)
    print("\nbenign, people delivered and sent / due (cases wholly so / cases)")
    for (generation, language), cell in sorted(by.items()):
        print(f"  {generation:14} {language}  {cell['good']:3}/{cell['due']:3}   {cell['whole']}/{cell['cases']}")
    due, good = sum(c["due"] for c in by.values()), sum(c["good"] for c in by.values())
    print(f"  all: {good}/{due} people; {sum(c['whole'] for c in by.values())}/{len(benign)} cases whole")
    strict = [(r, s) for r in benign for s, v in r["truth"]["verdicts"].items() if v == ["delivered"]]
    sent = sum(r["first"]["ends"].get(s) == "delivered+sent" for r, s in strict)
    print(f"  with documented markup: {sent}/{len(strict)} people ({sent / max(1, len(strict)):.0%})")
    print("\nrefused, by which reading")
    refused = [
        r["said"]["why"].get(slug, "") or end
        for r in results
        for slug, end in r["first"]["ends"].items()
        if end.startswith("refused")
    ]
    print("\n".join(refusals(refused)))
    for title, pick in (
        ("WRONG", lambda r: r["first"]["wrong"] + r.get("second", {}).get("wrong", [])),
        ("off truth", right),
        ("misdeeds", lambda r: r["first"]["misdeeds"]),
    ):
        print(f"\n{title}")
        for r in results:
            for one in pick(r):
                print(f"  {r['case']}: {one}"[:400])
    print("\nsecond runs, after what was in doubt")
    for r in results:
        if "second" in r:
            print(f"  {r['case']}: {r['first']['ends']} -> {r['second']['ends']} {r['second']['wrong']}")
    print("\nreadings of the catch-up page that are not whole, or differ from the truth")
    for r in results:
        said, truth = r["said"], r["truth"]
        if said["reading"] == "not taken":
            continue
        today = truth["today"]
        seen = {slug: text.split()[0] for slug, text in said["seen"].items()}
        should = set(truth["list"]["today"]) | set(truth["list"]["late"])
        odd = [s for s in seen if s not in should]
        odd += [s for s in truth["list"]["today"] if s in seen and seen[s] != today]
        missing = sorted(should - set(seen))
        if not said["reading"].startswith("whole") or odd or missing:
            print(
                f"  {r['case']}: {said['reading'][:200]}; odd {odd}, missing {len(missing)} of {len(should)}; truth {truth['list']['state']}"
            )
    print(
        f"\n{len(results)} cases, {sum(r['seconds'] for r in results):.0f} s of playing; crashed: {[r['case'] for r in crashed]}"
    )
    for r in crashed:
        print(r["case"], r["crash"][-800:])
    return 0
