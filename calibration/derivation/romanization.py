"""Names of places in plain Latin letters, without tones, blanks or apostrophes."""

from __future__ import annotations

import re

from pypinyin import lazy_pinyin

# Readings that a dictionary of common words gets wrong in place names.
SYLLABLES = {
    "长治": "changzhi", "长子": "zhangzi", "子长": "zichang", "长垣": "changyuan", "重庆": "chongqing", "六安": "luan",
    "六合": "luhe", "六枝": "liuzhi", "六盘水": "liupanshui", "单县": "shanxian", "尉氏": "weishi",
    "尉犁": "yuli", "蔚县": "yuxian", "亳州": "bozhou", "涡阳": "guoyang", "大城县": "daichengxian",
    "乐亭": "laoting", "乐陵": "laoling", "乐清": "yueqing", "东阿": "donge", "番禺": "panyu",
    "浚县": "xunxian", "莘县": "shenxian", "洪洞": "hongtong", "隰县": "xixian", "任丘": "renqiu",
    "任县": "renxian", "任城": "rencheng", "任泽": "renze", "铅山": "yanshan", "歙县": "shexian",
    "黟县": "yixian", "台州": "taizhou", "天台": "tiantai", "丽水": "lishui", "大埔": "dabu",
    "东莞": "dongguan", "荥经": "yingjing", "荥阳": "xingyang", "什邡": "shifang", "莎车": "shache",
    "盂县": "yuxian", "应县": "yingxian", "应城": "yingcheng", "藁城": "gaocheng", "行唐": "xingtang",
    "闵行": "minhang", "获嘉": "huojia", "蠡县": "lixian", "莒县": "juxian", "鄄城": "juancheng",
    "宕昌": "tanchang", "碌曲": "luqu", "称多": "chenduo", "曲麻莱": "qumalai", "曲阜": "qufu",
    "曲靖": "qujing", "曲沃": "quwo", "曲水": "qushui", "曲周": "quzhou", "曲阳": "quyang",
    "阳曲": "yangqu", "喀喇沁": "kalaqin", "吐鲁番": "tulufan", "磴口": "dengkou", "讷河": "nehe",
    "珲春": "hunchun", "从江": "congjiang", "会泽": "huize", "会理": "huili", "宿州": "suzhou",
    "宿迁": "suqian", "宿松": "susong", "宿豫": "suyu", "宿城": "sucheng", "牟平": "muping",
    "中牟": "zhongmu", "牟定": "mouding", "句容": "jurong", "泌阳": "biyang", "吴堡": "wubu",
    "筠连": "junlian", "柏乡": "baixiang", "桐柏": "tongbai", "双柏": "shuangbai", "厦门": "xiamen",
    "蚌埠": "bengbu", "蚌山": "bengshan", "召陵": "shaoling", "渑池": "mianchi", "郏县": "jiaxian",
    "叶县": "yexian", "叶集": "yeji", "叶城": "yecheng", "瀍河": "chanhe", "无棣": "wudi", "茌平": "chiping",
    "犍为": "qianwei", "无为": "wuwei", "岢岚": "kelan", "盱眙": "xuyi", "邗江": "hanjiang",
    "婺源": "wuyuan", "余干": "yugan", "新干": "xingan", "都匀": "duyun", "都安": "duan", "都江堰": "dujiangyan",
    "百色": "baise", "耒阳": "leiyang", "攸县": "youxian", "会同": "huitong", "秭归": "zigui",
    "枞阳": "zongyang", "濉溪": "suixi", "砀山": "dangshan", "埇桥": "yongqiao", "朝阳": "chaoyang",
    "和县": "hexian", "鄱阳": "poyang", "长阳": "changyang", "普安": "puan", "阿坝": "aba",
    "石柱": "shizhu", "西藏": "xizang", "沈阳": "shenyang", "石嘴山": "shizuishan", "岫岩": "xiuyan",
    "大冶": "daye", "泊头": "botou", "盖州": "gaizhou", "解放": "jiefang", "弓长岭": "gongchangling",
    "桦甸": "huadian", "颍上": "yingshang", "颍东": "yingdong", "颍泉": "yingquan", "颍州": "yingzhou",
    "灵璧": "lingbi", "阜城": "fucheng", "阜南": "funan", "阜阳": "fuyang", "阜新": "fuxin", "阜平": "fuping",
    "阜宁": "funing", "阜康": "fukang", "三都": "sandu", "成都": "chengdu", "昌都": "changdu",
    "新都": "xindu", "于都": "yudu", "宜都": "yidu", "乐都": "ledu", "江都": "jiangdu", "曾都": "zengdu",
    "丰都": "fengdu", "都昌": "duchang", "都兰": "dulan", "盐都": "yandu", "花都": "huadu", "西乡": "xixiang",
    "尼勒克": "nileke", "且末": "qiemo", "若羌": "ruoqiang", "扎囊": "zhanang", "札达": "zhada",
    "仲巴": "zhongba", "八宿": "basu", "那曲": "naqu", "那坡": "napo", "察隅": "chayu", "陕西": "shaanxi",
    "内蒙古": "neimenggu", "漯河": "luohe",
}  # fmt: skip

_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族?|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族"
    "|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族?|仫佬族|羌族|布朗族|撒拉族"
    "|毛南族|仡佬族|锡伯族?|阿昌族|普米族|塔吉克族?|怒族|鄂温克族?|保安族|裕固族|独龙族|鄂伦春族?|各族|(?<!内)蒙古"
)
_AUTONOMOUS = re.compile(rf"(?:{_PEOPLES})*(?:自治县|自治旗|自治州|自治区)$")
_ONE_PEOPLE = re.compile(r"族?自治[县旗]$")  # the people's own name is the county's: 东乡, 鄂温克
_KINDS = (re.compile(r"(?:林区|特区|新区|地区)$"), re.compile(r"(?:(?<!开发)区|县|市|旗|盟|省)$"))
# One reading whatever the neighbours; the exceptions stand in SYLLABLES.
_CHARACTERS = {"长": "chang", "都": "du", "什": "shi", "峙": "shi", "覃": "qin"}


def short_name(name: str) -> str:
    """Return a place name without its kind of unit; whole if a single character would be left."""
    for ending in (_AUTONOMOUS, _ONE_PEOPLE, *_KINDS):
        shorter = ending.sub("", name)
        if shorter != name and len(shorter) > 1:
            return shorter
    return name


def romanized(name: str) -> str:
    """Return a place name in lower-case letters a to z (v for u with two dots)."""
    for known, letters in SYLLABLES.items():
        if name.startswith(known):
            return letters + romanized(name[len(known) :])
    syllables = zip(name, lazy_pinyin(name), strict=True)
    return re.sub(r"[^a-z]", "", "".join(_CHARACTERS.get(character, sound) for character, sound in syllables))
