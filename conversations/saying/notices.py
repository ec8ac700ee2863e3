"""The sentences that stand apart from questions and results: help, the document, privacy, and kind refusals.

Renders from the policy and the state; changes nothing.
"""

from collections.abc import Sequence

from conversations.saying.values import day
from conversations.state.actions import Do, PutInPlay, short
from conversations.state.commands import Command
from conversations.state.messages import Choice, Reply
from conversations.state.session import MENUS, SAME_PROJECT, SCREENING, Session
from conversations.state.shelf import Shelf
from knowledge.policy import Policy

_HELP = """**怎么用**
• 点按钮，或者直接打字：“260万”“没领过”“不清楚”都行；一句话里多说几样，我会一起记下。
• 随时可以提问，比如“{question}”，答完接着问卷走。
• 上一步 /back　修改 /edit　补充没定的 /fill　为什么问 /why　跳过
• 结果 /result　材料 /materials　说明 /notes　进度　重新开始 /new
• 文件说明 /policy　隐私 /privacy　转人工
• 登记 /lead　我的登记 /mine　我的咨询 /cases　取走资料 /mydata　删除资料 /forget
每一题都可以答“不清楚”，不会因此判成不符合。"""

PRIVACY = """**隐私说明**
• 您的回答和聊天记录会保存下来，只用来接着上次的进度、算出预评估结果、改进答复。
• 聊天记录加密保存；90 天没有再来，咨询和记录就删除。
• 除非您自己要登记，我不会问姓名和电话；身份证号任何时候都不用发。
• 不登记、不转人工，回答不会交给任何部门；登记前会另外说明，转人工会把前面的情况一起转给工作人员，都由您决定。是否申报也由您自己决定。
• 发 /mydata 取走保存的资料，发 /forget 全部删除。"""

CARRIED = "您用的是{}，消息由它的服务器转到我们这里；收到之后只存在我们自己的服务器上。"
"""What is said of the service that carries the messages."""

EMPTY = "您发来的是空消息。直接打字告诉我就行，发 /help 看用法。"
TOO_LONG = "这段话有点长（超过 {} 字），请挑和扶持政策有关的部分，分几条发给我。"
MEDIA = "{}我还看不懂，请用文字告诉我。前面的回答都还在。"
CAPTION = "{}里的内容我看不懂，下面只按您写的文字来。"
NO_TEXT = "图片、语音、文件和位置"
"""What is no text, where nobody tells what it is."""
CONTACT = "谢谢，不过现在还不需要电话，我没有保存。"
THANKS = "不客气。随时可以回来接着问，前面的回答都给您留着。"
PAUSED = (
    "好的，先到这里，什么都没有改，前面的回答都留着。想接着来就发“继续”，想改哪一条就发“修改”，都不要了就发 /forget。"
)
STALE = "这是之前那一题的按钮，那一题已经过去了，没有改动您的回答。想改的话，发“修改”。"
PERSON = "这里接不通工作人员。急的话，请直接问{}；您也可以把问题发给我，我先按文件回答。"
NOBODY_TO_LEAVE = "现在没有在和工作人员说话。\n\n"
NOTHING_YET = "还没有可看的，先答几题就有了。"
NO_QUESTION = "现在没有在问的题。"
EDITED_UNKNOWN = "看到您改了一条之前的消息。我没法确定它对应哪一题，想改回答请发“修改”。"

AFTERWARDS = (
    (
        Choice(label="看结果", action=Do(Command.RESULT), key="结果"),
        Choice(label="修改回答", action=Do(Command.EDIT), key="修改"),
    ),
    (
        Choice(label="登记，请工作人员联系我", action=Do(Command.LEAD), key="登记"),
        Choice(label="重新开始", action=Do(Command.NEW), key="重新开始"),
    ),
)
"""The buttons for somebody who has seen the result."""

TALK_TO_SOMEBODY = ((Choice(label="转人工", action=Do(Command.PERSON), key="转人工"),),)
"""The way to a person, under what the bot cannot do."""

ENGLISH = "Please write in Chinese, a few words or a figure will do: I cannot read English yet."
SO_FAR = Reply(
    text="连着几题不清楚也没关系，现在就可以先看看目前的结果。",
    choices=((Choice(label="看结果", action=Do(Command.RESULT), key="结果"),),),
)
"""For who has answered several questions in a row with "not known"."""

REGISTER = ((Choice(label="登记，请工作人员联系我", action=Do(Command.LEAD), key="登记"),),)
"""The button for somebody who may want to register."""

_READ = 3
"""How many documents are told of one after the other in a message."""
_LISTED = 20
_OFFERED = 8
_NAMED = 3
"""How many documents are named one by one."""
_BUTTON = 40
_HANDY = 12
"""The length of a question that says enough and is quickly read."""
"""The most characters of a button."""
_EXAMPLES = {
    "bool": "回答“是”“不是”或“不清楚”就行。",
    "choice": "点一个选项，或者打出它的名称。",
    "text": "写个简短的名字就行。",
    "money": "写一个金额就行，比如“260万”“一百五十万左右”“不到100万”“没有”。",
    "area": "写一个面积就行，比如“1.2万平”“8500平方米”。",
    "ratio": "写一个比例就行，比如“65%”“六成”“过半”。",
    "years": "写一个时间就行，比如“两年”“8个月”“一年半”。",
    "int": "写一个数就行，比如“0”“2”“没有”。",
    "count": "写一个数带上单位就行，比如“300”“两千多”“没有”。",
    "date": "写到日子最好，月份、年份也行，比如“2021年3月15日”“去年八月”。",
    "place": "写到区、县，比如“浙江省杭州市西湖区”；名单里没有的地方，写它所在的市。",
}


def help_text(policy: Policy) -> str:
    """How the bot is used, with a question that it can answer."""
    clauses = [programme.clause for programme in policy.programmes]
    asked = (question for clause in clauses for question in policy.questions.answered.get(clause, ()))
    return _HELP.format(question=min(asked, key=lambda each: abs(len(each) - _HANDY), default="要准备什么材料"))


def about(policy: Policy) -> str:
    """What documents the bot works from, who leads, and what they leave open for everybody."""
    documents = policy.documents
    return "\n\n".join(map(_about, documents)) if len(documents) <= _READ else listed(policy)


def listed(policy: Policy) -> str:
    """Which documents there are, by their names."""
    documents = policy.documents
    lines = [f"**{len(documents)} 份文件**", *(f"• {titled(each)}" for each in documents[:_LISTED])]
    if len(documents) > _LISTED:
        lines.append(f"……还有 {len(documents) - _LISTED} 份。")
    return "\n".join([*lines, f"说出文号，或者要问哪方面的（比如“我想问{about_what(documents[0])}的”），就看那一份。"])


def about_what(policy: Policy) -> str:
    """One of the things that a document is about, by its shortest name."""
    return min((programme.label for programme in policy.programmes), key=len, default=policy.title)


def _about(policy: Policy) -> str:
    printed = f"{day(policy.printed)}印发" if policy.printed else ""
    lines = [
        f"**{policy.title}**",
        " · ".join(filter(None, (policy.number, policy.issuer, printed))),
        f"牵头：{policy.lead}",
        *(f"⚠️ {notice.text}" for notice in policy.notices if not notice.programmes),
        f"共 {len(policy.programmes)} 项扶持政策：",
        *(f"• {each.label}（{policy.clause(each.clause).citation}）：{each.summary}" for each in policy.programmes),
    ]
    return "\n".join(lines)


def privacy(carrier: str) -> str:
    """What is kept and what for; ``carrier`` is the service that carries the messages, if one does."""
    return PRIVACY + (f"\n• {CARRIED.format(carrier)}" if carrier else "")


def to_choose(policy: Policy) -> tuple[tuple[Choice, ...], ...]:
    """The buttons by which one of several documents is chosen; none where there is but one."""
    if not policy.several:
        return ()
    chosen = [
        Choice(label=f"只对照{each.name}"[:_BUTTON], action=PutInPlay(short(each.id)), key=f"只看{number}")
        for number, each in enumerate(policy.documents[:_OFFERED], 1)
    ]
    return (*((choice,) for choice in chosen), (Choice(label="全部一起对照", action=PutInPlay("*"), key="全部"),))


def welcome(shelf: Shelf) -> str:
    """The first words: of several documents their names, where no more are there than one reads."""
    policy = shelf.policy
    if not policy.several or shelf.crowded([option.id for option in policy.screening.options], ()):
        return policy.greeting
    return "\n".join([policy.greeting, *(f"• {titled(each)}" for each in policy.documents)])


def titled(policy: Policy) -> str:
    """A document by its number, where it has one, and its title."""
    return f"{policy.number}《{policy.title}》" if policy.number else policy.name


def in_play(documents: Sequence[Policy], answered: bool) -> str:
    """Which documents are asked about from now on; what was ``answered`` before stays."""
    few = documents if len(documents) <= _NAMED else documents[: _NAMED - 1]
    more = f"等 {len(documents)} 份文件" if len(documents) > len(few) else ""
    return f"好的，接下来对照{'、'.join(each.name for each in few)}{more}。{'前面的回答都还在。' if answered else ''}"


def clause(policy: Policy, ident: str) -> str:
    """A clause in plain words and verbatim."""
    found = policy.clause(ident)
    quoted = "\n".join(f"> {line}" for line in found.text.splitlines() if line.strip())
    return f"**{found.citation or policy.document(ident).name} {found.title}**\n{found.summary}\n{quoted}"


def calm(you: str, happened: str = "", answered: bool = False) -> Reply:
    """To a person who is angry: takes up what has ``happened``, in their own words (the clause that tells it, no abuse).

    ``you`` is how their enterprise is addressed. What it lacks can be shown to who has ``answered`` something.
    """
    told = happened.strip(" ，。！!？?").replace("我们", you).replace("我", "您")
    felt = f"{told}，换谁都会生气。" if told else "听得出来您很生气，这件事确实让人着急。"
    lacks = Choice(label="看看差在哪", action=Do(Command.OTHERS), key="差在哪")
    return Reply(
        text=f"{felt}我能做的是帮您看清条件和材料、记下情况转给工作人员。",
        choices=((*TALK_TO_SOMEBODY[0], *[lacks] * answered),),
    )


def several_firms(names: Sequence[str] = ()) -> str:
    """That a message speaks of several firms, by their ``names`` where they have any."""
    named = f"{'、'.join(names)}是不同的企业" if len(names) > 1 else "您说的是几家企业"
    return f"{named}，各自申报、各算各的。先算哪一家？算完一家，发 /cases 再开下一家。"


def again(text: str) -> str:
    """The first time that something is not understood."""
    words = text if len(text) <= 20 else f"{text[:20]}…"
    return f"“{words}”我没看懂，不敢乱猜。换个说法试试？"


def company(name: str) -> str:
    """Whether somebody who sent nothing but the name of a firm wants to register."""
    return f"是要登记“{name}”，请工作人员联系您吗？要的话点“登记”；想接着看能享受哪些，直接说这家企业的情况就行。"


def withdrawn(label: str, shown: str) -> str:
    """What was noted turns out to be another thing's, or is taken back."""
    return f"{label}（{shown}）先不算，弄清楚了再告诉我。"


def taken_out(label: str) -> str:
    """The item of a list called ``label`` does not count any more."""
    return f"已去掉**{label}**。要放回来就再说一遍它的情况。"


def all_withdrawn() -> str:
    """All that was noted turns out to be another firm's, or is taken back."""
    return "好的，前面记下的全部去掉了，不算。请说说现在要算的这家。"


def unread(spans: Sequence[str]) -> str:
    """What a message stated and was not taken."""
    where = "一处" if len(spans) == 1 else "几处"
    return f"这{where}我没读懂：{_quoted(spans)}——和申报有关的话换个说法告诉我，没关系就不用管。"


def _quoted(spans: Sequence[str]) -> str:
    return "、".join(f"“{span}”" for span in spans)


def ticked(labels: Sequence[str]) -> str:
    """What was named of several options."""
    return f"记下了：{'、'.join(labels)}。"


def spoken_of(labels: Sequence[str], spans: Sequence[str]) -> str:
    """What options a message speaks of that states nothing more: they are ticked, and asked about."""
    return f"{_quoted(spans)}——先给您勾上：{'、'.join(labels)}，细节等会儿问；不是的话直接说。"


def settled(labels: Sequence[str]) -> str:
    """What was left out, and is taken as not there."""
    return f"按没有处理：{'、'.join(labels)}，有不对的直接说。"


def example(shelf: Shelf, session: Session) -> str:
    """How the open question can be answered, with examples."""
    path = session.asking or ""
    if path in (SCREENING, SAME_PROJECT):
        return "说出是哪几样就行，前面有序号的打序号也行；都没有就答“没有”。"
    if path.partition(".")[2].isdigit() or path in MENUS:
        return "回答“有”“没有”或“不清楚”就行。"
    return _EXAMPLES[shelf.policy.fact(path).type]
