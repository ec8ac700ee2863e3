"""Days that have a name: on the same day of every year (国庆节, 双十一), by the moon (中秋, 端午), or told by none here (母亲节).

A holiday of several days (国庆, 五一), or one by the moon, is one day only where that is said (国庆节当天). The lunar
calendar is a package's. Knows no fact.
"""

from datetime import date

from knowledge.patterns import regex

_FIXED = (
    (r"元旦", 1, 1),
    (r"情人节", 2, 14),
    (r"三八(?:国际)?(?:妇女)?节|(?:国际)?妇女节|三八", 3, 8),
    (r"植树节", 3, 12),
    (r"愚人节", 4, 1),
    (r"五一(?:国际)?(?:劳动)?节|(?:国际)?劳动节|五一", 5, 1),
    (r"五四(?:青年)?节|青年节", 5, 4),
    (r"六一(?:国际)?(?:儿童)?节|儿童节|六一(?!八)", 6, 1),
    (r"六一八|618|6[.·]18", 6, 18),
    (r"七一(?:建党)?节|建党节|七一", 7, 1),
    (r"八一(?:建军)?节|建军节|八一", 8, 1),
    (r"教师节", 9, 10),
    (r"(?:十一)?国庆节?|十一(?=(?:的?[那当这]|长|黄金|期间|假)|[,。]|$)", 10, 1),
    (r"双(?:十一|11)|光棍节", 11, 11),
    (r"双(?:十二|12)", 12, 12),
    (r"平安夜", 12, 24),
    (r"圣诞节?(?!树|老)", 12, 25),
)
_LONG = regex(r"五一|劳动|国庆|十一")
"""Holidays of several days: who names one means the week as often as the day."""
_NUMBERS = regex(r"[三五六七八十一]{2,3}|[\d.·]+")
"""Names that are numbers elsewhere: without a year they are days only where that is said."""

FEAST = rf"(?P<feast>{'|'.join(name for name, *_ in _FIXED)})"
"""A day that has a name."""
ON_THE_DAY = r"(?:的?(?:[那当这同]一?[天日晚]|正日子|[零〇]点|凌晨))"
ABOUT_THEN = (
    r"(?:节?的?(?:小?长?假期?|黄金周|期间|[那这](?:[几两][天日]|会|阵|段|时候|周)|当口|大?促销?|活动|时候|放假|档期?|当周|当月"
    r"|前夕|前夜|[前后]?(?:一|二|两|三|几|好几)[天日晚周]|(?:第|次|隔|翌|头)[一二三四五六七几]?[天日]))"
)
"""What stands behind the name of a day and makes it some day about then, or the next."""
MOVABLE = r"(?:春节|端午|中秋|清明|元宵|七夕|重阳|腊八|除夕|小年(?!轻)|年三十|大年|月饼节|母亲节|父亲节|感恩节|[冬夏]至|立[春夏秋冬]|春分|秋分|过年|年[前后](?![几多]))"
"""Days that lie elsewhere in every year."""


BY_THE_MOON = {"春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中秋": (8, 15), "重阳": (9, 9)}
"""The month and the day in the lunar calendar."""

_PATTERNS = tuple((regex(words), month, day) for words, month, day in _FIXED)


def day_of(name: str) -> tuple[int, int]:
    """The month and the day of the ``FEAST`` that is called so."""
    return next((month, day) for words, month, day in _PATTERNS if words.match(name))


def lasts_longer(name: str) -> bool:
    """Whether a ``FEAST`` is a holiday of several days."""
    return bool(_LONG.match(name))


def may_be_a_number(name: str) -> bool:
    """Whether the name of a ``FEAST`` is a number as well."""
    return bool(_NUMBERS.fullmatch(name))


def day_by_the_moon(name: str, year: int) -> date:
    """The day of ``year`` on which the feast ``BY_THE_MOON`` of that name fell."""
    from borax.calendars.lunardate import LunarDate  # pyright: ignore[reportMissingTypeStubs]

    return LunarDate(year, *BY_THE_MOON[name]).to_solar_date()
