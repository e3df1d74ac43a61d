"""Makes up people who pass every check of their numbers; none of them exists."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛")
MALE = "伟强磊军洋勇杰涛明超平刚辉鹏华飞波斌宇浩凯健俊帆志国建文博"
FEMALE = "芳娜敏静丽艳娟霞秀红玲桂英梅琳雪婷慧莹丹萍欣蕾颖佳晶洁冰"
NATIONS = ("汉",) * 8 + ("满", "朝鲜", "蒙古", "回")
# Counties in and around Changchun; 220183 and 220184 are newer than some people with them.
COUNTIES = {
    "220102": "吉林省长春市南关区",
    "220103": "吉林省长春市宽城区",
    "220104": "吉林省长春市朝阳区",
    "220105": "吉林省长春市二道区",
    "220106": "吉林省长春市绿园区",
    "220182": "吉林省榆树市",
    "220183": "吉林省德惠市",
    "220184": "吉林省公主岭市",
    "220202": "吉林省吉林市昌邑区",
}
STREETS = (
    "人民大街",
    "解放大路",
    "自由大路",
    "同志街",
    "西安大路",
    "亚泰大街",
    "卫星路",
    "红旗街",
    "南湖大路",
    "工农大路",
)
# Bank, the prefix of its debit cards, length of the number.
BANKS = (
    ("中国建设银行", "621700", 19),
    ("中国工商银行", "621226", 19),
    ("中国农业银行", "622848", 19),
    ("中国银行", "621660", 19),
    ("交通银行", "622262", 19),
    ("吉林银行", "622178", 16),
    ("招商银行", "621483", 16),
    ("中国邮政储蓄银行", "621799", 19),
)


@dataclass(frozen=True)
class SamplePerson:
    name: str
    sex: str
    nation: str
    born_on: date
    address: str
    id_number: str
    phone: str
    bank_name: str
    card_number: str

    def age_on(self, day: date) -> int:
        return (
            day.year
            - self.born_on.year
            - ((day.month, day.day) < (self.born_on.month, self.born_on.day))
        )


def id_number(county: str, born_on: date, order: int) -> str:
    """GB 11643: the last digit of order tells the sex, the check is ISO 7064 MOD 11-2."""
    body = f"{county}{born_on:%Y%m%d}{order:03d}"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def card_number(prefix: str, length: int, rng: Random) -> str:
    body = prefix + "".join(str(rng.randrange(10)) for _ in range(length - len(prefix) - 1))
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body)))
    total = sum(value // 10 + value % 10 for value in doubled)
    return body + str(-total % 10)


def made_up_name(rng: Random, sex: str) -> str:
    surname = rng.choice(DOUBLE_SURNAMES) if rng.random() < 0.04 else rng.choice(SURNAMES)
    letters = MALE if sex == "男" else FEMALE
    return surname + "".join(rng.sample(letters, 1 if rng.random() < 0.3 else 2))


def made_up_person(
    rng: Random, born_on: date | None = None, county: str | None = None
) -> SamplePerson:
    sex = rng.choice("男女")
    county = county or rng.choice(list(COUNTIES))
    born_on = born_on or date(1968, 1, 1) + timedelta(days=rng.randrange(33 * 365))
    order = rng.randrange(500) * 2 + (sex == "男")
    bank_name, prefix, length = rng.choice(BANKS)
    return SamplePerson(
        name=made_up_name(rng, sex),
        sex=sex,
        nation=rng.choice(NATIONS),
        born_on=born_on,
        address=_address(rng, county),
        id_number=id_number(county, born_on, order),
        phone=rng.choice(("138", "139", "150", "186", "177", "155"))
        + f"{rng.randrange(10**8):08d}",
        bank_name=bank_name,
        card_number=card_number(prefix, length, rng),
    )


def _address(rng: Random, county: str) -> str:
    street = f"{rng.choice(STREETS)}{rng.randrange(1, 4000)}号"
    block, stair, room = rng.randrange(1, 30), rng.randrange(1, 5), rng.randrange(101, 1800)
    return f"{COUNTIES[county]}{street}{block}栋{stair}单元{room}室"
