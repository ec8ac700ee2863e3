"""Things of lists and figures of years as they are told in one breath, put right and taken back, on the example packs."""

from tests.conversations.test_kinds_on_the_example_packs import SHOPS, WORKS, check_rows

SALES, PARCELS, REVENUE = (f"enterprise.{name}" for name in ("online_sales", "parcels", "revenue"))
BOUGHT = "技改买了灌装机，单价42万 3台 贴标机9.5万一台 5台"


def test_rows_of_a_name_a_price_and_a_count() -> None:
    check_rows(
        [
            ([WORKS], ["技改新购设备：涂布线180万 1台；分切机12万5 4台"], {"devices.0.price": 1800000, "devices.1.price": 125000}),
            ([WORKS], ["技改买了印刷机30万一台 2台", "还有覆膜机 6万一台 9台"], {"devices.0.quantity": 2, "devices.1.quantity": 9}),
            ([WORKS], ["技改买了印刷机30万一台 2台", "还有一台烫金机 二十一万三"], {"devices.1.price": 213000}),
            ([WORKS], [BOUGHT, "不对，贴标机是7台"], {"devices.0.quantity": 3, "devices.1.quantity": 7}),
            ([WORKS], [BOUGHT, "灌装机数量改一下，实际买了4台"], {"devices.0.quantity": 4, "devices.1.quantity": 5}),
            ([WORKS], [BOUGHT, "更正：灌装机单价是40万"], {"devices.0.price": 400000, "devices.1.price": 95000}),
            ([WORKS], [BOUGHT, "贴标机不足10万的算不算？"], {"devices.1.price": 95000}),
            ([WORKS], [BOUGHT, "第五台供应商还没发货"], {"devices.1.price": 95000, "devices.2": None}),
        ]
    )  # fmt: skip


def test_which_thing_is_meant_and_which_is_not() -> None:
    two = "两笔银行贷款 都是技改的 400万 LPR 3.2 付了一年；700万 LPR 3.5 付了两年"
    phases = "两个项目 北岸一期用地50亩 固定资产投资2亿"
    persons = "引进两个人 一个博士 1986年3月2号生 合同5年；一个硕士 1991年5月生 合同3年"
    check_rows(
        [
            ([WORKS], [two, "400那笔不报了 删掉吧"], {"loans.0.principal": 7000000, "loans.1": None}),
            ([WORKS], [two, "第一笔删掉"], {"loans.0.principal": 7000000, "loans.1": None}),
            ([WORKS], [two, "550万那笔删掉"], {"loans.0.principal": 4000000, "loans.1.principal": 7000000}),
            ([WORKS], ["目前一笔贷款都没有"], {"loans": []}),
            ([WORKS], [phases, "二期是老厂房改扩建 总投3000万"], {"projects.0.mu": 50, "projects.1.total_investment": 30000000}),
            ([WORKS], [persons, "硕士那位津贴领过一年，另一个没领过"], {"persons.0.years_received": 0, "persons.1.years_received": 1}),
            ([WORKS], ["我们技术总监 博士 84年9月的 合同4年", "他那个津贴领过一年"], {"persons.0.contract": 4, "persons.0.years_received": 1}),
            ([WORKS], ["我们搞了技改", "还有一笔300万的流贷 那个跟技改没关系"], {"enterprise.renovation": True}),
            ([WORKS], ["总工 今年46岁 正高级 合同4年"], {"persons.0.born": None}),
            ([WORKS], [BOUGHT, "灌装机数量改一下，实际买了4台", "贴标机那几台是租的 不是买的 别算进去了"], {"devices.0.quantity": 4, "devices.1": None}),
            ([WORKS], [BOUGHT, "技改贷款600万", "贴标机退了一台 还剩4台"], {"devices.0.quantity": 3, "devices.1.quantity": 4}),
            ([WORKS], [BOUGHT, "灌装机那个单价是40万"], {"devices.0.price": 400000, "devices.1.price": 95000}),
            ([WORKS], [BOUGHT, "灌装机 后来又租了2台"], {"devices.0.quantity": 3, "devices.1.quantity": 5}),
            ([WORKS], ["技改买了8台绣花机 21万一台 顺手收了两台旧的横机"], {"devices.0.quantity": 8, "devices.1": None}),
            ([WORKS], ["我们有两台产品认定了首台套 一台卖了310万 一台295万"], {"machines.1.recognised": True, "machines.1.price": 2950000}),
            ([WORKS], ["有台设备认定了首台套 卖了310万", "还有一款在走认定 没卖"], {"machines.0.recognised": True, "machines.1.recognised": False}),
            ([WORKS], ["有台设备认定了首台套 卖了310万", "另外一台滤水机认定还没下来 卖了95万"], {"machines.1.recognised": False, "machines.1.price": 950000}),
            ([WORKS], ["引进一个博士 88年的 津贴去年领过第一年"], {"persons.0.born": "1988", "persons.0.contract": None}),
            ([SHOPS, WORKS], ["有台设备认定了首台套 卖了310万", "另外在网上卖配件 去年零售120万"], {f"{WORKS}.machines.0.price": 3100000, f"{SHOPS}.{SALES}.2024": 1200000}),
        ]
    )  # fmt: skip


def test_totals_parts_and_years() -> None:
    both = {f"{SHOPS}.{SALES}.2024": 31000000, f"{REVENUE}.2024": 125000000}
    told = "营业收入去年5.4亿 前年4.9亿"
    check_rows(
        [
            ([SHOPS], ["去年网上1100万 线下700万 总共1800万"], {f"{SALES}.2024": 11000000}),
            ([SHOPS, WORKS], ["去年总营收1.25亿 其中网上3100万。前年网上2500万 总的是1.1亿"], {**both, f"{REVENUE}.2023": 110000000}),
            ([SHOPS], ["去年营业收入5.12亿", "2023是4.88亿"], {f"{REVENUE}.2023": 488000000}),
            ([SHOPS], [told, "前年那个数先去掉"], {f"{REVENUE}.2023": None, f"{REVENUE}.2024": 540000000}),
            ([SHOPS], [told, "去年的门店数删了吧"], {f"{REVENUE}.2023": 490000000, f"{REVENUE}.2024": 540000000}),
            ([SHOPS], ["去年从本市发包裹28万件", "28万件那个麻烦先拿掉 里头混了退货"], {f"{PARCELS}.2024": None}),
            ([SHOPS], ["去年从本市发包裹28万件", "包裹28万件 去掉退货是25万件"], {f"{PARCELS}.2024": 250000}),
            ([SHOPS], ["我们运营一个电商园 入驻52家 建筑面积12000平", "52家那个先别记"], {"parks.0.tenants": None, "parks.0.area": 12000}),
            ([SHOPS], [told, "24年的说错了 审计后是5.36亿"], {f"{REVENUE}.2024": 536000000}),
            ([SHOPS], ["去年线上5500万", "5500把批发算进去了 网络零售是4800万。前年网络零售4100万"], {f"{SALES}.2024": 48000000, f"{SALES}.2023": 41000000}),
            ([SHOPS], ["今年到账了规模奖励9万，又到了发货补助11.5万"], {"enterprise.received_this_year": 205000}),
            ([SHOPS], ["今年到账了规模奖励9万，发货补助8万还没到"], {"enterprise.received_this_year": 90000}),
            ([WORKS], ["贷款贴息领过两次 一次15万 一次20万5"], {"enterprise.interest_received": 355000}),
            ([WORKS], ["省级技术创新资金到账180万", "那就按150报吧"], {"enterprise.provincial_received": 1500000}),
        ]
    )  # fmt: skip


def test_a_year_is_told_by_the_one_after_it() -> None:
    two = {f"{REVENUE}.2023": 210000000, f"{REVENUE}.2024": 260000000}
    check_rows(
        [
            ([SHOPS], ["2024年度营业收入2.6亿元,上一年2.1亿"], two),
            ([SHOPS], ["去年营收2.6亿 再往前一年2.1亿"], two),
            ([SHOPS], ["去年营收2.6亿，前一年2.1亿，再前一年1.9亿"], {**two, f"{REVENUE}.2022": 190000000}),
            ([SHOPS], ["上年度营收2.6亿，再上一年2.1亿"], two),
            ([SHOPS], ["2024年营收2.6亿，上年度网络零售2100万"], {f"{REVENUE}.2024": 260000000, f"{SALES}.2024": 21000000}),
            ([SHOPS], ["上年度网络零售2100万"], {f"{SALES}.2024": 21000000}),
            ([WORKS], ["去年营收2.6亿 前年2.1亿 没上过失信 技改没做过"], {**two, "enterprise.dishonest": False, "enterprise.renovation": False}),
            ([WORKS], ["前年没做过技改"], {"enterprise.renovation": None}),
            ([SHOPS], ["去年营收2.6亿 比前一年多3000万"], {f"{REVENUE}.2024": 260000000, f"{REVENUE}.2023": None}),
        ]
    )  # fmt: skip


def test_what_is_left_of_a_figure_is_told_by_the_sum() -> None:
    park = "我们运营一个电商园 建筑面积12000平 入驻企业57家"
    tenants = "parks.0.tenants"
    check_rows(
        [
            ([SHOPS], [park, "57家里有四家退租了 按53家报"], {tenants: 53}),
            ([SHOPS], [park, "那57家里头3家还没搬进来 不算他们54"], {tenants: 54}),
            ([SHOPS], [f"{park} 里面有2家是虚的 实际55家"], {tenants: 55}),
            ([SHOPS], [park, "57家里50家是卖货的 就7家是工厂"], {tenants: 57}),
            ([SHOPS], [park, "57家里有7家没搬进来 是不是只能算50家？"], {tenants: 57}),
            ([SHOPS], ["给网店做代运营 去年本市客户44家", "44家里5家是外市的 本地就39家"], {"enterprise.clients.2024": 39}),
            ([WORKS], ["省级技术创新资金到账160万", "160里有45万是区里的 省级真正到账115万"], {"enterprise.provincial_received": 1150000}),
            ([WORKS], ["有台设备认定了首台套 合同560万 后来让了30 实际530万成交"], {"machines.0.price": 5300000}),
            ([WORKS], ["去年营收5.1亿", "5.1亿里网上1.1亿 那线下就4亿"], {f"{REVENUE}.2024": 510000000}),
        ]
    )  # fmt: skip


def test_figures_told_the_wrong_way_round() -> None:
    told = "23年营收1.42亿，24年1.31亿"
    check_rows(
        [
            ([WORKS], [told, "营收那两个数我填反了"], {f"{REVENUE}.2023": 131000000, f"{REVENUE}.2024": 142000000}),
            ([WORKS], [told, "看了报表 写颠倒了 1.42亿是24年的 营收"], {f"{REVENUE}.2023": 131000000, f"{REVENUE}.2024": 142000000}),
            ([WORKS], [told, "说反了 24年是1.52亿"], {f"{REVENUE}.2023": 142000000, f"{REVENUE}.2024": 152000000}),
            ([WORKS], [BOUGHT, "两种的单价报反了"], {"devices.0.price": 95000, "devices.1.price": 420000, "devices.0.quantity": 3}),
            ([WORKS], [told, "我们的观点正好跟他们说的反了过来"], {f"{REVENUE}.2024": 131000000}),
        ]
    )  # fmt: skip


def test_whose_it_is() -> None:
    check_rows(
        [
            ([SHOPS], ["我们运营一个电商园 46家在里头 有家做女装的去年线上卖了八千多万"], {f"{SALES}.2024": None, "parks.0.tenants": 46}),
            ([WORKS], ["我是替母公司来问的 母公司是装备制造企业 登记在海珵"], {"enterprise.sector": "equipment"}),
            ([WORKS], ["我们米粉厂想问问规模奖励"], {"enterprise.industrial": True, "enterprise.sector": "food"}),
            ([WORKS], ["隔壁米粉厂想问问规模奖励", "米粉厂能领多少"], {"enterprise.industrial": None, "enterprise.sector": None}),
            ([WORKS], ["不是装备电子食品纺织 行业归其他吧"], {"enterprise.sector": "other"}),
            ([SHOPS], ["我是青禾电商产业园的运营经理 去年12月刚认定 入驻43家"], {"parks.0.tenants": 43}),
            ([SHOPS], ["青禾电商产业园的,我是招商部的。园区去年12月刚认定"], {"parks.0.newly_recognised": True}),
            ([SHOPS], ["我是青禾电商产业园的租户 去年12月刚搬来"], {"parks": None}),
            ([SHOPS], ["听青禾电商产业园的经理说 去年12月刚认定"], {"parks": None}),
            ([SHOPS], ["我们给网店做代运营 自己一个店都没开"], {"enterprise.ecommerce_business": False}),
            ([SHOPS], ["给网店做代运营，最大的客户一年给我们60万", "海珵这边一共33家客户 说的是去年"], {"enterprise.serves_ecommerce": True}),
            ([WORKS], ["去年集团合并营收5.3亿 我们本部2.7亿"], {f"{REVENUE}.2024": 270000000}),
            ([WORKS], ["去年合并营收5.3亿"], {f"{REVENUE}.2024": 530000000}),
            ([SHOPS, WORKS], ["去年营收5.3亿 我们是工业企业", "其中网上零售1.1亿 前年网上0.9亿"], {f"{SHOPS}.{SALES}.2024": 110000000}),
            ([SHOPS], ["我们园里最大的商家去年网上卖了1.3亿"], {f"{SALES}.2024": None}),
            ([SHOPS], ["最大的店去年网上卖了1300万"], {f"{SALES}.2024": 13000000}),
            ([SHOPS], ["网店是控股子公司蓝帆在运营 去年网络零售4100万"], {f"{SALES}.2024": None}),
            ([SHOPS], ["我们给网店做代运营", "海珵本地就31家"], {"enterprise.place_registered": None}),
            ([SHOPS], ["我们是海珵本地的公司，给31家网店做代运营"], {"enterprise.place_registered": "990600"}),
            ([SHOPS], ["我替表哥问的 不对 先说我自己的", "我表哥的厂去年营收4亿多"], {f"{REVENUE}.2024": None}),
        ]
    )  # fmt: skip
