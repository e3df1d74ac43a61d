"""ID cards and bank cards, by themselves or copied on a white page."""

from datetime import date
from random import Random

from PIL import Image

from samples.case import Case
from samples.form import in_fours
from samples.people import SamplePerson
from samples.sheet import A4, Colour, Sheet

CARD = (860, 542)
LABEL: Colour = (60, 110, 150)
BANK_GROUNDS: tuple[Colour, ...] = (
    (28, 72, 140),
    (150, 30, 40),
    (20, 105, 90),
    (60, 60, 66),
    (190, 150, 70),
    (222, 226, 232),
)


def id_card_front(case: Case, rng: Random) -> Sheet:
    person = case.payee
    card = _ground(rng)
    x, born = 70, person.born_on
    _pair(card, x, 58, "姓 名", person.name, 34)
    _pair(card, x, 122, "性 别", person.sex, 28)
    _pair(card, x + 180, 122, "民 族", person.nation, 28)
    card.text(x, 186, "出 生", 25, "hei", LABEL)
    left = x + 95
    for value, unit in ((born.year, "年"), (born.month, "月"), (born.day, "日")):
        left = card.text(left, 184, str(value), 28, "hei") + 14
        left = card.text(left, 186, unit, 25, "hei", LABEL) + 14
    card.text(x, 250, "住 址", 25, "hei", LABEL)
    card.paragraph(x + 95, 248, 380, person.address, 28, "hei", 1.35)
    _portrait(card, rng)
    card.text(x, 452, "公民身份号码", 25, "hei", LABEL)
    card.spaced(x + 210, 445, person.id_number, 36, 5.5, "hei")
    card.text(838, 516, "样例 虚构", 16, "hei", (150, 170, 185), "ra")
    return card


def id_card_back(case: Case, rng: Random) -> Sheet:
    card = _ground(rng)
    card.draw.ellipse((60, 60, 190, 190), fill=(200, 60, 50), outline=(180, 40, 40), width=4)
    card.draw.ellipse((92, 92, 158, 158), fill=(225, 180, 70))
    card.spaced(270, 68, "中华人民共和国", 48, 22, "song")
    card.spaced(250, 150, "居民身份证", 68, 26, "song")
    issued = date(rng.randrange(2012, 2024), rng.randrange(1, 13), rng.randrange(1, 28))
    until = (
        "长期"
        if case.payee.age_on(issued) >= 46
        else f"{issued.replace(year=issued.year + 20):%Y.%m.%d}"
    )
    card.text(190, 380, "签发机关", 26, "hei")
    card.text(330, 378, _bureau(case.payee), 28, "hei")
    card.text(190, 446, "有效期限", 26, "hei")
    card.text(330, 444, f"{issued:%Y.%m.%d}-{until}", 28, "hei")
    card.text(838, 516, "样例 虚构", 16, "hei", (150, 170, 185), "ra")
    return card


def bank_card(case: Case, rng: Random) -> Sheet:
    person = case.payee
    ground = rng.choice(BANK_GROUNDS)
    pale = sum(ground) > 480
    ink: Colour = (40, 40, 45) if pale else (240, 240, 235)
    card = Sheet(CARD, ground, "hei")
    _waves(card, rng, ground)
    card.draw.ellipse((40, 36, 100, 96), outline=ink, width=8)
    card.text(120, 40, person.bank_name, 44, "hei", ink)
    card.text(
        122,
        96,
        rng.choice(("储蓄卡", "借记卡", "工会会员服务卡", "龙卡通", "DEBIT CARD")),
        24,
        "hei",
        ink,
    )
    card.draw.rounded_rectangle(
        (70, 165, 170, 240), 12, fill=(212, 180, 95), outline=(150, 120, 60), width=3
    )
    _emboss(card, 70, 290, in_fours(person.card_number), 48, ink)
    card.text(70, 378, "VALID THRU", 15, "hei", ink)
    card.text(180, 368, f"{rng.randrange(1, 13):02d}/{rng.randrange(27, 36)}", 28, "hei", ink)
    if rng.random() < 0.3:
        card.text(70, 430, person.name, 30, "hei", ink)
    card.draw.rounded_rectangle((660, 410, 810, 505), 12, fill=(230, 235, 240))
    card.text(735, 424, "银联", 36, "hei", (20, 90, 130), "ma")
    card.text(735, 468, "UnionPay", 24, "hei", (190, 30, 40), "ma")
    card.text(70, 506, "样例 虚构", 16, "hei", ink)
    return card


def copied(cards: list[Sheet], rng: Random) -> Sheet:
    """Cards copied on a white page: about life-size, often in grey."""
    page = Sheet(A4)
    y = rng.randrange(150, 330)
    for card in cards:
        wide = rng.randrange(500, 580)
        small = card.image.resize((wide, wide * CARD[1] // CARD[0]), Image.Resampling.LANCZOS)
        page.image.paste(small, ((A4[0] - wide) // 2 + rng.randrange(-60, 60), y))
        y += small.height + rng.randrange(70, 160)
    if rng.random() < 0.6:
        page.image.paste(page.image.convert("L").convert("RGB"))
    page.text(
        A4[0] / 2,
        y + 60,
        rng.choice(("复印件与原件一致", "仅供办理职工互助保障使用", "")),
        30,
        "kai",
        anchor="ma",
    )
    page.made_up(rng)
    return page


def _ground(rng: Random) -> Sheet:
    card = Sheet(CARD, (226, 238, 244), "hei")
    for line in range(-600, 900, 22):
        shade = rng.randrange(-6, 7)
        colour = (208 + shade, 228 + shade, 238)
        card.draw.arc((line, -200 + shade, line + 900, 760), 150, 260, fill=colour, width=2)
    return card


def _pair(card: Sheet, x: int, y: int, label: str, value: str, size: int) -> None:
    card.text(x, y + (size - 25) // 2, label, 25, "hei", LABEL)
    card.text(x + 95, y, value, size, "hei")


def _portrait(card: Sheet, rng: Random) -> None:
    grey = rng.randrange(120, 160)
    card.draw.rectangle((575, 70, 800, 380), fill=(232, 234, 238))
    card.draw.ellipse((630, 110, 745, 255), fill=(grey + 60, grey + 45, grey + 35))
    card.draw.pieslice((622, 90, 753, 230), 180, 360, fill=(40, 38, 40))
    card.draw.pieslice((580, 265, 795, 495), 180, 360, fill=(60, 70, grey))


def _bureau(person: SamplePerson) -> str:
    place = person.address.removeprefix("吉林省")
    if "区" in place[:7]:
        city, county = place.split("市", 1)
        return f"{city}市公安局{county[: county.index('区')]}区分局"
    return place[: place.index("市") + 1] + "公安局"


def _waves(card: Sheet, rng: Random, ground: Colour) -> None:
    light = tuple(min(255, part + 8) for part in ground)
    for _ in range(6):
        x, y, wide = rng.randrange(-200, 800), rng.randrange(-200, 500), rng.randrange(200, 700)
        card.draw.ellipse((x, y, x + wide, y + wide), outline=light, width=rng.randrange(2, 26))


def _emboss(card: Sheet, x: int, y: int, words: str, size: int, ink: Colour) -> None:
    """Raised digits: a dark edge below, the ink on top."""
    card.text(x + 2, y + 2, words, size, "hei", (30, 30, 35))
    card.text(x, y, words, size, "hei", ink)
