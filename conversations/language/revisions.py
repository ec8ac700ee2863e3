"""What a message does to what was said before, beside stating something: takes it back, puts it right, closes the list.

Generic Chinese; which item or fact is meant is the consultation's business.
"""

from conversations.language.lexicon import lexicon

_ZH = lexicon("revisions")
_UPSET = lexicon("upset")
_HOLDERS = lexicon("holders")
_LONGEST_CLOSING = 24


def tells_of_self(plain: str) -> bool:
    """Whether plain text tells something of the one who writes: in the first person, as done, or with a figure."""
    return bool(_ZH["tells_of_self"].search(plain))


def complains(plain: str) -> bool:
    """Whether plain text is an angry person's."""
    return bool(_UPSET["complains"].search(plain))


def is_grievance(plain: str) -> bool:
    """Whether a plain clause tells what happened to somebody, and is no abuse."""
    return bool(_ZH["happened"].search(plain)) and not _UPSET["abuse"].search(plain)


def several_firms(plain: str) -> bool:
    """Whether plain text speaks of several firms at once."""
    return bool(_ZH["several_firms"].search(plain))


def own(plain: str) -> bool:
    """Whether plain text states something of the writer's own: in the first person, as done, or as a figure."""
    return bool(_ZH["own"].search(plain))


def removes(plain: str) -> bool:
    """Whether plain text takes something back that was said: B座不算, 去掉吧."""
    return bool(_ZH["removes"].search(plain))


def not_to_note(plain: str) -> bool:
    """Whether a plain clause only bids not to write down what was just said: 先别记."""
    return bool(_ZH["not_to_note"].fullmatch(plain))


def tells_of_an_end(plain: str) -> bool:
    """Whether plain text tells of anything that it has ended: no clause of any other gives something up."""
    return bool(_ZH["gone"].search(plain))


def gives_up(plain: str) -> bool:
    """Whether a plain clause says of a thing that it points at that it is ours no more: 文旅那个撤了."""
    return bool(_ZH["given_up"].search(plain))


def keeps_only(plain: str) -> bool:
    """Whether plain text bids to keep one thing alone: 只留农业的吧."""
    return bool(_ZH["keeps_only"].search(plain))


def disowns_all(plain: str) -> bool:
    """Whether plain text says that all told so far is another firm's, or is not to count: 报错公司了, 上面的都不算."""
    return bool(_HOLDERS["disowns_all"].search(plain)) and not _HOLDERS["asks_whether"].search(plain)


def one_of_the_group(plain: str) -> bool:
    """Whether plain text says that the speaker's is one firm of a group: 我们就是郑州这家, 我在的是集团下面的子公司."""
    return bool(_HOLDERS["one_of_the_group"].search(plain))


def of_the_group(plain: str) -> bool:
    """Whether plain text tells something of a group as a whole: 我们集团是…, 全集团去年…."""
    return bool(_HOLDERS["of_the_group"].search(plain))


def of_anothers(plain: str) -> bool:
    """Whether a plain clause begins with a thing of another firm: 集团的牌照不算我们的."""
    return bool(_HOLDERS["of_anothers"].match(plain))


def bids(plain: str) -> bool:
    """Whether plain text bids to take something back, and does not ask, even with a 吧 behind it."""
    return bool(_ZH["bids"].search(plain))


def only_bids(plain: str) -> bool:
    """Whether plain text bids to take something back, and says nothing else: 划掉 · 麻烦删了吧."""
    found = _ZH["removes"].search(plain)
    around = (plain[: found.start()].strip("帮给把它你您就"), plain[found.end() :]) if found else ()
    return found is not None and all(map(idle, filter(None, around)))


def corrects(plain: str) -> bool:
    """Whether plain text says that something was not right, or says it more exactly."""
    return bool(_ZH["corrects"].search(plain) or lexicon("persons")["checked"].search(plain))


def tells_wrong(plain: str) -> bool:
    """Whether plain text says that something was told wrong, whatever is right."""
    return bool(_ZH["told_wrong"].search(plain))


def leaves_unchanged(plain: str) -> bool:
    """Whether plain text says of something that it stays as it was told."""
    return bool(_ZH["unchanged"].search(plain))


def by_so_many(before: str) -> bool:
    """Whether plain text ``before`` a figure says that by so many there are more or fewer than was told: 年底又加买了|2台."""
    return bool(_ZH["by_so_many"].search(before))


def zeros_off(plain: str) -> int:
    """How many zeros plain text says that a figure was told with too few of them, less than none where with too many: 多写了个0."""
    found = _ZH["zeros_off"].search(plain)
    if found is None:
        return 0
    many = 2 if found["many"] in ("两", "俩", "2") else 1
    return -many if found["too"] == "多" else many


def revised(before: str, after: str = "", *, firmly: bool = False) -> bool:
    """Whether all that stands ``before`` and ``after`` a figure says that it is surer, or (unless ``firmly``) came later, than
    one told before: 哦刚才财务说涨价了是|5600."""
    words = lexicon("persons")
    found = False
    for around in (before, after):
        at = 0
        while at < len(around):
            sign = words["revised"].match(around, at)
            later = sign or words["later"].match(around, at)
            said = later or words["beside_revised"].match(around, at)
            if said is None or said.end() == at:
                return False
            at, found = said.end(), found or (sign if firmly else later) is not None
    return found


def closes(plain: str) -> bool:
    """Whether plain text says that there is nothing else: 没有了, 就这些, 别的没啥了."""
    bare = plain.strip(" ,。.!~")
    core, around = lexicon("closings")["core"], lexicon("closings")["around"]
    at, found = 0, False
    while at < len(bare) <= _LONGEST_CLOSING:
        heart = core.match(bare, at)
        said = heart or around.match(bare, at)
        if said is None:
            return False
        at, found = said.end(), found or heart is not None
    return found and at == len(bare)


def only_these(plain: str) -> bool:
    """Whether plain text says that there is no further item of what was spoken of: 就这一个."""
    return bool(_ZH["only"].fullmatch(plain.strip(" ,。.!~")))


def company(plain: str) -> str:
    """The name of a firm that plain text is, and nothing else; empty where it is more, or none."""
    found = _ZH["company"].fullmatch(plain.strip(" ,。.!~"))
    return found[1] if found else ""


def idle(plain: str) -> bool:
    """Whether plain text states nothing: a courtesy, a nod, a filler."""
    bare = plain.strip(" ,。.!~?")
    chat = bool(_ZH["chat"].search(bare)) and not any(map(str.isdigit, bare))
    led_on = lexicon("closings")["goes_on"].fullmatch(bare)
    return chat or not any(map(str.isalnum, bare)) or bool(_ZH["idle"].fullmatch(bare) or led_on) or closes(bare)
