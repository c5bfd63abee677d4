"""Names of units that nobody bears: composed from a seed, each marked 示例, as unlike as in a city."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

CHARACTERS = Path(__file__).resolve().parents[1] / "resources" / "fonts" / "tgh8105.csv"
PLACES = (
    *(("衡阳市", "衡阳", "衡阳市石鼓区", "衡阳市雁峰区", "衡阳市蒸湘区", "衡阳市珠晖区", "湖南") * 2),
    *("衡阳县", "衡南县", "衡山县", "衡东县", "祁东县", "耒阳市", "常宁市", "南岳区"),
)
TRADES = (
    *("商贸", "建材", "建筑工程", "物业管理", "农业开发", "科技", "信息技术", "机械制造", "餐饮管理", "运输"),
    *(
        "劳务",
        "房地产开发",
        "广告传媒",
        "医疗器械",
        "电子商务",
        "装饰设计",
        "食品",
        "环保科技",
        "种植",
        "服饰",
    ),
    *("教育咨询", "汽车销售", "能源", "矿业", "副食店", "理发店", "便利店", "五金经营部", "早餐店"),
)
FORMS = ("有限公司", "有限公司", "有限责任公司", "股份有限公司", "分公司", "经营部", "专业合作社", "")


@cache
def common_characters() -> tuple[str, ...]:
    """The 3,500 characters of the first level of the standard list."""
    with CHARACTERS.open(encoding="utf-8", newline="") as table:
        return tuple(row["char"] for row in csv.DictReader(table) if row["level"] == "1")


def made_names(count: int, seed: int = 430400) -> Iterator[str]:
    """`count` names, the same for a seed; a few come twice, as in a real register. Characters are as unevenly
    frequent as in brand names: the hundredth is taken a tenth as often as the first.
    """
    draw = random.Random(seed)
    signs = list(common_characters())
    draw.shuffle(signs)
    weights = [1 / (place + 10) for place in range(len(signs))]
    pool = iter(draw.choices(signs, weights, k=count * 4))
    for _ in range(count):
        brand = "".join(next(pool) for _ in range(draw.choice((2, 2, 2, 3, 3, 4))))
        yield f"{draw.choice(PLACES)}{brand}（示例）{draw.choice(TRADES)}{draw.choice(FORMS)}"
