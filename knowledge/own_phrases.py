"""How people speak of what a pack has no phrases for: made of what it says of each fact, and of each list.

A label, the names and the listed answers of a fact tell what it is called; how such a name stands in a sentence is the same
in every pack. What a pack writes itself goes before. Knows no policy.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from knowledge.mentions import FactMentions, Mentions, SubjectMentions
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy, Subject

_SIGNS = regex(r"[（(][^（）()]*[）)]|[^\w%.+、/]")
_HEAD = regex(
    r"^(?:上一?年度|本年度|当年|去年|近[一二两三]年|全年|每年|一年|年度|年(?!薪)|目前|现在|已经|已|是否|新认定的?|新|实际|累计|自有|企业|单位|公司|本|有)的?"
)
_DONE_TO = regex(
    r"^(?:被认定为|被评为|认定为|评为|被列入|列入|受到|受过|发生过?|存在|取得|获得|获评|获批|获|通过|持有|具有|拥有|设有|设立|建有|建成|办理|实施|开展|完成|参加|属于|是|被|有)了?"
)
_TAIL = regex(
    r"(?:实际到账额|总金额|总额|金额|费用|费|(?<!名)额|总数|数量|人数|人次|家数|台数|总量|占比|比例|比重|建筑面积|使用面积|面积|装?机?容量|规模|支出|投入|款项|收入|来源|方式|类型|类别|种类|性质|级别|等级|档次|日期|时间|年限|年数|期限|情况)"
)
_TAIL_AT_END = regex(rf"{_TAIL.pattern}$")
_REGISTERED = regex("注册|登记")
_KIND_AT_END = regex("(?:项目|产品)$")
_GIVEN = ("奖励", "补助", "补贴", "奖", "支持", "政策", "资金")
_PAPER = regex("[证照]$")
_LAST_YEAR = regex("上一?年度?|去年")
_CATEGORY = regex(r"(?:企业|单位|机构|平台|公司|工厂|园区|基地|组织|合作社|会员|商户)$")
_WRONG = regex("处罚|事故|违法|违规|欠薪|欠税|失信")
_PLACED = regex(
    r"(?P<at>本市|本县|本区|本省|[\u4e00-\u9fff]{2,6}?(?:市|县|区|州|省|旗|镇|乡))(?:内|范围内|依法|境内)*(?:登记|注册)"
)
_PLACE_KIND = "市县区州省旗镇乡"
_LEADS_TO_PLACE = regex(r"^.*?(?:是不是|是否|是|在|于)(?=.{2,})")
_IDLE = regex(
    "还没有?|没有?|不是?|未|无|都|也|的|了|过|是|有|做|办|领|拿|到|在|还|被|才|刚|已经?|报|申请|第一[次回]|头一?[次回]|首次|从来?|以前|任何|其他|其它|别的|一[家个分件]|这类|业务|提供"
)
_LEVEL = regex(
    r"^(?:国家|省|市|县|区|州|部)[级里市]?$|^[一二三四五1-5][级档类]$|^[a-z0-9]{1,3}级?$|^[优良中差高低大小上下]等?$"
)
_NONE = regex(r"^(?:都?没|都?不|无|未|尚未)")
_SHORT, _SURE, _LONG = 2, 3, 4
"""So many characters has a name beside which something is said; so many one that says something by itself; so many a choice
that needs no name beside it."""
_TRADE = ("行业", "产业", "领域", "业态")


def with_own_phrases(mentions: Mentions, policy: Policy) -> Mentions:
    """``mentions`` with phrases for the facts of the enterprise, and for the lists, of which they say nothing."""
    spoken = {each.fact for each in mentions.facts}
    asked = [fact for fact in policy.facts if fact.derive is None and fact.type != "text"]
    own = [fact for fact in asked if fact.subject not in policy.lists]
    stems = {fact.id: _stems(fact.label) for fact in asked}
    told = Counter((fact.type, stem) for fact in asked for stem in stems[fact.id])
    facts = [
        _spoken(fact, [stem for stem in stems[fact.id] if told[fact.type, stem] == 1])
        for fact in own
        if fact.id not in spoken
    ]
    facts += [_that_tells_apart(fact) for fact in asked if fact.subject in policy.lists and _tells_apart(fact, spoken)]
    named = {each.subject for each in mentions.subjects}
    longer = [
        *(word for fact in asked for word in (fact.label, *fact.reads.names)),
        *(p.label for p in policy.programmes),
    ]
    labels = {fact.label for fact in own}
    things = [_things(each, longer, labels) for each in policy.subjects if each.many and each.id not in named]
    taken = [_apart_from(each, asked, spoken) if each.fact in policy.taken else each for each in mentions.facts]
    more = {"facts": (*taken, *facts), "subjects": (*mentions.subjects, *things)}
    return mentions.model_copy(update=more) if facts or things else mentions


def _apart_from(said: FactMentions, facts: Sequence[Fact], spoken: Collection[str]) -> FactMentions:
    """How people speak of a shared fact, which is not named within the name of one that has no phrases: 绿色工厂."""
    names = (_SIGNS.sub("", fact.label) for fact in facts if fact.id not in spoken)
    return said.model_copy(update={"hidden": (*said.hidden, *(name for name in names if len(name) >= _LONG))})


def _spoken(fact: Fact, stems: Sequence[str]) -> FactMentions:
    """How people speak of ``fact``, which alone of its kind is called by ``stems``."""
    match fact.type:
        case "place":
            says = ("{registration}",) if _REGISTERED.search(fact.label) else ("位于/坐落/落户",)
            return FactMentions(fact=fact.id, says=says)
        case "bool":
            return _of_truth(fact)
        case "choice":
            return _of_choice(fact, stems)
        case _:
            return _of_figure(fact, stems)


def _of_figure(fact: Fact, stems: Sequence[str]) -> FactMentions:
    """A figure stands beside what it is of; that there is nothing of that is 0. Days, counts and figures by year are read by
    the names of their facts already."""
    names = tuple(dict.fromkeys((*stems, *_plain(fact.reads.names))))
    apart = fact.type in ("count", "date") or fact.by_year
    zero = fact.spec.numeric and not fact.by_year and not fact.minimum and fact.type != "years"
    none = (
        [phrase for name in names for phrase in (f"{name} {{none_of}} |", f"| {{no_such}} {name} |")] if apart else []
    )
    return FactMentions(
        fact=fact.id,
        says=tuple(stems) if apart else names,
        denies=(*_sure(fact.reads.zero), *none) if zero else (),
        zero=zero,
        this_year=fact.reads.period == "this_year",
    )


def _of_truth(fact: Fact) -> FactMentions:
    """What a yes-or-no fact is called says nothing before it is said that there is such a thing; what it is to be so does."""
    label = _without_head(_SIGNS.sub("", fact.label))
    core = label
    while (found := _DONE_TO.match(core)) and len(core) - found.end() >= _SHORT:
        core = core[found.end() :]
    yes, no = _own_answers(fact)
    if placed := next((m for text in (label, fact.question, *fact.yes) if (m := _PLACED.search(text))), None):
        here = _here(placed["at"])
        says = (f"{{registration}} {here}", f"| {{us}} 在/是 {here}(本地)(的) |", f"{here}(本地)(的)[企业/公司]")
        return FactMentions(fact=fact.id, says=(*yes, *says), denies=(*no, "{registration} {place}/{away}"))
    called = [name for name in (core, _short_of(core), *_names_in(fact.yes)) if len(name) >= _SHORT]
    says = [label] if core != label or _CATEGORY.search(label) else []
    wrong = [m[0] for m in [_WRONG.search(core)] if m]
    return FactMentions(
        fact=fact.id,
        says=tuple(
            dict.fromkeys((*yes, *says, *(f"{{having}} {name}(证书/证/资质/资格/称号/牌子/认定)" for name in called)))
        ),
        named=tuple(dict.fromkeys((*called, *wrong))),
        denies=no,
        unless=("前年/前几年/今年/往年",) if _LAST_YEAR.search(fact.label) else (),
    )


def _own_answers(fact: Fact) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The listed answers that are of this fact alone: they say more than yes or no, or a word of its label."""

    def own(words: Iterable[str]) -> tuple[str, ...]:
        told = [(word, _IDLE.sub("", word)) for word in _plain(words) if len(word) >= _SURE]
        kept = [word for word, rest in told if len(rest) >= _SHORT or (rest and rest in fact.label)]
        return tuple(f"被 … {word[1:]}" if word[0] == "被" and len(word) > _SHORT else word for word in kept)

    return own(fact.yes), own(fact.no)


def _names_in(answers: Iterable[str]) -> list[str]:
    """What the answers call the thing itself: 高企."""
    return [word for word in _plain(answers) if len(word) == _SHORT and len(_IDLE.sub("", word)) == _SHORT]


def _short_of(name: str) -> str:
    """A long name without its middle: 博士后(科研)工作站, 排污(许可)证."""
    if _PAPER.search(name) and len(name) > _LONG:
        return f"{name[:_SHORT]}({name[_SHORT:-1]}){name[-1]}"
    if len(name) > _SURE + _SURE and not _CATEGORY.search(name):
        return f"{name[:_SURE]}({name[_SURE:-_SURE]}){name[-_SURE:]}"
    return name


def _of_choice(fact: Fact, stems: Sequence[str]) -> FactMentions:
    """The choices beside what the fact is called; where they tell a trade, or are long enough, by themselves."""
    none = (
        fact.choices[-1]
        if fact.choices and (fact.choices[-1].id == "none" or _NONE.match(fact.choices[-1].label))
        else None
    )
    words = {each.id: _plain((each.label, *each.synonyms)) for each in fact.choices if each is not none}
    trade = not fact.granted and fact.label.endswith(_TRADE)
    if trade:
        words = {choice: tuple(word for word in said if len(word) >= _SURE) for choice, said in words.items()}
    stems = [*stems, *(_short_of(stem) for stem in stems)]
    long = [word for said in words.values() for word in said if len(word) >= _LONG and not _LEVEL.search(word)]
    return FactMentions(
        fact=fact.id,
        says=() if trade else tuple(dict.fromkeys((*stems, *_plain(fact.reads.names), *long))),
        choices=words,
        nothing=none.id if none else None,
    )


def _tells_apart(fact: Fact, spoken: Collection[str]) -> bool:
    """Whether the things of a list are called by the choices of ``fact``: 一个博士, 余热利用那个; not by levels, as others have
    them, too."""
    words = [word for choice in fact.choices for word in (choice.label, *choice.synonyms)]
    return bool(words) and fact.id not in spoken and not any(map(_LEVEL.search, words))


def _that_tells_apart(fact: Fact) -> FactMentions:
    return _of_choice(fact, ()).model_copy(update={"says": (), "identifies": True})


def _things(subject: Subject, longer: Sequence[str], facts: Collection[str]) -> SubjectMentions:
    """What a thing of a list is called, with and without the word for its kind (节能改造项目) where that names no one of the
    ``facts``; in the names of other things, which are ``longer``, it is not."""
    label = _SIGNS.sub("", subject.label)
    others = {word for each in longer if label in (word := _SIGNS.sub("", each)) and word != label}
    others |= {f"{stem}{word}" for word in _GIVEN} if (stem := _KIND_AT_END.sub("", label)) != label else set()
    kind = _KIND_AT_END.search(label)
    stem = label[: kind.start()] if kind else ""
    short = [stem] if len(stem) >= _LONG and not any(stem in each and label not in each for each in facts) else []
    return SubjectMentions.model_validate(
        {"subject": subject.id, "nouns": (label, *short), "not": tuple(sorted(others))}
    )


def _here(at: str) -> str:
    """A place as people call it: 澜湾 for 澜湾市."""
    if at[0] == "本":
        return "{here}"
    at = _LEADS_TO_PLACE.sub("", at)
    return f"{at[:-1]}({at[-1]})" if at[-1] in _PLACE_KIND and len(at) > _SHORT else at


def _stems(label: str) -> list[str]:
    """What is left of a ``label`` that is what the fact is about: 能源管理中心 of 能源管理中心投入."""
    if "、" in label:
        return []
    found = [_SIGNS.sub("", label), word := _without_head(_SIGNS.sub("", label))]
    for part in (word, word.rpartition("的")[2]):
        while (tail := _TAIL_AT_END.search(part)) and tail.start():
            found.append(part)
            part = part[: tail.start()].removesuffix("的")
        found.append(part)
    return [each for each in dict.fromkeys(found) if len(each) >= _SURE or each == found[0]]


def _without_head(label: str) -> str:
    """A label without what says of when, or whose, it is."""
    while (head := _HEAD.match(label)) and len(label) - head.end() >= _SURE:
        label = label[head.end() :]
    return label


def _plain(words: Iterable[str]) -> tuple[str, ...]:
    """``words`` without signs that mean something in a phrase."""
    return tuple(plain for word in words if len(plain := _SIGNS.sub("", word).replace("/", "")) >= _SHORT)


def _sure(words: Iterable[str]) -> tuple[str, ...]:
    """Those of ``words`` that say something of one matter alone: 没装光伏, not 没领过."""
    return tuple(word for word in _plain(words) if len(word) >= _SURE and len(_IDLE.sub("", word)) >= _SHORT)
