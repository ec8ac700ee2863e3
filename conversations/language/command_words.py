"""The words for what a person can ask of the bot at any time: ``/edit`` and 修改 are one command.

Knows neither the state of a consultation nor what a command does.
"""

import unicodedata

from conversations.language.lexicon import lexicon
from conversations.state.commands import Command

_ZH = lexicon("commands")
_LONGEST = 24
"""The most characters of a command in words."""
WORDS: dict[Command, tuple[str, ...]] = {
    Command.START: ("开始", "继续", "接着来", "接着问", "继续问卷"),
    Command.NEW: ("重新开始", "重来", "重新来", "从头开始", "从头来", "重新填", "再来一次", "restart"),
    Command.HELP: ("帮助", "怎么用", "使用说明", "用法"),
    Command.RESULT: ("结果", "看结果", "查看结果", "我的结果", "直接看结果", "出结果"),
    Command.MATERIALS: ("材料", "材料清单", "清单", "申报材料", "要准备的材料", "看材料"),
    Command.NOTES: ("说明", "看说明", "注意事项", "看注意事项"),
    Command.EDIT: ("修改", "修改回答", "改答案", "改回答", "我要修改", "更改", "改一下", "改", "更正"),
    Command.FILL: ("补充", "现在补充", "我要补充", "补一下", "补充一下", "现在补充没定的"),
    Command.WHY: ("为什么问", "为什么", "为什么问这个", "为啥问", "为啥", "为啥问这个", "问这个干嘛", "问这个干什么"),
    Command.BACK: ("上一步", "返回", "回退", "后退", "上一题", "返回上一步", "退回"),
    Command.SKIP: ("跳过", "下一题", "先跳过", "略过", "pass", "skip"),
    Command.PAUSE: ("取消", "算了", "先这样"),
    Command.PROGRESS: ("进度", "还有几题", "还有多少题", "还剩几题"),
    Command.POLICY: ("政策", "文件", "政策文件", "哪份文件", "看文件"),
    Command.PRIVACY: ("隐私", "隐私说明", "隐私政策"),
    Command.OTHERS: ("不符合的", "为什么没有别的", "别的呢", "其他的呢", "看不符合的"),
    Command.THANKS: ("谢谢", "谢谢你", "谢谢您", "多谢", "谢了", "好的谢谢", "好的,谢谢", "再见", "拜拜", "thanks"),
    Command.PERSON: ("转人工", "人工", "人工客服", "找人工", "找工作人员", "客服", "找个人"),
    Command.END: ("结束", "结束人工", "结束对话", "退出人工", "结束,回到问卷", "结束，交还机器人"),
    Command.LEAD: ("登记", "我要登记", "留联系方式", "留电话", "请联系我", "登记，请工作人员联系我"),
    Command.MINE: ("我的登记", "查看登记", "看登记", "登记信息"),
    Command.CASES: ("我的咨询", "切换咨询", "换一家企业", "换企业"),
    Command.MYDATA: ("我的资料", "我的数据", "导出我的资料", "导出我的数据"),
    Command.PAPER: ("预评估表", "下载预评估表", "下载表格"),
    Command.FORGET: ("忘掉我", "删除我的资料", "删除我的数据", "清除我的资料", "清除我的数据"),
}

_COMMANDS = {word: command for command, words in WORDS.items() for word in words}
_WISHES = (Command.END, Command.PERSON, Command.LEAD, Command.EDIT, Command.MINE, Command.PAPER, Command.PAUSE)
"""Those that are said in words of one's own as well, as an entry of that name has them, courtesies around them aside."""


def read(text: str) -> Command | None:
    """The command that ``text`` is, None where it is something else; ``/edit@SomeBot`` is ``/edit``."""
    words = unicodedata.normalize("NFKC", text).strip().lower()
    if words.startswith("/"):
        name = words[1:].partition(" ")[0].partition("@")[0]
        return Command(name) if name in Command.__members__.values() else _COMMANDS.get(name)
    words = words.strip(" 。.!~?")
    if _ZH["greeting"].fullmatch(words):
        return Command.START
    if len(words) > _LONGEST:
        return None
    if (command := _COMMANDS.get(words)) is not None:
        return command
    bare = _ZH["polite"].sub("", _ZH["polite"].sub("", words))
    return next((wish for wish in _WISHES if _ZH[wish].fullmatch(bare)), _COMMANDS.get(bare or words))
