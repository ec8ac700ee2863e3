"""What a document says of itself, for policy.yaml: number, title, who issued it and when, how long it is valid, and so on.

Found by the forms that such words have in all official documents. Knows no policy.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge.drafting_figures import days_in, spans
from knowledge.drafting_marks import without_mark
from knowledge.drafting_yaml import suggested, wanted
from knowledge.patterns import regex
from knowledge.places import places_called
from knowledge.policy import YOU
from knowledge.quoted import stated

_NUMBER = regex(r"[\u4e00-\u9fffA-Za-z]{1,12}[〔\[【（(]\s*\d{4}\s*[〕\]】）)]\s*第?\d{1,5}号")
_KINDS = r"通知|意见|办法|措施|政策|规定|细则|方案|规划|决定|条例|公告|通告|指南|条款|计划|制度"
_TITLE = regex(rf"(?:{_KINDS})(?:[（(][^）)]{{1,12}}[）)])*$")
_ISSUER = regex(
    r"([\u4e00-\u9fff]{2,20}?(?:人民政府办公[厅室]|人民政府|管理委员会|管委会|委员会|办公[厅室]|[\u4e00-\u9fff]{2,12}?局|[\u4e00-\u9fff]{2,8}?[厅委部]))(?:关于|文件|印发|$)"
)
_PLACE = regex(r"^([\u4e00-\u9fff]{1,7}?(?:自治区|特别行政区|自治州|自治县|省|市|县|区|旗|盟))")
_SENTENCE = regex(r"[^。！？\n]+")
_IN_FORCE = regex(r"(?:起|之日起)(?:正式)?(?:施行|实施|执行|生效)|有效期|有效期限|施行期限|(?:废止|失效)")
_ISSUED = regex(r"自(?:印发|发布|公布|下发)之日起")
_LASTS = regex(
    r"有效期(?:限)?(?:为|至|暂定)?\D{0,4}?([一二两三四五六七八九十\d]+)(年|个月)|(?:施行|实施|执行)([一二两三四五六七八九十\d]+)(年|个月)"
)
_CALL = regex(r"申报|申请|受理|报名")
_EVERY_YEAR = regex(r"每年(?:度)?的?(\d{1,2})月(\d{1,2})日起?[至到—－~-]+(?:当年|同年|次年)?(\d{1,2})月(\d{1,2})日")
_SOME_DAY = regex(
    r"\d{1,2}月(?:\d{1,2}日|底|初|[中上下]旬|份|前|至|到)|季度|\d+个?工作日内|(?:常年|全年|随时|长期)(?:受理|申报|申请)"
)
"""What says when one can apply, be it without a year."""
_ACROSS = regex(r"就高不(?:就低|重复)|从高不重复|不重复(?:享受|奖励|补助|支持)|择高")
_ONE_OF = regex(r"不重复(?:享受|奖励|补助|支持)|不(?:得)?同时享受|不兼得|只能选择|择一|就高")
_HEADING = 8
_WHICH = "写上只能拿一项的那几项的 id；说的是同一个项目只拿一次，就改写成 cumulation"
_OTHERS = regex(r"其他|其它|同类|上级|各级|另有")
_PRO_RATA = regex(r"按比例|同比例")
_REVIEW = regex(r"评审|评选|择优|名额|审核.{0,20}(?:公示|拨付)")
_DEMANDS = regex(
    r"适用(?:于|本)|不适用|不(?:再)?享受|不予(?:支持|奖励|补助)?|不得(?:享受|申报|申请)|应当(?:同时)?(?:符合|具备|满足)|须(?:符合|具备|满足)"
)
_REFUSES = regex(r"不适用|不(?:再)?享受|不予|不得")
_LEAD = regex(
    r"(?:由|^)([\u4e00-\u9fff]{0,12}?[市区县省州][\u4e00-\u9fff]{0,14}?(?:局|委|办|厅|中心|部门))(?=[、，。会负牵组受审])"
)
_TRIM = "，；：。、"
_UNITS = {"年": "years", "个月": "months"}


@dataclass(slots=True)
class Head:
    """The fields of policy.yaml that the text tells; what it does not is for a person."""

    number: str = ""
    title: str = ""
    issuer: str = ""
    printed: date | None = None
    area: str | None = None
    lead: str = ""
    valid: dict[str, object] | None = None
    calls: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    across: dict[str, object] | None = None
    selection: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    requires: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    limits: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    used: set[str] = field(default_factory=set[str])
    """The sentences that these rest on."""
    every_year: list[tuple[list[int], dict[str, object]]] = field(
        default_factory=list[tuple[list[int], dict[str, object]]]
    )
    """The calls without a year: month and day of the first and of the last day, and where that stands."""
    dated: bool = False
    """Whether the text says when one can apply."""


def head_of(own: Sequence[str], clauses: Iterable[tuple[str, str]]) -> Head:
    """The head: ``own`` are the lines of the document's own data, ``clauses`` the ids and texts of the others."""
    found = Head()
    lines = [line.strip() for line in own if line.strip()]
    found.number = next((spans(match[0]) for line in lines if (match := _NUMBER.search(line))), "")
    found.title = _title(lines)
    found.printed = _printed(lines)
    found.issuer = _issuer(lines, found.title)
    place = _PLACE.match(found.issuer) or _PLACE.match(found.title)
    if place:
        codes = places_called(place[1])
        found.area = codes[0] if len(codes) == 1 else None
    for clause, text in clauses:
        for paragraph in text.split("\n"):
            for match in _SENTENCE.finditer(without_mark(paragraph)):
                _read(found, clause, match[0].strip(_TRIM))
    return found


def _read(found: Head, clause: str, sentence: str) -> None:
    """What one sentence says of the document as a whole."""
    at: dict[str, object] = {"clause": clause, "quote": sentence}
    days = [day for day in days_in(sentence) if day.day.count("-") == 2]
    applying = bool(_CALL.search(sentence))
    found.dated = found.dated or (applying and bool(days or _SOME_DAY.search(sentence)))
    if _IN_FORCE.search(sentence) and found.valid is None and (valid := _valid(sentence, found.printed)):
        found.valid = valid | at
        found.used.add(sentence)
    elif applying and len(days) > 1 and days[0].day < days[1].day:
        found.calls.append({"from": days[0].day, "to": days[1].day, **at})
        found.used.add(sentence)
    elif applying and (yearly := _EVERY_YEAR.search(sentence)):
        found.every_year.append(([int(part) for part in yearly.groups()], at))
        found.used.add(sentence)
    if _ACROSS.search(sentence) and _OTHERS.search(sentence):
        found.across = found.across or {"rule": "highest", **at}
    elif _ONE_OF.search(sentence) and len(sentence) > _HEADING:
        found.limits.append({"kind": "highest", "of": [wanted(_WHICH)], **at})
    kind = (
        "pro_rata"
        if _PRO_RATA.search(sentence) and "预算" in sentence
        else "review"
        if _REVIEW.search(sentence)
        else ""
    )
    if kind:
        found.selection.append({"kind": kind, **at})
    if demands(sentence) and not _ONE_OF.search(sentence):
        found.requires.append(at)
        found.used.add(sentence)
    lead = _LEAD.search(sentence)
    if lead and not found.lead:
        found.lead = lead[1]


def demands(words: str) -> bool:
    """Whether ``words`` say what somebody must be or do, or who gets nothing."""
    return bool(_DEMANDS.search(words))


def demanded(at: dict[str, object], fact: str | None) -> dict[str, object]:
    """What a sentence demands of all: of this fact, or of one that a person names."""
    sentence = str(at["quote"])
    told = "哪一个事实（facts.yaml 里的 id）；上面已经写全了，或者不是条件，就删去这一条"
    named = suggested(fact) if fact else wanted(told)
    condition: dict[str, object] = {"kind": "holds", "fact": named, "quote": sentence}
    refuses = _REFUSES.search(sentence)
    return {"condition": {"kind": "not", "condition": condition} if refuses else condition, **at}


def fields(
    head: Head, ident: str, limits: Sequence[dict[str, object]], not_modelled: Sequence[dict[str, object]]
) -> Iterator[tuple[str, object]]:
    """The fields of policy.yaml in their order."""
    number = head.number or head.title or "这份文件"
    lead = head.lead or head.issuer or "发文机关"
    yield "id", ident
    yield "version", "1"
    if head.number:
        yield "number", head.number
    yield "title", head.title or wanted("文件的标题")
    place = _PLACE.match(head.title)
    guess = suggested(f"{place[1]}人民政府") if place else wanted("发文机关的全称")
    yield "issuer", head.issuer or guess
    if head.printed:
        yield "printed", head.printed
    yield "lead", suggested(head.lead) if head.lead else wanted("由谁受理申报，比如市里的哪个局")
    if head.area:
        yield "area", head.area
    yield "coverage", "whole"
    yield "greeting", suggested(f"您好，我可以帮您查{number}里有哪些支持适合{YOU}。")
    yield "next_steps", [suggested(f"先问{lead}什么时候受理。")]
    yield "subjects", [{"id": "enterprise", "label": "企业"}]
    yield (
        "screening",
        {"question": suggested(f"{YOU}属于下列哪些情形？可多选。"), "help": "也可以直接提问。", "options": []},
    )
    provisions = {
        "valid": head.valid,
        "calls": [*head.calls, *_yearly(head)],
        "across": head.across,
        "selection": head.selection,
        "requires": head.requires,
        "limits": [*head.limits, *limits],
        "not_modelled": not_modelled,
    }
    yield from ((name, value) for name, value in provisions.items() if value)
    text = suggested(f"文件没有写申报期限，请先问{lead}。")
    notices = [] if head.dated else [{"id": "deadline", "clause": "meta", "text": text}]
    yield "notices", notices


def _yearly(head: Head) -> Iterator[dict[str, object]]:
    """The calls that come every year, from the first time on since the document is in force."""
    start = str((head.valid or {}).get("from") or head.printed or "")
    for (month, day, last_month, last_day), at in head.every_year:
        year = int(start[:4]) if start else 0
        over = (last_month, last_day) < (month, day)
        if start and not over and f"{last_month:02}-{last_day:02}" < start[5:10]:
            year += 1
        days = [f"{year}-{month:02}-{day:02}", f"{year + over}-{last_month:02}-{last_day:02}"]
        told = "第一次的年月日，年份看文件从哪一年起施行"
        first, last = map(suggested, days) if year else (wanted(told), wanted(told))
        yield {"from": first, "to": last, "every": "year", **at}


def _title(lines: Sequence[str]) -> str:
    """The title: one line, or up to four that run on, the longest that ends as titles do."""
    found: list[str] = []
    for start in range(len(lines)):
        joined = ""
        for line in lines[start : start + 4]:
            if _NUMBER.fullmatch(spans(line)) or re.search(r"[。：:]$", line):
                break
            joined += line
            if _TITLE.search(joined) and len(joined) < 120:
                found.append(joined)
                break
    about = [title for title in found if "关于" in title]
    return (about or found or [""])[0].replace("\u3000", " ")


def _issuer(lines: Sequence[str], title: str) -> str:
    """Who issued it: before 关于 in the title, on the red head, or above the day."""
    for place, line in enumerate([title, *lines]):
        found = _ISSUER.match(spans(line))
        if found and (place == 0 or len(line) < 30):
            return found[1]
    return ""


def _printed(lines: Sequence[str]) -> date | None:
    """The day at the end, or the first in the head."""
    days = [day.day for line in lines for day in days_in(_arabic(spans(line))) if day.day.count("-") == 2]
    try:
        return date.fromisoformat(days[-1]) if days else None
    except ValueError:
        return None


def _arabic(line: str) -> str:
    """A day in Chinese numerals in digits: 二○二四年三月一日."""

    def digits(match: re.Match[str]) -> str:
        signs = "零一二三四五六七八九"
        year = "".join(str(signs.index(sign)) for sign in re.sub("[〇○]", "零", match[1]))
        month, day = (
            next((int(one.value) for one in stated(f"{part}个") if one.kind == "count"), 0)
            for part in match.groups()[1:]
        )
        return f"{year}年{month}月{day}日"

    return re.sub(
        r"([零〇○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日", digits, line
    )


def _valid(sentence: str, printed: date | None) -> dict[str, object] | None:
    """From when and how long the document is in force."""
    days = [day.day for day in days_in(sentence) if day.day.count("-") == 2]
    found: dict[str, object] = {}
    if days and re.search(r"自|从|起", sentence):
        found["from"] = days[0]
    elif _ISSUED.search(sentence) and printed:
        found["from"] = printed
    if len(days) > 1 and re.search(r"[至到]", sentence) and days[1] > days[0]:
        found["until"] = days[1]
    elif (lasts := _LASTS.search(sentence)) and "from" in found:
        number = next((one.value for one in stated(f"{lasts[1] or lasts[3]}个") if one.kind == "count"), None)
        if number:
            found["for"] = {_UNITS[lasts[2] or lasts[4]]: int(number)}
    elif len(days) == 1 and re.search(r"有效期.{0,3}至", sentence):
        found = {"until": days[0]}
    return found or None
