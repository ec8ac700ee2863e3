"""The words for what a person can ask of the bot at any time: ``/edit`` and 修改 are one command.

Knows neither the state of a consultation nor what a command does.
"""

import re
import unicodedata

from conversations.state.commands import Command
from knowledge.patterns import regex

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

_GREETING = regex(
    r"(?!哈+$)(?:你好|您好|哈[喽啰罗]|在吗|在不在|有人吗|早上?好|[上下]午好|晚上好|hi|hello|[嗨嘿喂啊呀哈老师,，!！~ ])+"
)
_COMMANDS = {word: command for command, words in WORDS.items() for word in words}
_POLITE = regex(
    r"^(?:(?:你|您)们?好|喂|哎|诶|嗯|那个?|那就|麻烦(?:你|您|一下)*|劳驾|请|帮我?|给我|可以|能不能|能|我们?|俺|还是|先|直接|就|老师|,)+|(?:吧|啊|呀|了|呗|哈|谢谢|,|一下|行吗|可以吗|吗|行不行|好吗|呢)+$"
)
_WISHES: dict[Command, re.Pattern[str]] = {
    command: regex(pattern)
    for command, pattern in {
        Command.END: r"(?:现在|已经)?(?:不用|不要|不需要|不必|不找|不转|别转|取消|结束|退出|关闭|停止)(?:再)?(?:转|找|接|要)?(?:人工|客服|工作人员|人工客服|人工服务)(?:服务|客服)?了?"
        r"|(?:回到|换回|切回|转回|接回)(?:机器人|问卷|自助)(?:吧)?",
        Command.PERSON: r"(?:想|要)?(?:转|找|叫|要|接|换|喊|来)(?:到|接)?(?:一?个|一?位|你们)?(?:的)?(?:人工|真人|活人|人|客服|工作人员|专员|业务员|负责人)(?:人员|客服|服务|说|聊|问|来|接待|处理|回答|接听|帮我|看看)*",
        Command.LEAD: r"(?:想|要|怎么)?(?:申请|预约)?(?:登记|预登记)(?:信息|下|一个|联系方式)*|(?:想|要)?留(?:一?个|一?下|一?下我的|我的)?(?:电话|联系方式|手机号?|号码)(?:,.{0,12})?"
        r"|(?:让|叫|请|安排|派)(?:一?个)?(?:你们)?(?:的)?(?:人|你们|工作人员|专员|业务员|他们)?(?:来|给我?|跟我?|和我?|回头|尽快)*(?:联系(?:我|一下我|我们)?|回(?:一?个)?(?:电话|电)|打(?:一?个)?电话(?:给我)?)",
        Command.EDIT: r"(?:刚才|前面|上面|有)?(?:一?[条处个项])?(?:说|填|答|选|写|打|点|弄|报|输)(?:得)?(?:错|岔|反)了?(?:一?[条处个项])?(?:想改|要改|怎么改)?|(?:想|要)改(?:个|前面的?|刚才的?|上面的?)?(?:答案|回答|信息|数)?",
        Command.MINE: r"(?:撤[销回]|取消|删除|收回|查(?:看|询)?|改|修改)(?:我的|这个|那个|刚才的?)?登记(?:信息)?",
        Command.PAPER: r"(?:想|要)?(?:下载|导出|打印)(?:个|份|预评估)?(?:表|结果|文件|报告|下来)?",
        Command.PAUSE: r"取消|算了,?(?:(?:我|就)?不(?:弄|办|问|搞|填|看)了?)?|不(?:弄|办|问|搞|填|想弄|想问|想填|咨询)了?|(?:今天|暂时)?先这样|(?:今天|就)?到这(?:里|儿)?|退出|停|回头再说|以后再说|改天再(?:说|来|问|弄)",
    }.items()
}
"""What people say for a command in words of their own, courtesies around them aside."""


def read(text: str) -> Command | None:
    """The command that ``text`` is, None where it is something else; ``/edit@SomeBot`` is ``/edit``."""
    words = unicodedata.normalize("NFKC", text).strip().lower()
    if words.startswith("/"):
        name = words[1:].partition(" ")[0].partition("@")[0]
        return Command(name) if name in Command.__members__.values() else _COMMANDS.get(name)
    words = words.strip(" 。.!~?")
    if _GREETING.fullmatch(words):
        return Command.START
    if len(words) > _LONGEST:
        return None
    if (command := _COMMANDS.get(words)) is not None:
        return command
    bare = _POLITE.sub("", _POLITE.sub("", words))
    return next((wish for wish, pattern in _WISHES.items() if pattern.fullmatch(bare)), _COMMANDS.get(bare or words))
