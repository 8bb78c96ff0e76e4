"""Tables behind ``names``: readings of surnames, compound surnames, characters taken for each other."""

from __future__ import annotations

from typing import Final


def _readings(text: str) -> dict[str, str]:
    pairs = text.split()
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


SURNAME_READINGS: Final = _readings(
    """
    曾 zeng 单 shan 仇 qiu 解 xie 查 zha 朴 piao 区 ou 翟 zhai 任 ren 华 hua 盖 ge 尉 wei 乐 yue 员 yun 贠 yun
    繁 po 秘 bi 冼 xian 洗 xian 召 shao 折 she 黑 he 种 chong 重 chong 祭 zhai 缪 miao 宁 ning 覃 qin 谌 chen
    柏 bai 薄 bo 卜 bu 车 che 郗 xi 逄 pang 逢 pang 牟 mou 乜 nie 都 du 燕 yan 应 ying 长 chang 行 xing 相 xiang
    隗 wei 宓 mi 郇 xun 句 gou 阚 kan 瞿 qu 沈 shen 盛 sheng 费 fei 葛 ge 臧 zang 訾 zi 莘 shen 幺 yao 么 yao
    叶 ye 亓 qi 眭 sui 厍 she 撒 sa 过 guo 炅 gui 逯 lu 郄 qie 綦 qi 曲 qu 能 nai 适 kuo 占 zhan 宿 su 术 zhu
    颉 xie 校 xiao 令 ling 要 yao 那 na 钭 tou 隽 juan 佴 nai 石 shi 晁 chao 强 qiang 万 wan 佟 tong 哈 ha 教 jiao
    """
)
"""Readings a character has as a surname, for all whose everyday reading differs or is uncertain.
覃 is read qin as in Chongqing and Guangxi (elsewhere also tan), 牟 mou (in Shandong also mu)."""

COMPOUND_READINGS: Final = {
    surname: tuple(reading.split("-"))
    for surname, reading in _readings(
        """
        尉迟 yu-chi 万俟 mo-qi 长孙 zhang-sun 单于 chan-yu 澹台 tan-tai 令狐 ling-hu 鲜于 xian-yu 淳于 chun-yu
        亓官 qi-guan 乐正 yue-zheng 宰父 zai-fu 夹谷 jia-gu 拓跋 tuo-ba 濮阳 pu-yang 闾丘 lv-qiu 颛孙 zhuan-sun
        欧阳 ou-yang 上官 shang-guan 司马 si-ma 诸葛 zhu-ge 东方 dong-fang 皇甫 huang-fu 慕容 mu-rong 夏侯 xia-hou
        司徒 si-tu 公孙 gong-sun 宇文 yu-wen 申屠 shen-tu 轩辕 xuan-yuan 南宫 nan-gong 端木 duan-mu 百里 bai-li
        呼延 hu-yan 钟离 zhong-li 闻人 wen-ren 赫连 he-lian 独孤 du-gu 太叔 tai-shu 公冶 gong-ye 宗政 zong-zheng
        仲孙 zhong-sun 司寇 si-kou 巫马 wu-ma 漆雕 qi-diao 公西 gong-xi 谷梁 gu-liang 梁丘 liang-qiu 左丘 zuo-qiu
        东郭 dong-guo 西门 xi-men 第五 di-wu 纳兰 na-lan 完颜 wan-yan 司空 si-kong 子车 zi-ju 壤驷 rang-si
        """
    ).items()
}
"""Compound surnames; a name of two characters is taken as a single surname and a given name all the same."""

GIVEN_READINGS: Final = _readings(
    "晟 sheng 㐂 xi 𠮷 ji 珺 jun 玥 yue 曈 tong 祎 yi 彧 yu 昇 sheng 喆 zhe 淼 miao 堃 kun 犇 ben 垚 yao"
)
"""Single characters of given names that the general dictionary lacks or reads otherwise than names do."""

_LOOK_ALIKES: Final = """
    己已巳 未末 土士 日曰 干千于 戊戌戍成 天夭 人入八 大太犬 王玉主 田由甲申 目自白 晴睛 丽俪 婷停亭
    玲铃冷 治冶怡 晨辰 杨扬 侯候 徐涂 今令 刀力 几儿 口囗 木本术 牛午 贝见 乌鸟 享亨 折拆 萍苹
    冰水永 昊吴旲 昌晶 奕弈 薇微徽 祎袆 褚诸 锋峰烽 柱住 榕容 洁浩 涛淘 灵炅 炳柄 琳林 瑞端 睿叡
    祥详 福富幅 秀季 程呈 竞竟 红虹 绵棉锦 缘绿 耀跃 聪总 英莫 荣蓉 蕾雷 裕浴 贵责 逸免 郎朗 钰玉珏
    铭名 闫问间 闵闽 阳阴 雨两 霞露 静净 香杳 鑫金 龙尤 庆床 延廷 建健 彬杉 心必 惠慧 慈磁 成戒 敏每
    文交 新薪 旭旮 旦且 星是 春舂 晓哓 月用 朋明 毛手 汪注 沙涉 泽择 浪狼 清青 源原 烨晔 珍诊 珠株
    琪淇棋 瑶遥 皓浩 祝视 科料 立位 筠均 紫柴 翔翊 若苦 莲连 萱宣 蓝篮 蔡察 薛辥 覃谭 辉晖 辛幸 郁都
    颖颍 魏巍 黎藜 刘浏 洪供 凡几 丹舟 沈沉 玮伟 姗珊 桦烨 媛嫒 赢嬴 芋芊 芸芝 玫玖 旻昱 垚尧 暄喧
    刚钢 崇祟 祁祈 佘余 冼洗 段叚
"""
LOOK_ALIKES: Final = tuple(_LOOK_ALIKES.split())
"""Classes of characters taken for one another in handwriting and typing; a character may stand in several. Pairs of
common surnames are left out on purpose: 郑伟 for 邓伟 is more often another person than a slip."""
