"""One thing said in several ways on the example packs, with what sounds like it and says something else."""

from collections.abc import Mapping, Sequence

from conversations.converse import Conversations
from tests import served
from tests.conversations.test_kinds_of_saying import SHOPS, WORKS, held
from tests.table import check_each

HONEST, SAFE = "enterprise.dishonest", "enterprise.accident_last_year"
Row = tuple[Sequence[str], Sequence[str], Mapping[str, object]]
"""The documents, the messages, and what stands at the paths of the case at the end (None: nothing)."""


def check(row: Row) -> None:
    policies, messages, expected = row
    conversations = Conversations(served.shelf(*policies))
    case = [conversations.say({"chat": "a", "text": text, "on": "2025-04-20"})["case"] for text in messages][-1]
    assert {path: held(case, path) for path in expected} == dict(expected)


def check_rows(rows: Sequence[Row]) -> None:
    check_each(rows, check, lambda row: " / ".join(row[1]))


def test_what_is_denied_side_by_side_is_denied_of_each() -> None:
    neither = {HONEST: False, SAFE: False}
    check_rows(
        [
            ([WORKS], ["失信和较大事故都没有"], neither),
            ([WORKS], ["失信、较大安全事故，这些都没有过"], neither),
            ([WORKS], ["没有失信和较大事故"], neither),
            ([WORKS], ["没有失信记录，去年是出过较大事故的"], {HONEST: False, SAFE: True}),
            ([WORKS], ["失信上过名单，较大事故没有"], {SAFE: False}),
        ]
    )


def test_one_who_is_put_right_in_the_same_breath_is_no_second_one() -> None:
    def one(degree: str) -> Mapping[str, object]:
        return {"persons.0.degree": degree, "persons.1": None}

    check_rows(
        [
            ([WORKS], ["我们引进了一个博士，不对，是硕士，她是1990年3月份生的"], one("master")),
            ([WORKS], ["我们引进了一个博士啊不对是硕士我说快了她是1990年3月份生的合同签了四年"], one("master")),
            ([WORKS], ["引进了一位硕士，说错了，是博士，签了五年"], one("doctor")),
            ([WORKS], ["引进了一位硕士，签了五年，另外还有一个博士"], {"persons.1.degree": "doctor"}),
        ]
    )


def test_a_figure_of_one_document_is_none_of_the_other() -> None:
    land = "我们是家具制造企业，新拍了4公顷工业用地，固定资产投资3.2亿"
    fixed = {"haicheng-industry-2023.projects.0.fixed_investment": 320000000}
    check_rows(
        [
            ([SHOPS, WORKS], [land, "抖音店去年卖了700多万"], fixed),
            ([SHOPS, WORKS], [land, "拼多多去年卖了1900万，前年1600万"], fixed),
            ([SHOPS, WORKS], [land, "去年网上零售额5000万"], fixed),
        ]
    )


def test_what_is_told_behind_a_supposition_is_told() -> None:
    lately = ["我们在海珵注册，24年1月份成立的，自己有小程序商城"]
    check_rows(
        [
            ([SHOPS], [*lately, "要是我现在重新注册一个公司接着卖，能算新办吗？我们没有失信"], {HONEST: False}),
            ([SHOPS], [*lately, "如果明年搬走 还能报吗? 失信名单里没有我们"], {HONEST: False}),
            ([SHOPS], [*lately, "假如我们上了失信名单呢？"], {HONEST: None}),
            ([SHOPS], [*lately, "要是失信了，还能报吗？"], {HONEST: None}),
        ]
    )


def test_what_was_not_so_years_ago_says_nothing_of_today() -> None:
    net = "enterprise.ecommerce_business"
    check_rows(
        [
            ([SHOPS], ["我们有家淘宝店 前年没在网上卖过"], {net: True}),
            ([SHOPS], ["前年没在网上卖过"], {net: None}),
            ([SHOPS], ["我们从没在网上卖过"], {net: False}),
            ([WORKS], ["前年没出过较大事故"], {SAFE: None}),
        ]
    )


def test_who_makes_things_is_in_industry() -> None:
    industrial = "enterprise.industrial"
    check_rows(
        [
            ([WORKS], ["我公司在海珵市登记，生产饼干，2011年成立"], {industrial: True}),
            ([WORKS], ["主业是生产注塑机械"], {industrial: True}),
            ([WORKS], ["海珵注册，装备制造，同时淘宝零售配件"], {industrial: True}),
            ([WORKS], ["我们是化纤企业"], {industrial: True}),
            ([WORKS], ["做电路板的 海珵注册"], {industrial: True}),
            ([WORKS], ["公司在海珵，生产都停了"], {industrial: None}),
            ([WORKS], ["生产这块先不说"], {industrial: None}),
            ([WORKS], ["我们卖机床，海珵注册"], {industrial: None}),
        ]
    )


def test_a_sum_put_right_beside_the_documents_own_figure() -> None:
    sales = ["去年营收3.1个亿 前年2.6亿"]
    last = "enterprise.revenue.2024"
    check_rows(
        [
            ([WORKS], [*sales, "不对 3.1亿是含税数 报表营业收入2.86亿 那够不着3亿那档了吧"], {last: 286000000}),
            ([WORKS], [*sales, "3.1亿写错了，是3.2亿，够3亿那一档了"], {last: 320000000}),
            ([WORKS], [*sales, "3亿那档给多少"], {last: 310000000}),
        ]
    )


def test_what_did_not_change_is_not_what_is_put_right() -> None:
    land = ["我们是家具制造企业，新拍了4公顷工业用地建新厂，固定资产投资3.2亿"]
    check_rows(
        [
            ([WORKS], [*land, "看了合同，地是4.2公顷，前面说少了。固投没变"], {"projects.0.mu": 63}),
            (
                [WORKS],
                [*land, "固投说少了，是3.5亿。地没变"],
                {"projects.0.mu": 60, "projects.0.fixed_investment": 350000000},
            ),
        ]
    )


def test_a_kind_that_is_denied_denies_nothing_else() -> None:
    industrial, sector = "enterprise.industrial", "enterprise.sector"
    check_rows(
        [
            ([WORKS], ["我们不是食品厂"], {industrial: None, sector: None}),
            ([WORKS], ["不是食品厂，是做机床的工厂"], {industrial: True, sector: "equipment"}),
            ([WORKS], ["我们归到其他，不算纺织"], {industrial: None, sector: "other"}),
            ([WORKS], ["我们不是工业企业"], {industrial: False}),
        ]
    )


def test_what_is_only_named_is_denied_but_not_affirmed() -> None:
    check_rows(
        [
            ([WORKS], ["安全事故去年没有，失信名单也没有"], {SAFE: False, HONEST: False}),
            ([WORKS], ["失信:无 事故:无"], {SAFE: False, HONEST: False}),
            ([WORKS], ["去年没出过什么大的事故"], {SAFE: False}),
            ([WORKS], ["去年出过事故"], {SAFE: None}),
        ]
    )


def test_somebody_who_is_asked_for_by_the_way_is_not_we() -> None:
    revenue = "enterprise.revenue.2024"
    check_rows(
        [
            ([WORKS], ["我们做机床，有个客户让我顺带问问 他家做轴承 去年营收2亿1 能拿规模奖不"], {revenue: None}),
            ([WORKS], ["集团下面还有个子公司，先说母公司", "母公司去年营业收入2.3亿"], {revenue: 230000000}),
        ]
    )


def test_what_was_received_is_no_question_about_the_grant() -> None:
    received = "enterprise.received_this_year"
    check_rows(
        [
            ([SHOPS], ["今年已经到账的有规模奖励20万 增长奖励和发货的都没到"], {received: 200000}),
            ([SHOPS], ["今年规模奖励20万已经到账"], {received: 200000}),
            ([SHOPS], ["规模奖励20万什么时候到账"], {received: None}),
        ]
    )


def test_each_person_of_several_has_what_is_said_of_them() -> None:
    def person(at: int, **told: object) -> dict[str, object]:
        return {f"persons.{at}.{name}": value for name, value in told.items()}

    check_rows(
        [
            (
                [WORKS],
                [
                    "去年引进两个人才 赵工是正高 1975年3月生 签了四年 另一个孙硕士 1991年11月20号出生 签了三年",
                    "两个人的社保都在我们海珵交",
                    "赵工津贴领过两年了 孙硕士头一回报",
                ],
                {
                    **person(
                        0, title="senior", born="1975-03", contract=4, insured=True, years_received=2, degree=None
                    ),
                    **person(1, degree="master", born="1991-11-20", contract=3, insured=True, years_received=0),
                    "persons.2": None,
                },
            ),
            (
                [WORKS],
                [
                    "招了个博士 姓林 88年9月生 合同三年",
                    "又来了个硕士 姓何 93年5月生的 合同也是三年",
                    "姓林的社保我们在海珵交 姓何的社保还没转过来",
                ],
                {
                    **person(0, degree="doctor", born="1988-09", insured=True),
                    **person(1, degree="master", born="1993-05", insured=False),
                },
            ),
            (
                [WORKS],
                [
                    "人才这块有两位，周博士和吴博士",
                    "周博士1984年6月生，合同五年，吴博士1989年2月的，合同四年",
                    "周博士社保在海珵交，吴博士的还在原单位",
                    "津贴都没领过",
                ],
                {
                    **person(0, degree="doctor", born="1984-06", contract=5, insured=True, years_received=0),
                    **person(1, degree="doctor", born="1989-02", contract=4, insured=False, years_received=0),
                },
            ),
            (
                [WORKS],
                [
                    "有三位人才 唐博士84年7月15号生 合同5年 蒋硕士93年2月的 合同三年",
                    "第三个小郝还没来上班 先不算他",
                    "唐博士领过一年津贴，蒋硕士一年都没领",
                ],
                {
                    **person(0, born="1984-07-15", contract=5, years_received=1),
                    **person(1, born="1993-02", contract=3, years_received=0),
                    "persons.2": None,
                },
            ),
            (
                [WORKS],
                ["引进了两位高工，陈工和杨工", "杨工1982年10月出生，没有硕士、博士学位，陈工1980年4月出生"],
                {
                    **person(0, title="associate", born="1980-04", degree=None),
                    **person(1, title="associate", born="1982-10", degree="none"),
                },
            ),
            (
                [WORKS],
                ["引进两位博士 姓尹的和姓段的", "他们谁的合同是五年我忘了"],
                {**person(0, contract=None), **person(1, contract=None)},
            ),
            (
                [WORKS],
                ["引进两位博士 88年的和91年的", "88年那位合同五年"],
                {**person(0, contract=None), **person(1, contract=None)},
            ),
            ([WORKS], ["我姓李，是厂里会计", "引进了一位博士，合同三年"], {**person(0, contract=3), "persons.1": None}),
            (
                [WORKS],
                ["一个博士叫韩雪 1990年3月生 一个硕士叫李明 1995年6月生", "韩雪合同五年 李明三年"],
                {**person(0, born="1990-03", contract=5), **person(1, born="1995-06", contract=3)},
            ),
            (
                [WORKS],
                ["引进三位博士 合同都签了五年", "其中一位领过一年津贴"],
                {**person(2, contract=5, years_received=None), **person(0, years_received=None), "persons.3": None},
            ),
        ]
    )


def test_each_loan_of_several_has_what_is_said_of_it() -> None:
    two = ["技改贷款两笔 建行1100万 招行600万"]

    def loans(name: str, *values: object) -> dict[str, object]:
        return {f"loans.{at}.{name}": value for at, value in enumerate(values)}

    check_rows(
        [
            (
                [WORKS],
                [*two, "建行那笔LPR3.65% 付息两年 招行那笔3.45% 付了一年半"],
                {
                    **loans("principal", 11000000, 6000000, None),
                    **loans("lpr", 0.0365, 0.0345),
                    **loans("years", 2, 1.5),
                },
            ),
            ([WORKS], [*two, "招行的LPR是3.35%", "建行那笔3.1%"], loans("lpr", 0.031, 0.0335)),
            ([WORKS], [*two, "交行那笔LPR3.65%"], loans("lpr", None, None, None)),
            ([WORKS], ["技改贷款1000万 其中工行600万 农行400万"], loans("principal", 6000000, 4000000, None)),
            ([WORKS], [*two, "招行那笔去掉 那是老板自己的"], loans("principal", 11000000, None)),
            (
                [WORKS],
                ["为技改在农商行贷了900万，LPR3.45%，付息两年", "后来又在中行贷了350万，LPR3.1%，付息一年"],
                {**loans("principal", 9000000, 3500000), **loans("lpr", 0.0345, 0.031), **loans("years", 2, 1)},
            ),
            (
                [WORKS],
                ["有一笔技改贷 招商银行的 1500万", "另外招行还给了200万流动资金贷款"],
                loans("principal", 15000000, None),
            ),
            ([WORKS], ["去年做了技改 贷了300万", "贷款那条删了吧 那是老板个人名义贷的"], {"loans": []}),
        ]
    )


def test_lists_of_which_there_is_nothing() -> None:
    check_rows(
        [
            ([WORKS], ["你问的那些设备啊 贷款啊 都没有"], {"devices": [], "loans": []}),
            ([WORKS], ["没贷款全是自己的钱"], {"loans": [], "devices": None}),
            ([WORKS], ["技改做了，设备没买，贷款也没贷", "人才也没引进"], {"devices": [], "loans": [], "persons": []}),
            ([WORKS], ["设备没有发票怎么办", "没有贷款贴息", "设备没有问题"], {"devices": None, "loans": None}),
            ([WORKS], ["买了6台铣床 每台42万", "设备没别的了"], {"devices.0.quantity": 6}),
        ]
    )


def test_things_of_several_are_told_by_what_was_said_of_them() -> None:
    projects = ["我们有两个项目，一个是新建的，总投资15亿，另一个是老厂扩建，总投资3亿"]
    parks = ["我们这边两个园子 一个是云帆电商产业园 去年新认定的 建筑面积一万五 入驻41家"]
    check_rows(
        [
            (
                [WORKS],
                [*projects, "新建那个按期竣工了，固定资产投资11亿", "扩建那个还在建"],
                {
                    "projects.0.completed": True,
                    "projects.0.fixed_investment": 1100000000,
                    "projects.1.new_build": False,
                    "projects.1.completed": False,
                    "projects.1.fixed_investment": None,
                },
            ),
            (
                [SHOPS],
                [*parks, "另一个老园区叫云帆一期 2018年就认定了 8200平 有30家企业"],
                {
                    "parks.0.newly_recognised": True,
                    "parks.0.tenants": 41,
                    "parks.1.newly_recognised": False,
                    "parks.1.tenants": 30,
                },
            ),
            (
                [WORKS],
                ["做了技改 新买了8台车床 单价46万", "另外买了30台小台钻 每台才3万5 这种小的给不给算啊"],
                {"devices.0.quantity": 8, "devices.1.quantity": 30, "devices.1.price": 35000},
            ),
            (
                [WORKS],
                ["首台套两台 一台卖1200万 一台卖800万", "800万那台还没认定 1200万那台认定了"],
                {"machines.0.recognised": True, "machines.1.recognised": False},
            ),
        ]
    )


def test_what_one_costs_may_come_last_and_further_things_are_others() -> None:
    def lots(*told: tuple[int, int]) -> Mapping[str, object]:
        rows = {
            f"devices.{at}.{name}": value
            for at, lot in enumerate(told)
            for name, value in zip(("quantity", "price"), lot, strict=True)
        }
        return {**rows, f"devices.{len(told)}": None}

    check_rows(
        [
            (
                [WORKS],
                ["买了裁床三台，六十五万一台，还有一百二十台缝纫机，那个便宜四千八一台"],
                lots((3, 650000), (120, 4800)),
            ),
            ([WORKS], ["搞技改买了裁床三台六十五万一台还有一百二十台缝纫机四千八一台"], lots((3, 650000), (120, 4800))),
            ([WORKS], ["新买的设备：数控机床12台，每台38.5w；检测仪3台，每台9w"], lots((12, 385000), (3, 90000))),
            ([WORKS], ["织机14.5万一台，买了40台"], lots((40, 145000))),
        ]
    )


def test_who_else_is_told_of_is_not_we() -> None:
    sales, clients = "enterprise.online_sales.2024", "enterprise.clients.2024"
    check_rows(
        [
            ([SHOPS], ["我们管一个电商产业园", "园里有家卖鞋的去年网上做了1.5个亿"], {sales: None}),
            ([SHOPS], ["客户好多是开网店的，其中一家去年网上卖了4000多万呢"], {sales: None}),
            ([SHOPS], ["去年客户总共58家，海珵的34家，其他都是外地的"], {clients: 34}),
        ]
    )


def test_lists_that_are_none_stand_in_the_case_of_several_policies_too() -> None:
    conversations = Conversations(served.shelf(SHOPS, WORKS))
    case = conversations.say({"chat": "a", "text": "没有贷款，设备也没新买，人才也没引进", "on": "2025-04-20"})["case"]
    assert isinstance(case, dict)
    assert case[WORKS] == {"loans": [], "devices": [], "persons": []}


def test_the_year_that_a_message_begins_with_is_that_of_its_figures() -> None:
    revenue = "enterprise.revenue.2024"
    check_rows(
        [
            ([WORKS], ["去年生意还过得去，营收3200万"], {revenue: 32000000}),
            (
                [WORKS],
                ["去年订单少。营业额2900万，前年3500万"],
                {revenue: 29000000, "enterprise.revenue.2023": 35000000},
            ),
            ([WORKS], ["厂子前年扩的，营收3200万"], {revenue: None, "enterprise.revenue.2023": None}),
            ([SHOPS], ["24年4600万，23年3900万，网络零售"], {"enterprise.online_sales.2023": 39000000}),
            ([SHOPS], ["去年网上卖了310万", "从海珵发出去的是3万2"], {"enterprise.parcels.2024": 32000}),
            ([SHOPS], ["去年网上卖了310万，前年200万", "从海珵发出去的是3万2"], {"enterprise.parcels.2024": None}),
        ]
    )


def test_one_year_taken_back_leaves_the_others() -> None:
    told = "2024年网络零售额1700万，2023年1300万"
    kept = {"enterprise.online_sales.2024": None, "enterprise.online_sales.2023": 13000000}
    check_rows([([SHOPS], [told, "1700万那个先不要记，还没审完"], kept)])


def test_what_came_later_of_the_same_thing_counts() -> None:
    total, fixed = "projects.0.total_investment", "projects.0.fixed_investment"
    got, principal = "enterprise.interest_received", "loans.0.principal"
    check_rows(
        [
            ([WORKS], ["有个新项目，总投资原来9亿，后来追加到11亿"], {total: 1100000000}),
            ([WORKS], ["有个新项目，固定资产投资本来报2亿，决算下来是2.3亿"], {fixed: 230000000}),
            ([WORKS], ["技改从工行贷了800万", "贴息以前领过11万 不对是13万"], {got: 130000, principal: 8000000}),
            (
                [SHOPS],
                ["去年网上卖了5300万，5300万把批发算进去了，网上的是4900万"],
                {"enterprise.online_sales.2024": 49000000},
            ),
        ]
    )


def test_things_that_were_only_counted_are_told_apart_by_what_they_are_called() -> None:
    loans = {"loans.0.principal": 12000000, "loans.1.principal": 7000000, "loans.2": None}
    check_rows(
        [
            ([WORKS], ["我们有两笔技改贷款", "工行那笔1200万，农行那笔700万"], loans),
            ([WORKS], ["我们有两笔技改贷款，工行那笔1200万；农行那笔700万"], loans),
            (
                [WORKS],
                ["引进了两个人，一个博士，一个正高", "博士是1985年2月生的", "正高那位1972年3月1号生"],
                {"persons.0.born": "1985-02", "persons.1.born": "1972-03-01"},
            ),
            (
                [SHOPS],
                ["我们管着两个电商园", "新的叫云水里，建筑面积9600平"],
                {"parks.0.area": 9600, "parks.1.area": None},
            ),
        ]
    )


def test_what_nobody_has_or_nobody_did_is_not_there() -> None:
    check_rows(
        [
            ([WORKS], ["引进了一位硕士，副高还没评"], {"persons.0.title": None}),
            ([WORKS], ["引进了一位博士，正高没评上，只有副高"], {"persons.0.title": "associate"}),
            ([WORKS], ["新项目、新设备、贷款我们统统没有"], {"projects": [], "devices": [], "loans": []}),
            ([WORKS], ["老板说设备没买新的"], {"devices": []}),
            ([WORKS], ["我们没有工厂"], {"projects": None}),
            ([WORKS], ["老板又从农行贷了150万买房"], {"loans": None}),
            ([SHOPS], ["园区叫金水湾，我们租的办公室"], {"parks": None}),
            ([SHOPS], ["我这个园子叫金水湾电商产业园，入驻企业41家"], {"parks.0.tenants": 41}),
        ]
    )


def test_a_count_of_which_all_is_said_and_a_price_told_as_a_span() -> None:
    new, price = "enterprise.new_employees", "devices.0.price"
    check_rows(
        [
            ([WORKS], ["去年新招焊工31个，社保都交满半年了"], {new: 31}),
            ([WORKS], ["去年新招焊工31个，社保都没交满半年"], {new: None}),
            ([WORKS], ["新买了打包机5台7万多一台"], {price: {"more_than": 70000, "less_than": 80000}}),
            ([WORKS], ["新买了空压机3台，单价不到8万"], {price: {"less_than": 80000}}),
        ]
    )


def test_a_figure_told_again_with_another_year_moves_there() -> None:
    sales, parcels = "enterprise.online_sales", "enterprise.parcels"
    told = ["网上零售去年8200万 从海珵发的包裹61万件", "8200万和61万件是前年的 去年是9900万 70.5万件"]
    moved = {
        f"{sales}.2023": 82000000,
        f"{sales}.2024": 99000000,
        f"{parcels}.2023": 610000,
        f"{parcels}.2024": 705000,
    }
    check_rows([([SHOPS], told, moved), ([SHOPS], [told[0], "8200万够哪一档"], {f"{sales}.2024": 82000000})])


def test_a_groups_figure_beside_our_own_is_not_ours() -> None:
    revenue = "enterprise.revenue.2024"
    check_rows(
        [
            ([WORKS], ["集团去年营收38亿 我们自己5.2个亿"], {revenue: 520000000}),
            ([WORKS], ["我们集团去年营收38亿"], {revenue: 3800000000}),
        ]
    )


def test_a_denial_that_comes_last_or_a_day_without_its_sign() -> None:
    check_rows(
        [
            ([SHOPS], ["网店我们自己是不开的"], {"enterprise.ecommerce_business": False}),
            ([WORKS], ["公司2024年1月22成立"], {"enterprise.founded": "2024-01-22"}),
            ([WORKS], ["有个新项目，总投资3亿，竣工按期的"], {"projects.0.completed": True}),
            ([WORKS], ["我们引进了个博士", "职称他没有"], {"persons.0.title": "none"}),
        ]
    )


def test_what_is_anothers_planned_paid_back_or_of_another_year() -> None:
    """The figure, the thing and the time that a message brings up beside those of the enterprise."""
    price, count = "devices.0.price", "devices.0.quantity"
    revenue, settled = "enterprise.revenue.2024", "enterprise.settlement"
    check_rows(
        [
            ([WORKS], ["去年营收3200万 前年2800"], {"enterprise.revenue.2023": 28000000}),
            ([SHOPS], ["结算额去年12.5亿 前年是9.8"], {f"{settled}.2023": 980000000}),
            ([WORKS], ["省级技术创新资金批了260万 实际到账150"], {"enterprise.provincial_received": 1500000}),
            ([WORKS], ["去年营收两亿六千五"], {revenue: 265000000}),
            ([WORKS], ["有个老客户去年营收8000万"], {revenue: None}),
            ([WORKS], ["给我们供货的那家厂去年营收6000万"], {revenue: None}),
            ([WORKS], ["打算明年扩产 买6台冲床 一台30万"], {"devices": None}),
            ([WORKS], ["买了6台冲床 30万一台 1台压铸机200万"], {count: 6, "devices.1.price": 2000000}),
            (
                [WORKS],
                ["新购磨床4台 每台20万", "铣床6台 每台30万 退了1台 实际留下5台"],
                {count: 4, "devices.1.quantity": 5},
            ),
            ([WORKS], ["新购磨床4台 每台20万", "那台铲车是借的 别算"], {count: 4, price: 200000}),
            ([WORKS], ["技改从银行贷了900万 已经还了300万"], {"loans.0.principal": 9000000}),
            ([WORKS], ["2021年出过较大事故"], {SAFE: None}),
            ([WORKS], ["2024年出过较大事故"], {SAFE: True}),
            ([WORKS], ["营业收入去年500万前年400万", "营收先别记了"], {revenue: None, "enterprise.revenue.2023": None}),
            (
                [SHOPS],
                ["结算额去年12亿前年10亿", "前年的结算额先别记"],
                {f"{settled}.2024": 1200000000, f"{settled}.2023": None},
            ),
            ([SHOPS], ["我们和母公司都没上过失信名单"], {HONEST: False}),
            ([WORKS], ["去年没招人"], {"enterprise.new_employees": 0}),
            ([WORKS], ["也没贷过款"], {"loans": []}),
            (
                [SHOPS],
                ["南浦电商园 今年刚认定的", "入驻45家"],
                {"parks.0.newly_recognised": True, "parks.0.tenants": 45},
            ),
            ([SHOPS], ["南浦电商园 听说在招商"], {"parks": None}),
            ([SHOPS], ["如果结算额有20亿能拿多少 我们去年才11亿"], {f"{settled}.2024": 1100000000}),
        ]
    )


def test_another_firm_beside_us_and_that_sort_of_thing() -> None:
    revenue, accident = "enterprise.revenue.2024", "enterprise.accident_last_year"
    ours = "营收去年2.05亿 去年没出过事故"
    check_rows(
        [
            (
                [WORKS],
                [ours, "集团里另一个公司去年营收8亿 它那边出了较大事故 换它报行不行"],
                {revenue: 205000000, accident: False},
            ),
            ([WORKS], ["首台套那种产品没有"], {"machines": []}),
            (
                [WORKS],
                ["新厂区项目总投资11亿", "领导口头说带动作用大 不过没个正式说法 这条先别记"],
                {"projects.0.total_investment": 1100000000},
            ),
        ]
    )


def test_a_topic_is_denied_and_the_purpose_of_a_loan_denies_nothing_else() -> None:
    upgraded, purpose = "enterprise.renovation", "loans.0.renovation"
    check_rows(
        [
            ([WORKS], ["技改？没做过"], {upgraded: False}),
            ([WORKS], ["技改现在还没做，下半年再说"], {upgraded: False}),
            ([WORKS], ["规上？一直没进过"], {"enterprise.industry_listed": "never"}),
            ([WORKS], ["技改去年做了", "另外借了150万发工资，跟技改没关系"], {upgraded: True}),
            ([WORKS], ["技改贷款没有"], {"loans": [], upgraded: None}),
            ([WORKS], ["有笔500万的流动资金贷款"], {purpose: False, "loans.0.principal": 5000000, upgraded: None}),
            ([WORKS], ["去年摘了块80亩的工业地"], {"projects.0.new_land": True}),
            ([WORKS], ["去年引进一个硕士，92年4月生"], {"persons.0.born": "1992-04"}),
        ]
    )


def test_what_is_left_or_put_right_beside_other_things() -> None:
    rest, tenants = "enterprise.online_sales.2024", "parks.0.tenants"
    machines = {"devices.0.quantity": 6, "devices.1.quantity": 10}
    check_rows(
        [
            ([SHOPS], ["去年网上卖了3000万，其中批发占800万，真正零售2200万"], {rest: 22000000}),
            ([SHOPS], ["去年网上卖了3000万，批发800万，零售2200万"], {rest: 30000000}),
            ([SHOPS], ["我们运营个电商园，入驻52家", "52家里有3家是食堂物业，算企业49家"], {tenants: 49}),
            ([SHOPS], ["去年本市客户三十多家", "精确点35家。营收去年640万"], {"enterprise.clients.2024": 35}),
            (
                [WORKS],
                ["新买6台切割机85万一台，还有12台焊机每台3万2", "贴息领过8万。焊机我记错了，10台"],
                {**machines, "enterprise.interest_received": 80000},
            ),
            ([WORKS], ["贷款LPR3.85", "我看错了3.85是合同上的，LPR是3.65"], {"loans.0.years": None}),
        ]
    )


def test_the_unit_told_once_and_the_day_told_closer() -> None:
    province, day = "enterprise.provincial_received", "enterprise.reached_2m"
    check_rows(
        [
            ([WORKS], ["省级技术创新资金 批120 到账70（万）"], {province: 700000}),
            ([WORKS], ["首台套认定了，合同价900万，后来优惠了点，实际卖了860"], {"machines.0.price": 8600000}),
            ([SHOPS], ["去年11月累计到的200万", "查到了，是11月8号"], {day: "2024-11-08"}),
            ([SHOPS], ["2月3号卖满的200万"], {day: "2025-02-03"}),
            ([WORKS], ["十年前就进规上了"], {"enterprise.industry_listed": None}),
            ([SHOPS], ["今年规模奖励5万上礼拜刚到账"], {"enterprise.received_this_year": 50000}),
            ([SHOPS], ["规模奖励20万能到账吗"], {"enterprise.received_this_year": None}),
        ]
    )


def test_what_is_not_there_yet_is_not_what_is_taken_back() -> None:
    check_rows(
        [
            ([SHOPS], ["我们运营电商园，面积9800平", "二期图纸都没定呢，别算进去"], {"parks.0.area": 9800}),
            ([SHOPS], ["有个园区1.2万平", "园区那个别写了，是我表哥公司的"], {"parks.0.area": None}),
            ([SHOPS], ["电商是子公司在做，厂里自己不做电商"], {"enterprise.ecommerce_business": False}),
            ([SHOPS], ["园里的商家去年网上合计卖了3个亿"], {"enterprise.online_sales.2024": None}),
            (
                [WORKS],
                ["技改贷款有两笔，一笔1200万", "另一笔800万，lpr3.45"],
                {"loans.0.lpr": None, "loans.1.lpr": 0.0345, "loans.1.principal": 8000000},
            ),
        ]
    )


def test_years_by_number_alone_or_in_brackets_behind_their_figure() -> None:
    sales = {"enterprise.revenue.2023": 4400000, "enterprise.revenue.2024": 5200000}
    check_rows(
        [
            ([SHOPS], ["营业收入 440万(23年)→520万(24年)"], sales),
            ([SHOPS], ["营业收入440万（2023年）、520万（2024年）"], sales),
            ([WORKS], ["营收：2023 440万 / 2024 520万"], sales),
            (
                [SHOPS],
                ["支付结算额这两年：2023是48亿，2024涨到62亿"],
                {"enterprise.settlement.2023": 4800000000, "enterprise.settlement.2024": 6200000000},
            ),
        ]
    )


def test_what_is_known_and_told_again_or_not_to_be_noted_changes_nothing() -> None:
    machine = ["有台破碎机认定首台套了，卖了680万"]
    project = ["新建项目，总投资12亿"]
    check_rows(
        [
            ([WORKS], [*machine, "报价其实720万，实际卖的是680，你按680记"], {"machines.0.price": 6800000}),
            ([WORKS], [*machine, "不是680，是720万"], {"machines.0.price": 7200000}),
            (
                [WORKS],
                [*project, "产业链带动突出不突出还没正式评，先别写"],
                {"projects.0.total_investment": 1200000000},
            ),
        ]
    )


def test_a_kind_that_holds_too_and_a_grant_that_is_named_like_the_fact() -> None:
    check_rows(
        [
            ([WORKS], ["我们是工业企业，也是电商企业"], {"enterprise.industrial": True}),
            ([WORKS], ["入库奖那10万还没申请"], {"enterprise.industry_listed": None}),
            ([WORKS], ["规上还没进"], {"enterprise.industry_listed": "never"}),
            ([SHOPS], ["网上卖的没有单独算"], {"enterprise.ecommerce_business": True}),
        ]
    )
