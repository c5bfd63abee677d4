"""Made-up facts for the tests of this room."""

from __future__ import annotations

from datetime import date
from typing import Any

from server_stub.records import selectors
from server_stub.records.facts import RecordFacts
from server_stub.records.selectors import Shown
from server_stub.subjects.models import Subject

COMPANY = "A" * 26
PERSON = "B" * 26
ON = date(2026, 11, 23)
BY = "centre1"


def penalty(no: str = "衡示市监罚〔2026〕1号", decided: str = "2026-05-06", **more: Any) -> RecordFacts:
    payload = {
        "CF_WSH": no,
        "CF_WFXW": "未按规定公示价格",
        "CF_SY": "当事人测试甲（身份证430400199001010006，电话13800000001）未公示价格",
        "CF_CFLB": "罚款",
        "CF_NR": "罚款二万元",
        "CF_NR_FK": "2.000000",
        "CF_JDRQ": decided,
        "CF_CFJG": "示例市监局",
        "CF_FRDB": "测试甲",
        "CF_FR_ZJHM": "430400199001010006",
    }
    facts: RecordFacts = {
        "subject_key": COMPANY,
        "section": "penalty",
        "provider": "示例市监局",
        "provider_code": "11430400MA0000000A",
        "document_no": no,
        "decided_on": decided,
        "classes": ["罚款"],
        "tier": "general",
        "payload": payload,
    }
    facts.update(more)  # type: ignore[typeddict-item]
    return facts


def licence(**payload: str) -> RecordFacts:
    return {
        "subject_key": COMPANY,
        "section": "licence",
        "provider": "示例审批局",
        "document_no": "衡示审〔2025〕7号",
        "decided_on": "2025-03-01",
        "payload": {
            "XK_XKWS": "食品经营许可证",
            "XK_YXQZ": "2025-03-01",
            "XK_YXQZI": "2099-12-31",
            "XK_NR": "食品销售",
            "XK_ZT": "1",
            **payload,
        },
    }


def debtor(**more: Any) -> RecordFacts:
    facts: RecordFacts = {
        "subject_key": COMPANY,
        "section": "serious",
        "provider": "示例人民法院",
        "document_no": "（2025）湘示执1号",
        "decided_on": "2025-02-01",
        "list_code": "debtor",
        "ground": "1",
        "payload": {"SX_MD": "失信被执行人", "SX_QX": "有履行能力而拒不履行", "SX_AH": "（2025）湘示执1号"},
    }
    facts.update(more)  # type: ignore[typeddict-item]
    return facts


def see(subject: Subject | None, on: date = ON, **more: Any) -> Shown:
    asked: dict[str, Any] = {"role": "bank_officer", "organisation_kind": "bank", "on": on, **more}
    return selectors.shown(subject, **asked)
