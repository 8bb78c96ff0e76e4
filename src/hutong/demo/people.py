"""Fictitious people: names drawn from parts, ID numbers of county codes that were never assigned."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from hutong.kernel import ids

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤冉"
)
BOYS = "伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林峰建国志文思远子轩浩然梓睿"
GIRLS = "芳娜敏静秀丽艳娟霞燕红玲桂英梅兰雪琳慧倩婷玉萍莉颖欣怡佳悦雨涵诗琪梦瑶紫萱若曦可馨"
DOTTED = ("阿依古丽·买买提", "迪丽努尔·吐尔逊", "古丽娜尔·艾合买提", "艾力·吾斯曼")


@dataclass(slots=True)
class Person:
    name: str
    sex: str
    birth: date
    number: str
    area: str


@dataclass(slots=True)
class Maker:
    """Draws people; every ID number once. ``county``: an unassigned six-digit code."""

    county: str
    seed: int
    draw: random.Random = field(init=False)
    _orders: Counter[date] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)

    def surname(self) -> str:
        # the first surnames are the common ones: squaring the draw makes them so
        return SURNAMES[int(len(SURNAMES) * self.draw.random() ** 2)]

    def given(self, sex: str) -> str:
        letters = BOYS if sex == "男" else GIRLS
        length = 1 if self.draw.random() < 0.18 else 2
        return "".join(self.draw.choice(letters) for _ in range(length))

    def number(self, birth: date, sex: str) -> str:
        odd = 1 if sex == "男" else 0
        self._orders[birth] += 1
        order = self._orders[birth] * 2 + odd
        return ids.make(self.county, birth, order)

    def person(self, sex: str, birth: date, area: str, surname: str = "") -> Person:
        name = (surname or self.surname()) + self.given(sex)
        return Person(name, sex, birth, self.number(birth, sex), area)

    def birth(self, on: date, youngest: float, oldest: float) -> date:
        """A birth date such that the age on ``on`` lies between the two, in years."""
        days = int(self.draw.uniform(youngest, oldest) * 365.2425)
        return on - timedelta(days=days)

    def day(self, on: date, from_days: int, to_days: int) -> date:
        """A day between ``from_days`` and ``to_days`` before ``on``."""
        return on - timedelta(days=self.draw.randint(min(from_days, to_days), max(from_days, to_days)))
