"""Facts of made-up acts, one verb for each kind of record; days are counted back from the day of loading."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from server_stub.records.facts import RecordFacts
from server_stub.sample.city_catalogue import item_of
from server_stub.sample.numbers import provider_code, record_id
from server_stub.sample.words import words


class Acts:
    """Makes facts with running numbers; `rows` is what was made."""

    def __init__(self, on: date, received_at: str) -> None:
        self.on = on
        self.rows: list[RecordFacts] = []
        self._received_at = received_at

    @property
    def serial(self) -> int:
        """The running number of the next act."""
        return len(self.rows) + 1

    def day(self, ago: int) -> date:
        """The day so many days ago."""
        return self.on - timedelta(days=ago)

    def licence(self, who: dict[str, str], ago: int, years: int = 5, which: int = 0) -> str:
        """A licence; with `years` 0 it has no end."""
        kind = words()["licences"][which % len(words()["licences"])]
        decided = self.day(ago)
        end = decided + timedelta(days=365 * years) if years else date(2099, 12, 31)
        number = self._number(kind["mark"], decided)
        payload = {
            **_party(who, "XK_XDR"), "XK_FRDB": who.get("representative", ""), "XK_XKWS": kind["title"],
            "XK_WSH": number, "XK_XKLB": kind["class"], "XK_NR": kind["content"], "XK_JDRQ": str(decided),
            "XK_YXQZ": str(decided), "XK_YXQZI": str(end), "XK_ZT": "1", **_body(kind["provider"], "XK_XKJG"),
            "XK_LYDW": words()["providers"][kind["provider"]],
        }  # fmt: skip
        return self._add(
            who, "licence", kind["provider"], number, decided, payload, effect_until=str(end), schema="2018"
        )

    def penalty(self, who: dict[str, str], ago: int, yuan: int = 5000, *, which: int = 0, **more: Any) -> str:
        """A fine (or, with yuan 0, a warning; with revoke=True also the loss of the licence)."""
        kind, money = words()["penalties"][which % len(words()["penalties"])], words()["money"]
        decided = self.day(ago)
        classes = [money["fined"]] if yuan else [money["warned"]]
        content = money["fine"].format(yuan=yuan) if yuan else money["warning"]
        if more.pop("revoke", False):
            classes, content = [*classes, money["revoke"]], money["revoked"].format(yuan=yuan)
        number = self._number(kind["mark"], decided)
        payload = {
            **_party(who, "CF_XDR"), "CF_FRDB": who.get("representative", ""), "CF_WSH": number,
            "CF_WFXW": kind["kind"], "CF_SY": kind["facts"], "CF_YJ": kind["basis"],
            "CF_CFLB": words()["texts"]["joint"].join(classes),
            "CF_NR": content, "CF_JDRQ": str(decided), "CF_YXQ": str(decided + timedelta(days=30)),
            "CF_GSJZQ": str(decided + timedelta(days=365 * 3)), **_body(kind["provider"], "CF_CFJG"),
            "CF_SJLY": words()["providers"][kind["provider"]],
        }  # fmt: skip
        if yuan:
            payload["CF_NR_FK"] = more.pop("wan", _wan(yuan))
        facts = {"publicity_end_given": payload["CF_GSJZQ"], "classes": classes, "schema": "2018", **more}
        facts.setdefault("sector", kind.get("sector", ""))
        facts.setdefault("published_on", str(decided + timedelta(days=5)))
        return self._add(who, "penalty", kind["provider"], number, decided, payload, **facts)

    def detention(self, who: dict[str, str], ago: int) -> str:
        """A penalty by the police, which the law seals."""
        texts, decided = words()["texts"], self.day(ago)
        number = self._number(texts["marks"]["police"], decided)
        payload = {
            **_party(who, "CF_XDR"), "CF_WSH": number, "CF_WFXW": texts["police_kind"],
            "CF_SY": texts["police_facts"], "CF_YJ": texts["police_basis"], "CF_CFLB": texts["police_class"],
            "CF_NR": texts["police_content"], "CF_JDRQ": str(decided), **_body("police", "CF_CFJG"),
        }  # fmt: skip
        facts = {"classes": [texts["police_class"]], "public_security": True, "schema": "2018"}
        return self._add(who, "penalty", "police", number, decided, payload, **facts)

    def honour(self, who: dict[str, str], ago: int, *, model: bool = False) -> str:
        """Tax grade A of the year before, or a model unit."""
        texts, decided = words()["texts"], self.day(ago)
        provider = "market" if model else "tax"
        payload = {
            "RY_MC": texts["model" if model else "tax_a"], "RY_ND": str(decided.year - 1),
            "RY_DJ": "" if model else texts["grade_a"], "RY_RQ": str(decided),
            "RY_JG": words()["providers"][provider], "RY_LY": words()["providers"][provider],
        }  # fmt: skip
        return self._add(
            who, "honour", provider, "", decided, payload, list_code="model" if model else "tax_a"
        )

    def debtor(self, who: dict[str, str], ago: int, ground: str = "1", **more: Any) -> str:
        """An entry on the courts' list of dishonest debtors."""
        texts, decided = words()["texts"], self.day(ago)
        number = self._number("", decided, "case")
        payload = {
            "SX_MD": texts["debtor"], "SX_JG": words()["providers"]["court"], "SX_SF": texts["province"],
            "SX_YJWH": self._number("", self.day(ago + 200), "title_of"),
            "SX_YJDW": words()["providers"]["court"],
            "SX_LASJ": str(self.day(ago + 60)), "SX_AH": number, "SX_YW": texts["duty"],
            "SX_LX": texts["performance"], "SX_QX": texts["conduct"], "SX_RQ": str(decided),
            "SX_FBSJ": str(decided + timedelta(days=3)), "SX_LY": words()["providers"]["court"],
        }  # fmt: skip
        facts = {"list_code": "debtor", "ground": ground, "performed": False, **more}
        return self._add(who, "serious", "court", number, decided, payload, **facts)

    def wages(self, who: dict[str, str], ago: int, **more: Any) -> str:
        """An entry on the list for unpaid wages."""
        texts, decided = words()["texts"], self.day(ago)
        number = self._number(texts["marks"]["labour"], decided)
        payload = {
            "SX_MD": texts["wages"], "SX_JG": words()["providers"]["labour"], "SX_AH": number,
            "SX_YY": texts["wages_reason"], "SX_RQ": str(decided), "SX_LY": words()["providers"]["labour"],
        }  # fmt: skip
        return self._add(who, "serious", "labour", number, decided, payload, list_code="wages", **more)

    def abnormal(self, who: dict[str, str], ago: int, **more: Any) -> str:
        """An entry on the list of abnormal operation."""
        texts, decided = words()["texts"], self.day(ago)
        number = self._number(texts["marks"]["abnormal"], decided)
        payload = {
            "YC_LX": texts["abnormal"], "YC_YY": texts["abnormal_reason"], "YC_RQ": str(decided),
            "YC_JG": words()["providers"]["market"], "YC_WH": number, "YC_LY": words()["providers"]["market"],
        }  # fmt: skip
        return self._add(who, "abnormal", "market", number, decided, payload, list_code="abnormal", **more)

    def commitment(self, who: dict[str, str], ago: int) -> str:
        """A promise to keep the law."""
        texts, decided = words()["texts"], self.day(ago)
        number = self._number(texts["marks"]["commitment"], decided)
        payload = {
            "CN_LX": texts["commitment"], "CN_BM": number, "CN_RQ": str(decided),
            "CN_DW": words()["providers"]["market"], "CN_NR": texts["commitment_text"],
            "CN_ZT": texts["kept"],
        }  # fmt: skip
        return self._add(who, "commitment", "market", number, decided, payload)

    def judgement(self, who: dict[str, str], ago: int, wan: int = 10) -> str:
        """A case in which the subject is a judgement debtor (no dishonesty is said)."""
        texts, decided = words()["texts"], self.day(ago)
        number = self._number("", decided, "case")
        payload = {
            "PJ_AH": number, "PJ_LX": texts["judgement_kind"], "PJ_FY": words()["providers"]["court"],
            "PJ_RQ": str(decided), "PJ_JG": texts["judgement_result"].format(wan=wan),
            "PJ_LY": words()["providers"]["court"],
        }  # fmt: skip
        return self._add(who, "judgement", "court", number, decided, payload)

    def _number(self, mark: str, day: date, form: str = "number") -> str:
        text: str = words()["texts"][form]
        return text.format(mark=mark, year=day.year, serial=self.serial)

    def _add(
        self,
        who: dict[str, str],
        section: str,
        provider: str,
        number: str,
        decided: date,
        payload: dict[str, str],
        **more: Any,
    ) -> str:
        facts: dict[str, Any] = {
            "rec_id": record_id(self.serial),
            "subject_key": who["subject_key"],
            "section": section,
            "item_code": item_of(provider, section),
            "provider": words()["providers"][provider],
            "provider_code": provider_code(provider),
            "document_no": number,
            "decided_on": str(decided),
            "source_no": f"SEED/{self.serial}",
            "received_at": self._received_at,
            **more,
            "payload": {code: text for code, text in payload.items() if text},
        }
        self.rows.append(facts)  # type: ignore[arg-type]
        return str(facts["rec_id"])


def _party(who: dict[str, str], head: str) -> dict[str, str]:
    texts = words()["texts"]
    if who["kind"] == "person":
        return {f"{head}_MC": who["name"], f"{head}_LB": texts["person"], f"{head}_ZJHM": who["masked"]}
    category = texts["individual"] if who["code"].startswith("92") else texts["legal"]
    return {f"{head}_MC": who["name"], f"{head}_LB": category, f"{head}_SHXYM": who["code"]}


def _body(provider: str, field: str) -> dict[str, str]:
    return {field: words()["providers"][provider], f"{field}DM": provider_code(provider)}


def _wan(yuan: int) -> str:
    """Yuan as the form's 万元, exact, without trailing zeros."""
    whole, rest = divmod(yuan, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")
