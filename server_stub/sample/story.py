"""What happened in the made-up city: a few subjects with a story so that every rule bites, then the crowd."""

from __future__ import annotations

from random import Random

from server_stub.sample.acts import Acts

Who = dict[str, str]
HEAVY_JUDGEMENTS = 181
HEAVY_LICENCES = 80


def tell_rich(acts: Acts, who: Who) -> dict[str, str]:
    """A unit with every section, on the serious list and on the honour list; ids of the acts to point at."""
    for at in range(6):
        acts.licence(who, 300 + 210 * at, years=0 if at == 2 else 5, which=at)
    acts.licence(who, 2600, years=3, which=2)
    told = {
        "shown": acts.penalty(who, 60, 20_000, which=2),
        "objected": acts.penalty(who, 120, 30_000, which=3),
    }
    told["minor_tier"] = acts.penalty(who, 75, 1_000, procedure="simple")
    acts.penalty(who, 90, 0)
    acts.penalty(who, 200, 80_000, which=1, revoke=True)
    acts.penalty(who, 1500, 5_000, which=4)
    acts.penalty(who, 45, 200_000, which=0, wan="200000")  # yuan in a field of 万元: the text prevails
    told["repaired"] = acts.penalty(
        who, 190, 10_000, which=4, status="repaired", status_on=str(acts.day(20)), performed=True
    )
    acts.penalty(who, 150, 10_000, status="annulled", status_on=str(acts.day(30)))
    for ago in (200, 566, 930, 4000):
        acts.honour(who, ago)
    acts.honour(who, 400, model=True)
    told["serious"] = acts.debtor(who, 320)
    acts.wages(who, 240)
    acts.wages(who, 700, status="removed", status_on=str(acts.day(150)))
    acts.abnormal(who, 130)
    acts.abnormal(who, 800, status="removed", status_on=str(acts.day(500)))
    acts.commitment(who, 380)
    acts.commitment(who, 30)
    for at in range(3):
        acts.judgement(who, 100 + 90 * at, wan=20 + at)
    return told


def tell_heavy(acts: Acts, who: Who) -> None:
    """More records than a page holds."""
    for at in range(HEAVY_JUDGEMENTS):
        acts.judgement(who, 20 + 9 * at, wan=5 + at % 60)
    for at in range(HEAVY_LICENCES):
        acts.licence(who, 40 + 21 * at, which=at)


def tell_ambiguous(acts: Acts, one: Who, other: Who) -> None:
    """Two units of nearly the same name with very different records."""
    acts.licence(one, 500)
    acts.honour(one, 210)
    acts.licence(other, 800, which=1)
    acts.penalty(other, 85, 60_000, which=2)
    acts.debtor(other, 150, ground="2")


def tell_persons(acts: Acts, adult: Who, rare: Who, minors: list[Who], grown: Who) -> None:
    """A debtor, a driver, children, and one who was a child at the act."""
    acts.debtor(adult, 210, ground="1")
    acts.judgement(adult, 230, wan=12)
    acts.penalty(adult, 100, 4_000, which=4)
    acts.detention(adult, 60)
    acts.licence(rare, 400, which=3)
    acts.honour(rare, 300, model=True)
    for at, minor in enumerate(minors):
        acts.penalty(minor, 40 + at, 500, which=4)
        acts.licence(minor, 50 + at, which=1)
    acts.penalty(grown, 365 * 4, 4_000, which=4)
    acts.penalty(grown, 80, 6_000, which=4)


def tell_crowd(acts: Acts, units: list[Who], persons: list[Who], records: int) -> None:
    """Ordinary lives until `records` acts are told."""
    draw = Random(430400)  # noqa: S311 - the same city each time
    kinds = ["licence", "penalty", "honour", "serious", "abnormal", "commitment", "judgement", "person"]
    weights = [52, 18, 8, 2, 3, 8, 4, 5]
    while len(acts.rows) < records:
        kind = draw.choices(kinds, weights)[0]
        _one(acts, kind, draw.choice(persons if kind == "person" else units), draw)


def _one(acts: Acts, kind: str, who: Who, draw: Random) -> None:
    ago, which = draw.randrange(15, 1900), draw.randrange(60)
    ended = {"status": "removed", "status_on": str(acts.day(ago // 2))} if draw.random() < 0.3 else {}
    if kind == "licence":
        acts.licence(who, ago, years=draw.choice((0, 1, 3, 5, 5)), which=which)
    elif kind == "penalty":
        _penalty(acts, who, ago, which, draw)
    elif kind == "honour":
        acts.honour(who, ago, model=draw.random() < 0.2)
    elif kind == "serious":
        (acts.debtor if draw.random() < 0.6 else acts.wages)(who, ago, **ended)
    elif kind == "abnormal":
        acts.abnormal(who, ago, **ended)
    elif kind == "commitment":
        acts.commitment(who, ago)
    elif kind == "judgement":
        acts.judgement(who, ago, wan=draw.randrange(1, 400))
    elif draw.random() < 0.5:
        acts.licence(who, ago, which=3)
    else:
        acts.penalty(who, ago, draw.choice((500, 2_000, 8_000)), which=4)


def _penalty(acts: Acts, who: Who, ago: int, which: int, draw: Random) -> None:
    yuan = draw.choice((0, 1_000, 2_000, 3_000, 5_000, 8_000, 20_000, 49_000, 120_000))
    roll = draw.random()
    if roll < 0.2:
        ended = str(acts.day(ago // 2))
        acts.penalty(who, ago, yuan, which=which, status="repaired", status_on=ended, performed=True)
    elif roll < 0.3:
        acts.penalty(who, ago, min(yuan, 3_000), which=which, procedure="simple")
    elif roll < 0.34 and yuan:
        acts.penalty(who, ago, yuan, which=which, revoke=True)
    else:
        acts.penalty(who, ago, yuan, which=which, performed=draw.random() < 0.7)


def who_is(
    subject_key: str, kind: str, name: str, code: str, representative: str = "", masked: str = ""
) -> Who:
    """What an act says of its party."""
    return {
        "subject_key": subject_key, "kind": kind, "name": name, "code": code, "masked": masked,
        "representative": representative if kind == "legal" else "",
    }  # fmt: skip
