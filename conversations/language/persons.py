"""Who speaks: an enterprise of itself, or somebody who speaks for another one (an accountant, an agent, the office).

For such a speaker the client is "we", and what they say of themselves is somebody else's: the persons of the text are
exchanged, each word for one of the same length, so that every reader finds the enterprise where it looks for it.
"""

import re

_FOR_CLIENT = re.compile(
    r"(?:帮|替|代|给)(?:着)?(?:一?个|一?位|一?家|某个?|我们?的?)?(?:客户|朋友|老乡|亲戚|邻居|同学|企业|公司|商户|人家?)(?:们)?(?:来)?(?:的)?(?:问|咨询|打听|了解|查|看|报|办)"
    r"|(?:转|接待|受理)(?:来)?了?一?(?:位|个|家)(?:来访|咨询)?(?:的)?(?:企业|客户|公司|群众)|来访(?:企业|人|单位)|(?:客户|企业)(?:来)?(?:咨询|问)(?:的)?(?:是)?[:,]|不是问(?:我|自己),?是问"
    r"|我是(?:一?[家个])?(?:做)?(?:开|干)?(?:代办|代账|代理记账|会计师?事务所|事务所|财税|中介)"
)
_CLIENT = {
    "客户": "我们",
    "他们": "我们",
    "她们": "我们",
    "对方": "我们",
    "该企业": "我企业",
    "该公司": "我公司",
    "该单位": "我单位",
    "他家": "我家",
    "来访企业": "我们企业",
    "来访人": "我们人",
    "他": "我",
    "她": "我",
}
_SPEAKER = {"我们": "他们", "咱们": "他们", "俺们": "他们", "我司": "他司", "我": "他", "咱": "他", "俺": "他"}
_EXCHANGED = _CLIENT | _SPEAKER
_PERSONS = re.compile("(?<!其)(?:" + "|".join(sorted(_EXCHANGED, key=len, reverse=True)) + ")")


def speaks_for_another(plain: str) -> bool:
    """Whether the speaker of plain text says that they ask for somebody else."""
    return bool(_FOR_CLIENT.search(plain))


def exchanged(plain: str) -> str:
    """Plain text with the client as its speaker, as long as it was; that it is one who asks for another goes."""
    said = _FOR_CLIENT.sub(lambda match: "," * len(match[0]), plain)
    return _PERSONS.sub(lambda match: _EXCHANGED[match[0]], said)
