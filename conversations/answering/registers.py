"""The sentences of a letter to a customer in its three registers: as usual, more as one talks, more formally.

They say the same, each in its own way. Words alone: what stands in a letter is not decided here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Register:
    """The sentences in which registers differ; ``{}`` and names in braces are filled in."""

    greeting: str
    stranger: str
    number: str
    quote: str
    notice: str
    case: str
    met: str
    open: str
    open_bare: str
    short: str
    against: str
    office: str
    further: str
    yours: str
    below: str
    earlier: str
    later: str
    reckoned: str
    unanswered: str
    asks: str
    mentioned: str
    assess: str
    nothing: str
    once: str
    closing: str
    elsewhere: str
    welcome: str
    upset: str
    total: str
    papers: str
    other: str
    premise: str
    premise_here: str
    rest: str
    would: str
    doubted: str
    if_so: str
    firms: str
    capped: str
    each: str
    each_sum: str
    beyond: str
    fails: str
    listed_met: str
    listed_open: str
    listed_by: str
    uncovered: str
    later_open: str
    based: str
    each_year: str
    own_clause: str
    other_level: str
    untold_firm: str
    either: str
    silent: str
    rumour: str
    of_another: str
    unmatched: str
    place: str
    beside_others: str


USUAL = Register(
    greeting="{name}您好！",
    stranger="您好！",
    number="**{n}. {heading}**",
    quote="> {quote}\n（{source}）",
    notice="要留意：{text}",
    case="按您介绍的情况（{facts}），",
    met="这一项是**符合**的，金额是 {amount}。",
    open="这一项有希望：下面想请您确认的几条都满足的话，金额是 {amount}。",
    open_bare="能不能享受，要看下面想请您确认的几条；都满足的话，金额是 {amount}。",
    short="{said}，文件要求“{quote}”，{gap}，目前还**不符合**。",
    against="您提到“{said}”，文件要求“{quote}”，按这个情况目前**不符合**。",
    office="“{said}”算不算文件写的“{quote}”，要由{lead}认定。",
    further="**另外，按您介绍的情况，还有这些可以看看：**",
    yours="按您介绍的情况，可以看看这几项：",
    below="见下面按您介绍的情况列出来的几项。",
    earlier="您说的是往年的，往年的还能不能补报，文件没有写，请先向{lead}问清。",
    later="以后满足了可以再来对照。",
    reckoned="按您说的数算：",
    unanswered="{asked}，这份文件（{number}）没有规定，没法按它给您答复，可以问{lead}。",
    asks="为了帮您看准，还想请您告诉我们：",
    mentioned="（您提到“{words}”，请确认一下）",
    assess="这份文件里的扶持有：{programmes}。",
    nothing="想知道{you}能享受哪几项，请告诉我们上面哪几项的情形您有，我们就能帮您算出大概有多少钱、要准备什么材料。",
    once="这几项如果是同一个项目，只按最高的一项给（{citation}：“{quote}”）。",
    closing="以上是按文件内容作的说明，具体以{lead}的申报通知为准。",
    elsewhere="想了解这份文件里的扶持政策，可以随时再问我们，也可以问{lead}。",
    welcome="不客气，有别的问题随时联系我们。",
    upset="给您添麻烦了，实在抱歉，您反映的情况我们记下了。",
    total="**合计：{sum}**，最后以审核为准。",
    papers="上面这几项",
    other="{other}和这份文件（{number}）是两回事，它怎么规定、能不能和这份文件里的扶持一起享受，这份文件没有写，要问定它的部门。",
    premise="文件里没有“{said}”这个数，写的是：",
    premise_here="这一条里没有“{said}”这个数，写的是：",
    rest="您说到的其他情况（{facts}）符合这一条的要求。",
    would="如果以后满足了，按您说的数是 {amount}。",
    doubted="按您介绍的情况（{facts}），要先弄清上面说的这一点，才能说能不能享受。",
    if_so="能享受的话，按您说的数是 {amount}。",
    firms="几家企业要各自申报、各算各的，不能合在一起报。",
    capped="是有上限的：{most}。",
    each="其他条件都满足的话，逐个算：",
    each_sum="合计：{sum}，最后以审核为准。",
    beyond="{said}，文件写的是“{quote}”，按这个情况**不符合**。",
    fails="所以目前**不符合**这一条。",
    listed_met="**符合**，金额是 {amount}。",
    listed_open="金额是 {amount}，还要等下面几条确认。",
    listed_by="（您说的情况：{facts}）",
    uncovered="“{what}”的钱补不补，文件没有写。",
    later_open="“{part}”：后来才符合的从什么时候算起、能不能补报，文件没有写，请先向{lead}问清。",
    based="这一项按{own}算，不按{other}算。",
    each_year="这一项按一年的数看，文件没有写几年的可以加在一起算。",
    own_clause="“{what}”是{citation}单独写的一条，符合那一条写的条件才给。",
    other_level="{whose}里给不给、给多少，这份文件没有写，请向{whose}里问清。",
    untold_firm="{firm}：按您说的（{told}），还看不出符合这份文件的哪一项；有别的情况请再告诉我们。",
    either="按哪一个数算，请先向{lead}问清。",
    silent="“{part}”，文件没有写，请先向{lead}问清。",
    rumour="“{said}”，文件里没有写。",
    unmatched="按您介绍的情况，还没有哪一条能直接对得上。",
    place="您说的是{place}的，这份文件只管{area}的。",
    of_another="{said}是{whose}的标准，不是这一项的。",
    beside_others="{whose}给的和这份文件里的能不能一起拿，这份文件没有写，要问{whose}；{citation}只管这份文件里的各项奖励。",
)

SPOKEN = Register(
    greeting="{name}您好，您问的我帮您查了：",
    stranger="您好，您问的我帮您查了：",
    number="**{n}. 您问的“{heading}”**",
    quote="文件里的原话是：“{quote}”（{source}）",
    notice="有一点先跟您说一声：{text}",
    case="您说的情况我看了（{facts}），",
    met="这一项**够条件**，金额是 {amount}。",
    open="挺有希望的，下面几条要是也都满足，金额是 {amount}。",
    open_bare="能不能拿到，得看下面这几条；都满足的话，金额是 {amount}。",
    short="{said}，可文件要的是“{quote}”，{gap}，眼下还**不够条件**。",
    against="您说“{said}”，可文件要的是“{quote}”，所以眼下还**不够条件**。",
    office="“{said}”算不算文件里说的“{quote}”，得由{lead}来认定。",
    further="**还有，照您说的情况，这几项也可以看看：**",
    yours="照您说的情况，这几项可以看看：",
    below="您看下面列的这几项就行。",
    earlier="不过您说的是往年的，往年的还能不能补报，文件里没有写，得先找{lead}问清楚。",
    later="往后够了再来对一下。",
    reckoned="照您说的数算一下：",
    unanswered="{asked}，这份文件（{number}）里没有写，我不好随便答您，可以问问{lead}。",
    asks="另外想跟您核实一下：",
    mentioned="（您刚才说“{words}”，是这个意思吗）",
    assess="这份文件里的扶持有这些：{programmes}。",
    nothing="想看您那边能拿哪几项的话，先跟我说说上面哪几项的情况您那边有，说了就能帮您估个数，再看看要准备哪些材料。",
    once="这几项要是同一个项目，就只给最高的那一项（{citation}：“{quote}”）。",
    closing="大致就是这样，最后还是以{lead}发的申报通知为准，有不清楚的随时再问。",
    elsewhere="这份文件里的扶持政策，您想了解哪一项随时再问我，也可以直接问{lead}。",
    welcome="不客气，有事随时说。",
    upset="让您白费这么多工夫，真不好意思，您说的情况我记下了。",
    total="**加起来：{sum}**，最后看审核。",
    papers="上面这几项",
    other="{other}跟这份文件（{number}）是两码事，它怎么规定、能不能跟这里的一起拿，这份文件没有写，得问定它的部门。",
    premise="文件里没有“{said}”这个数，写的是：",
    premise_here="这一条里没有“{said}”这个数，写的是：",
    rest="您说的别的（{facts}）都够这一条的要求。",
    would="往后够了的话，照您说的数是 {amount}。",
    doubted="您说的情况（{facts}），得先弄清上面说的这一点，才说得准能不能拿。",
    if_so="能拿的话，照您说的数是 {amount}。",
    firms="几家企业得各报各的、各算各的，不能合在一起报。",
    capped="有封顶的，{most}。",
    each="别的条件也都满足的话，一个一个算：",
    each_sum="加起来：{sum}，最后看审核。",
    beyond="{said}，文件里写的是“{quote}”，所以**不够条件**。",
    fails="所以眼下**不够条件**。",
    listed_met="**够条件**，金额是 {amount}。",
    listed_open="金额是 {amount}，还得看下面几条。",
    listed_by="（您说的情况：{facts}）",
    uncovered="“{what}”的钱补不补，文件里没有写。",
    later_open="“{part}”：后来才符合的从啥时候算起、能不能补报，文件里没有写，先问一下{lead}。",
    based="这一项是按{own}算的，不是按{other}算。",
    each_year="这一项是一年一年看的，文件里没有写几年的可以加在一起算。",
    own_clause="“{what}”是{citation}单独写的一条，够那一条的条件才给。",
    other_level="{whose}里给不给、给多少，这份文件里没有写，得问{whose}里。",
    untold_firm="{firm}：就您说的（{told}），还看不出符合这份文件的哪一项，有别的情况再跟我们说。",
    either="到底按哪个数算，先问一下{lead}。",
    silent="“{part}”，文件里没有写，先问一下{lead}。",
    rumour="“{said}”，这个文件里没有写。",
    unmatched="照您说的情况，还没有哪一条能直接对得上。",
    place="您说的是{place}的，这份文件只管{area}的。",
    of_another="{said}是{whose}那一项的，不是这一项的。",
    beside_others="{whose}给的跟这里的能不能一起拿，这份文件里没有写，得问{whose}；{citation}只管这份文件里的各项奖励。",
)

FORMAL = Register(
    greeting="{name}：\n您好！您咨询的事项，现答复如下：",
    stranger="您好！您咨询的事项，现答复如下：",
    number="**{n}. 关于“{heading}”**",
    quote="依据：{source}规定，“{quote}”。",
    notice="需要说明的是：{text}",
    case="根据您所述情况（{facts}），",
    met="{you}**符合**该项规定，支持金额为：{amount}。",
    open="尚需核实下列事项；如均满足，支持金额为：{amount}。",
    open_bare="{you}能否享受，尚需核实下列事项；如均满足，支持金额为：{amount}。",
    short="{said}，文件要求“{quote}”，{gap}，目前**不符合**该项规定。",
    against="您所述“{said}”，与文件要求的“{quote}”不一致，目前**不符合**该项规定。",
    office="“{said}”是否属于文件所称“{quote}”，须由{lead}认定。",
    further="**此外，根据您所述情况，下列事项也与{you}有关：**",
    yours="根据您所述情况，下列事项与{you}有关：",
    below="请见下文根据您所述情况列出的事项。",
    earlier="您所述为往年情形，能否补报，文件没有写明，须向{lead}核实。",
    later="如后续满足条件，可另行申报。",
    reckoned="按所述金额测算：",
    unanswered="{asked}，本文件（{number}）未作规定，无法据此答复，可向{lead}咨询。",
    asks="为便于准确答复，请您补充说明：",
    mentioned="（来信提及“{words}”，请予确认）",
    assess="本文件规定的扶持事项包括：{programmes}。",
    nothing="为判断{you}可享受的事项，请说明{you}具备上列哪些事项的情形。",
    once="上述事项如属同一项目，仅按额度最高的一项给予（{citation}：“{quote}”）。",
    closing="以上答复依据文件内容作出，不作为审批结论；具体条件、时间和材料，以{lead}的申报通知为准。",
    elsewhere="如需了解本文件规定的扶持事项，欢迎继续咨询，或向{lead}咨询。",
    welcome="您好！来信收悉，感谢您的关注。如有其他问题，欢迎随时咨询。",
    upset="对给您造成的不便深表歉意，您反映的情况已作记录。",
    total="**合计：{sum}**，以审核结果为准。",
    papers="上述事项",
    other="{other}与本文件（{number}）并非同一规定，其内容以及能否与本文件的扶持同时享受，本文件没有写明，请向其制定部门咨询。",
    premise="本文件没有“{said}”的规定，规定为：",
    premise_here="该条没有“{said}”的规定，规定为：",
    rest="您所述其他情况（{facts}）符合该项要求。",
    would="如后续满足，按所述金额测算为：{amount}。",
    doubted="根据您所述情况（{facts}），须先核实上述问题，方可确定能否享受。",
    if_so="如可享受，按所述金额测算为：{amount}。",
    firms="各企业须分别申报、分别计算，不能合并申报。",
    capped="该项设有上限：{most}。",
    each="如其他条件均满足，逐项测算如下：",
    each_sum="合计：{sum}，以审核结果为准。",
    beyond="{said}，文件规定“{quote}”，据此**不符合**该项规定。",
    fails="据此，目前**不符合**该项规定。",
    listed_met="**符合**，支持金额为：{amount}。",
    listed_open="支持金额为：{amount}，尚需核实下列事项。",
    listed_by="（您所述情况：{facts}）",
    uncovered="“{what}”费用是否补贴，文件没有写明。",
    later_open="“{part}”：嗣后方才符合的，自何时起算、能否补报，文件没有写明，请先向{lead}核实。",
    based="该项按{own}计算，不按{other}计算。",
    each_year="该项按年度数额认定，文件没有写明数年可合并计算。",
    own_clause="“{what}”系{citation}单独规定，须符合该条规定的条件。",
    other_level="{whose}里是否给予、数额若干，本文件没有写明，请向{whose}有关部门咨询。",
    untold_firm="{firm}：就所述情况（{told}），尚不能确定符合本文件的哪一项，如有其他情况请补充说明。",
    either="以何者为准，请先向{lead}核实。",
    silent="关于“{part}”，文件没有写明，请先向{lead}核实。",
    rumour="“{said}”，文件没有此项规定。",
    unmatched="根据您所述情况，目前没有哪一条可以直接适用。",
    place="您所述系{place}的情形，本文件仅适用于{area}。",
    of_another="{said}系{whose}的标准，不适用于该项。",
    beside_others="{whose}所给与本文件的扶持能否同时享受，本文件没有写明，请向{whose}核实；{citation}仅适用于本文件的各项奖励。",
)
