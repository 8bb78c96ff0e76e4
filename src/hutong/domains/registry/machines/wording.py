"""Codes of the data contract and the words officials use for them (data-contract.md §1, §2)."""

from __future__ import annotations

from typing import Final

STATES: Final = {
    "DRAFT": "草稿",
    "REGISTERED": "待审核",
    "ACTIVE": "在管",
    "MOVED_OUT": "已转出",
    "CLOSED": "已退出",
    "ARCHIVED": "已归档",
    "MERGED": "已并入",
}
SEXES: Final = {1: "男", 2: "女"}
ID_KINDS: Final = {
    "RESIDENT": "居民身份证",
    "OTHER": "其他证件",
    "UNSEEN": "有户籍，证件未提供",
    "NONE": "无户籍",
}
LIVES_WITH: Final = {
    "parents": "父母", "mother": "母亲", "father": "父亲", "grandparents": "祖辈", "relatives": "亲属",
    "alone": "独居", "none": "无人照料", "institution": "机构", "foster": "寄养家庭", "adopters": "收养家庭",
    "school": "学校", "other": "其他",
}  # fmt: skip
PLACES: Final = {"home": "家庭", "institution": "机构", "foster": "寄养", "rescue": "救助"}
GUARD: Final = {"GOOD": "较好", "FAIR": "一般", "POOR": "较差", "ABSENT": "缺失"}
STAGES: Final = {
    "none": "未入学", "preschool": "学前", "primary": "小学", "junior": "初中", "senior": "高中",
    "vocational": "中职", "college": "大专", "undergrad": "本科", "master": "硕士", "phd": "博士",
}  # fmt: skip
RELATIONS: Final = {
    "father": "父亲", "mother": "母亲", "guardian": "监护人", "grandparent": "祖辈", "sibling": "兄弟姐妹",
    "stepparent": "继父母", "relative": "其他亲属", "carer": "受委托照护人",
}  # fmt: skip
SUBJECTS: Final = {"child": "儿童本人", "father": "父亲", "mother": "母亲", "person": "其他亲属"}
CIRCUMSTANCES: Final = {
    "deaths": "死亡", "declared_missing": "宣告失踪", "custody": "服刑、强戒、限制自由",
    "guardianship_revoked": "撤销监护资格", "deported": "遣送驱逐出境", "lost_contact": "失联",
    "disability": "残疾", "serious_illness": "重病", "low_income": "低保特困低收入", "enrolment": "学籍",
    "migrant_work": "外出务工", "adoptions": "收养登记", "emergencies": "突发事件影响",
    "judged_unable": "综合判断：确实难以履行监护职责", "judged_able": "综合判断：能够履行监护职责",
}  # fmt: skip
"""What a person judged of a parent, and every list code but ``hiv``: that fact belongs to a sealed compartment and is never kept in clear view."""
SCHEMES: Final = {
    "ORPHAN-I": "集中供养孤儿", "ORPHAN-S": "散居孤儿", "REF-ORPHAN": "参照孤儿",
    "DEFACTO": "事实无人抚养儿童", "LB": "留守儿童",
}  # fmt: skip
REGIMES: Final = {
    "FAMILY": "家庭监护", "ENTRUSTED": "委托照护", "TEMP_CA": "民政临时监护", "LONG_CA": "民政长期监护",
    "COURT_DESIGNATED": "法院指定监护", "VILLAGE": "村（居）委会监护",
}  # fmt: skip
CLOSE_REASONS: Final = {
    "AGE": "年满十八周岁", "RECOVERED": "情形消除", "ADOPTED": "被收养", "DEAD": "死亡", "NOT_FOUND": "查无此人",
}  # fmt: skip
