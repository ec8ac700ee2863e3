"""How a description is written, brought to plain sentences: numbers and titles before its parts, quotations, faces, slips.

Generic Chinese; knows no policy, and not what the sentences say.
"""

import re
from collections.abc import Callable

from conversations.language.entries import BARE_NUMBER, in_order
from conversations.language.lexicon import lexicon
from conversations.language.text import (
    Plain,
    breathing,
    headless,
    in_declared_unit,
    in_unit_before,
    paused,
    plain,
    with_years_told,
)
from knowledge.patterns import regex

_ZH = lexicon("persons")
_KIN = _ZH["kin"].pattern
_NAMED_BEHIND = regex(
    r"(?<=[平方米万亿元件家人台亩])[(（]([^()（）\d]{1,8}[额积入资量费价数])[)）]"
)  # 2.2万平方（建筑面积）
_SAID_SO = regex(r"[:：][“\"「](?=[^”\"」“「]*[，,。我])([^”\"」“「]*)([”\"」]?)")  # 老板：“…”, not a name
_NUMBERED = regex(
    r"(?:(?<=^)|(?<=[:：;；。，,\s]))[（(]?[1-9一二三四五六七八九][、.．)）](?:(?!\d)|(?=(?:19|20)\d\d *年))"
)  # 1、注册地…
CIRCLED = regex("[①-⑳]")
_IN_WORDS = regex(  # 其一，…；其二，…: they count only one after another
    r"(?:(?<=^)|(?<=[:：;；。，,\n]))(?:其[一二三四五六]|第[一二三四五六]|[一二三四五六]是)(?:(?<=是)|[，,：:、])"
)
_TITLES = regex(  # 【基本情况】…【荣誉】…, 问：…？答：…
    r"(?:(?<=^)|(?<=[。；，,\n？?]))(?:【[\u4e00-\u9fff]{2,8}】|[问答][:：])"
)
ENTRY_MARK = regex(f"{CIRCLED.pattern}|[(（]?[1-9一二三四五六七八九][、.．)）]|{_IN_WORDS.pattern}")
"""What stands before the entries of a list."""
_ENTRY_OF = regex(r"(?:(?<=^)|(?<=[。；，,\n]))第[\d一二三四五六七八九十]{1,3}[条点][:：]")  # 第3条：今年合计…
_OF_THEM = regex(  # 三栋里头只有航海路的…: which one it is follows
    r"(?:(?<=^)|(?<=[。；，,\n]))[这那]?[两俩三仨四五六几\d](?:个|栋|座|幢|家|处)?(?:试点|项目|楼|园区?)?(?:里头?|里面|里边|当中|之中|中)(?:目前|现在)?(?:就|只|仅|唯独|唯有|是)*有?(?=[^，,。；]{2,10}(?:的|座|栋|那|号|拿|评|进|列|认|有))"
)
_SOURCE = regex(  # 绿苗通的总投资我叔说是1750万
    rf"(?<=[\u4e00-\u9fff]{{2}})(?<![跟和与给对听把问])(?:我|俺|咱)们?家?的?(?:{_ZH['insider'].pattern}|{_KIN})(?:刚才?|又|后来)?(?:说|讲|告诉我)(?=[是按应])"
)
_ASIDE = regex(r"[(（](?!(?:单位)?[:：为]?[万亿]元)[^()（）\d]{1,16}[)）](?=[:：])")  # 证书费（年，签合同用）：1200
_SLASHED = regex(r"(?<=\S) +[/／] +(?=[\u4e00-\u9fff])")  # 园区 1个 / 楼宇 0 / 试点 0
_INDEED = regex("(?<=[万亿元件家平人])(?:没错|对的?)(?=就?是)")  # 那个39亿没错是结算额
_BY_VOICE = regex(  # 炒货厂语音说啊
    r"(?:我?(?:发|用)?语音(?:说|发|讲)?|不方便打字)(?:了|啊|哈|吧|呀|的)*(?=[，,。\s]|$)"
)
_FACES = regex(
    r"[\U0001f300-\U0001faff]+|\[[\u4e00-\u9fff]{1,3}\](?=$|[\s，,。！!?？\[])"
)  # 😂, [微笑]: they part clauses
_FORM = regex(r"(是否[^，,。:：;；?？]{2,14})[:：]")
_OUR_SUBSIDIARY = regex(
    r"((?<!我们)(?:母公司|总公司|集团|总部)[^!?]{2,60})我们([^,。!?是有的]{0,4})子公司"
)  # 母公司有牌照，我们子公司没有
_BUT = regex(r"(?:(?<=^)|(?<=[,。!?;]))不过(?![\d一二两三四五六七八九十])")
_HELPED = regex(  # 儿子帮着在网上卖: who lends a hand to us
    rf"(?<![\u4e00-\u9fff])(?:现在|平时|都是|主要|货|是|[我俺咱]们?|家里?|店里|的)*(?:[大小二老]?(?:{_KIN})|年轻人|小年轻|徒弟|员工|小姑娘|小伙子?|姑娘|外甥女?|几个人)(?:们|也|就|都|平时|现在)*(?:帮(?:着|忙|衬|[我俺咱]们?)(?=[在搁挂放发弄打看]|上[架传])"
    r"|(?:帮|教|给|替)[我俺咱]们?(?=[开弄整办搞][的了个一]{0,3}小?(?:网?店|账号|执照|铺子|小程序|公司)))"
)
_DOOR = regex("(?<=[我你他她咱俺])门(?![店口窗市头诊面类槛户脸铺])")  # 我门厂: typed by its sound
_DIALECT = str.maketrans("搁哩嘞恁喔", "在的的你哦")
_N = r"[\d一二两三四五六七八九十百千万亿.]"
_TWO_ENDS = regex(  # 600万以上、不到650万: one span in two parts
    rf"((?:{_N}[元块平米件家台人]*(?:[以之往朝]上|开外|出头|多)|(?:超过?|高于|大于|多于|[不没]低于|不少于|不止){_N}{{1,12}}[元块平米件家台人]*)的?)[、,]"
    rf"(?=(?:{_N}{{1,12}}[元块平米件家台人]*(?:不到|以内|以下|之内)|不到|没到|未到|不足|不满|没满|低于|少于|小于|[不没未]超过?|最多|至多|顶多)(?:{_N}|(?<=[到内下])))"
)
_RHETORICAL, _SOME_SUCH = lexicon("clauses")["rhetorical"], lexicon("clauses")["some_such"]
_IS = regex(r"(?:(?<=^)|(?<=[,。]))系(?=[\d一二两三四五六七八九])")  # 系220万


def written_plainly(text: str, respelt: Callable[[str], str]) -> Plain:
    """The plain form of ``text``, each of its parts a sentence, its slips set right by ``respelt``."""
    marked = _FACES.sub(lambda match: "，" * len(match[0]), re.sub(r"[\r\n|｜]", "。", text))
    marked = _SLASHED.sub(lambda match: "。" * len(match[0]), marked)
    marked = _BY_VOICE.sub(lambda match: "，" * len(match[0]), marked)
    marked = _ASIDE.sub(lambda match: " " * len(match[0]), marked)
    marked = _NAMED_BEHIND.sub(r"的\1，", marked)
    marked = _SAID_SO.sub(lambda match: f"。。{match[1]}{'。' * len(match[2])}", marked)
    marked = headless(marked)
    marked = _OF_THEM.sub(lambda match: "。" * len(match[0]), marked)
    marked = _ENTRY_OF.sub(lambda match: "。" * len(match[0]), marked)
    marked = _FORM.sub(r"\1？", marked)
    marked = _NUMBERED.sub(lambda match: "。" * len(match[0]), marked)
    for marks in (CIRCLED, _IN_WORDS, BARE_NUMBER):
        numbers = in_order([mark[0] for mark in marks.finditer(marked)])
        marked = marks.sub(lambda match: "。" * len(match[0]), marked, numbers) if numbers else marked
    if len(_TITLES.findall(marked)) > 1:
        marked = _TITLES.sub(lambda match: "。" * len(match[0]), marked)
    marked = _SOURCE.sub(lambda match: "就" * len(match[0]), marked)
    form = with_years_told(in_unit_before(in_declared_unit(breathing(plain(paused(marked))))))
    right = _IS.sub("是", respelt(_TWO_ENDS.sub(r"\1且", _DOOR.sub("们", form.text.translate(_DIALECT)))))
    right = _INDEED.sub(lambda match: "也" * len(match[0]), right)
    right = _OUR_SUBSIDIARY.sub(lambda match: f"{match[1]}我们本公司{'呢' * len(match[2])}", right)
    right = _SOME_SUCH.sub(lambda match: match["that"].ljust(len(match[0]), "的"), right)
    right = _RHETORICAL.sub(lambda match: _none(match[0]), right)
    right = _HELPED.sub(lambda match: "就" * len(match[0]), _BUT.sub("但是", right))
    return Plain(text, right, form.at)


def _none(asked: str) -> str:
    """A question that denies as the denial that it is, as long as it was."""
    end = "。" if asked.endswith("?") else ""
    return "没有".ljust(len(asked) - len(end), "呢") + end
