"""The check of the second edition's packs: what is right is clean, and each mistake is named where it stands."""

from pathlib import Path
from typing import NamedTuple

import pytest

from knowledge.folders import Mistake
from knowledge.loading import check, load
from tests.knowledge.small_packs import SHEETS, read, sheet, write
from tests.table import check_each

NAMES = sorted(path.stem for path in SHEETS.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_that_is_right_is_clean(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / name, sheet(name))
    assert list(map(str, check(folder))) == []
    assert load(folder).id == name


class Row(NamedTuple):
    """In the sheet ``old`` becomes ``new``; then ``file`` has ``says``, on a line that has ``line``."""

    sheet: str
    old: str
    new: str
    file: str
    says: str
    line: str = ""


P, D, F = "programmes.yaml", "policy.yaml", "facts.yaml"
ROWS: dict[str, Row] = {
    # examples
    "an example is told before the limits": Row("plain", "amount: [3000, 3000]", "amount: [2000, 2000]", P, "should pay [2000, 2000], but the rules say [3000, 3000]; an example shows the award by itself"),
    "an example whose day is missing": Row("growth", 'case: {"on": 2024-06-30, enterprise: {born: 1990-01-01', "case: {enterprise: {born: 1990-01-01", P, "the day is missing, add it to the case"),
    # units of figures
    "a sum in 元 is no share": Row("amounts", "rate: {from: 0.01, to: 0.02}", "rate: {from: 0.01, to: 5000}", P, "does not state 5000 as a ratio"),
    "a sum per unit is no rate": Row("amounts", "{kind: per_unit, price: 100, of: enterprise.mu,", "{kind: share, rate: 100, of: enterprise.mu,", P, "there it is money", "rate: 100"),
    "a share of what is no money": Row("amounts", "{kind: per_unit, price: 100, of: enterprise.mu,", "{kind: share, rate: 100, of: enterprise.mu,", P, "so much for each unit is `per_unit`"),
    "a price for each 亩 on 平方米": Row("amounts", "price: 100, of: enterprise.mu", "price: 100, of: enterprise.area", P, "this is paid for an area, and the quote “每亩奖励100元” prices each 亩", "price: 100"),
    "a price for each 亩 on 公顷": Row("amounts", "unit: 亩, whole: false, reads: {units: {公顷: 15}}", "unit: 公顷, whole: false, reads: {units: {亩: 0.0667}}", P, "paid for a count of 公顷, and the quote “每亩奖励100元” prices each 亩"),
    "a price for each 件 on 人": Row("amounts", "unit: 件, counter: 件", "unit: 人", P, "prices each 件", "price: 0.2"),
    "a band's price for another unit": Row("amounts", "{kind: per_unit, price: 100, of: enterprise.mu, quote: 每亩奖励100元}", "{kind: bands, of: enterprise.area, bands: [{price: 100}], quote: 每亩奖励100元}", P, "prices each 亩"),
    "亩 is no area": Row("growth", "{id: enterprise.mu, type: count, unit: 亩, whole: false}", "{id: enterprise.mu, type: money}", P, "does not state 3000000 as a ratio"),
    "万 with a unit of things is no money": Row("amounts", "value: 100000, quote: 包裹超过10万件", "value: 200000, quote: 包裹超过10万件", P, "does not state 200000 before 件", "value: 200000"),
    "a count in another unit": Row("amounts", "unit: 件, counter: 件", "unit: 箱", P, "does not state 100000 before 箱 (there it stands before “件"),
    "万元 taken for 元": Row("amounts", "amounts: [50000, 30000, 20000]", "amounts: [5, 3, 2]", P, "does not state 5 as money"),
    "per mille taken for percent": Row("growth", "rate: 0.005", "rate: 0.05", P, "does not state 0.05 as a ratio"),
    "years that are not there": Row("growth", "value: 45, quote: 负责人不超过45周岁", "value: 50, quote: 负责人不超过45周岁", P, "does not state 50 as years"),
    "months taken for years": Row("growth", "than: {shift: enterprise.founded, years: 1}", "than: {shift: enterprise.founded, months: 1}", P, "does not state 1 as months"),
    "a cap that is not there": Row("amounts", "cap: 400000", "cap: 500000", P, "does not state 500000 as money", "cap: 500000"),
    "a floor that is not there": Row("amounts", "floor: 10000", "floor: 20000", P, "does not state 20000 as money"),
    "a step that is not there": Row("amounts", "step: 10000", "step: 20000", P, "does not state 20000 before 人次"),
    "what each step pays": Row("amounts", "each: 10000", "each: 30000", P, "does not state 30000 as money"),
    "an edge of a band": Row("amounts", "less_than: 50000000, amount: 50000, quote: 零售额1000万元以上、不足5000万元的，奖励5万元}, {at_least: 50000000", "less_than: 60000000, amount: 50000, quote: 零售额1000万元以上、不足5000万元的，奖励5万元}, {at_least: 60000000", P, "does not state 60000000 as money"),
    "a marginal rate": Row("amounts", "more_than: 50000000, rate: 0.01", "more_than: 50000000, rate: 0.02", P, "does not state 0.02 as a ratio"),
    "a level of a rate": Row("amounts", "four: 0.8", "four: 0.9", P, "does not state 0.9 as a ratio"),
    "a row's amount": Row("amounts", "amount: 150000, quote: 食品", "amount: 160000, quote: 食品", P, "does not state 160000 as money"),
    "a row's condition": Row("amounts", "value: 100000000", "value: 300000000", P, "does not state 300000000 as money"),
    "what is paid otherwise": Row("amounts", "otherwise: 50000", "otherwise: 60000", P, "does not state 60000 as money"),
    "a figure of a term": Row("amounts", "of: {difference: [enterprise.parcels, 100000]}", "of: {difference: [enterprise.parcels, 90000]}", P, "does not state 90000 before 件"),
    "a constant in a product": Row("growth", "{least: [loans.years, 2]}, 0.5]", "{least: [loans.years, 2]}, 0.6]", P, "does not state 0.6"),
    "the lesser of two": Row("growth", "{least: [loans.years, 2]}", "{least: [loans.years, 3]}", P, "does not state 3 as years"),
    "so many of several": Row("growth", "n: 2", "n: 3", P, "does not state 3"),
    "a share of a payout": Row("amounts", "shares: [0.5, 0.3, 0.2]", "shares: [0.6, 0.2, 0.2]", P, "does not state 0.6 as a ratio"),
    "the times of a payout": Row("amounts", "times: 3, at: [开工, 封顶, 开业]", "times: 4, at: [开工, 封顶, 开业, 满年]", P, "does not state 4"),
    "a cap on several": Row("amounts", "amount: 800000", "amount: 900000", D, "does not state 900000 as money"),
    "years of validity": Row("amounts", "for: {years: 3}", "for: {years: 5}", D, "does not state 5 as years"),
    "the day of a condition": Row("growth", "to: 2022-02-28, quote", "to: 2022-02-27, quote", P, "does not state 2022-02-27 with its year, month and day"),
    "the day of validity": Row("growth", "valid: {from: 2021-03-01", "valid: {from: 2021-04-01", D, "does not state 2021-04-01"),
    "the day of a call": Row("amounts", "to: 2024-04-30", "to: 2024-05-31", D, "does not state 2024-05-31"),
    # quotes
    "a quote of another clause": Row("amounts", "clause: \"10\", quote: 超出预算的", "clause: \"9\", quote: 超出预算的", D, "stands in clause 10, not in clause 9"),
    "a part's own clause that there is not": Row("amounts", "enterprise.violation}, clause: \"10\"", "enterprise.violation}, clause: \"100\"", P, "no `100` in clauses"),
    "a quote without its own clause": Row("amounts", "enterprise.violation}, clause: \"10\"", "enterprise.violation}", P, "stands in clause 10, not in clause 5"),
    "a condition without quote": Row("growth", "quote: 2023年度营业收入比上年增长15%以上}", "clause: \"1\"}", P, "the quote is empty or missing"),
    "a meets without quote": Row("growth", "programme: entry, quote: 符合入库奖条件}", "programme: entry}", P, "the quote is empty or missing"),
    "an amount without quote": Row("growth", "amount: 100000, quote: 奖励10万元", "amount: 100000", P, "the quote is empty or missing"),
    "a payout without quote": Row("amounts", ", quote: 分三年拨付}", "}", P, "the quote is empty or missing"),
    "a limit without quote": Row("amounts", "less: enterprise.received, clause: \"9\", quote: 租金、首店两项一年合计不超过80万元，当年已领的一并计算", "less: enterprise.received", D, "the quote is empty or missing"),
    "a call without quote": Row("amounts", ", quote: 第一条的奖励于2024年3月1日至4月30日申报", "", D, "the quote is empty or missing"),
    "validity without quote": Row("amounts", ", quote: 自2023年1月1日起施行三年", "", D, "the quote is empty or missing"),
    "a demand without quote": Row("growth", "{clause: \"3\", quote: 在榆川市登记, condition", "{clause: \"3\", condition", D, "the quote is empty or missing"),
    "a band's quote": Row("amounts", "quote: 2亿元以上的，一事一议", "quote: 3亿元以上的，一事一议", P, "is not in source.txt"),
    "a quote of what is not modelled": Row("amounts", "quote: 每份合同收费50元", "quote: 每份合同收费60元", D, "is not in source.txt"),
    "a quote of the rule across documents": Row("amounts", "quote: 与其他政策就高不重复", "quote: 与其它政策就高不重复", D, "is not in source.txt"),
    "a quote of an office": Row("amounts", "clause: \"11\", quote: 区经信局受理第六条", "clause: \"10\", quote: 区经信局受理第六条", D, "no"),
    "a summary with a figure of no clause": Row("amounts", "合计不超过 80 万元。", "合计不超过 90 万元。", P, "the summary says 900000"),
    # names
    "a fact of a term": Row("growth", "[enterprise.paid, enterprise.capital]", "[enterprise.payed, enterprise.capital]", P, "did you mean `enterprise.paid`?"),
    "a list of a term": Row("growth", "kind: any_item, list: devices", "kind: any_item, list: device", P, "did you mean `devices`?"),
    "a list that is none": Row("growth", "kind: any_item, list: devices", "kind: any_item, list: enterprise", P, "`enterprise` is no list"),
    "a programme that is met": Row("growth", "programme: entry,", "programme: entri,", P, "did you mean `entry`?"),
    "a programme of a limit": Row("amounts", "of: [rent, store]", "of: [rent, stores]", D, "did you mean `store`?"),
    "a programme of a call": Row("amounts", "programmes: [scale]", "programmes: [scal]", D, "did you mean `scale`?"),
    "a programme of a selection": Row("amounts", "programmes: [visits]", "programmes: [visit]", D, "did you mean `visits`?"),
    "a programme of an office": Row("amounts", "programmes: [hotel]", "programmes: [hotels]", D, "did you mean `hotel`?"),
    "a programme of a demand": Row("amounts", "except: [industry]", "except: [industries]", D, "did you mean `industry`?"),
    "a clause that is not modelled": Row("amounts", "{clause: \"12\", why", "{clause: \"13\", why", D, "no `13` in clauses"),
    "a choice of a level": Row("amounts", "four: 0.8", "fourth: 0.8", P, "no choice of `hotels.star`"),
    "a fact of another list": Row("growth", "fact: devices.price, value", "fact: loans.principal, value", P, "is a fact of a list"),
    "a year that is missing": Row("growth", "{growth: enterprise.revenue@2023}", "{growth: [enterprise.revenue, enterprise.revenue@2022]}", P, "has a figure for each year"),
    "a year of what has none": Row("growth", "[enterprise.paid, enterprise.capital]", "[enterprise.paid@2021, enterprise.capital]", P, "has no figure by year"),
    "growth of what has no year": Row("growth", "{growth: enterprise.revenue@2023}", "{growth: enterprise.revenue}", P, "`enterprise.revenue` has no year"),
    "a year that is none": Row("growth", "{growth: enterprise.revenue@2023}", "{growth: [enterprise.revenue@soon, enterprise.revenue@2022]}", P, "`@soon` is no year of a figure"),
    # terms that fit
    "money with a number of things": Row("growth", "{least: [loans.years, 2]}", "{least: [loans.years, loans.principal]}", P, "do not fit together"),
    "a date with a figure": Row("growth", "than: {shift: enterprise.founded, years: 1}", "than: enterprise.paid", P, "where a date is wanted"),
    "a date with a number": Row("growth", "{kind: between, fact: enterprise.listed, from: 2021-03-01, to: 2022-02-28,", "{kind: at_least, fact: enterprise.listed, value: 2021,", P, "a date is compared with a date"),
    "a figure with a date": Row("growth", "value: 45, quote", "value: \"2045\", quote", P, "a figure is compared with a number"),
    "time gone by of figures": Row("growth", "{elapsed: [enterprise.founded, \"on\"], in: years}", "{elapsed: [enterprise.paid, \"on\"], in: years}", P, "where a date is wanted"),
    "a rate that is money": Row("growth", "rate: {term: loans.rate}", "rate: {term: loans.principal}", P, "where a ratio is wanted"),
    "dates added up": Row("growth", "{elapsed: [enterprise.founded, \"on\"], in: years}", "{difference: [\"on\", enterprise.founded]}", P, "dates are not added up"),
    "a bool in a term": Row("growth", "[enterprise.paid, enterprise.capital]", "[enterprise.tea, enterprise.capital]", P, "is a bool fact"),
    "a place that is no place": Row("growth", "{kind: in_place, fact: enterprise.place, within: [\"990500\"], quote", "{kind: in_place, fact: enterprise.tea, within: [\"990500\"], quote", P, "needs one of type place"),
    "a derived fact of another unit": Row("growth", "derive: {elapsed: [enterprise.born, \"on\"], in: years}", "derive: enterprise.paid", F, "where a number of years is wanted"),
    "what has been received": Row("amounts", "less: enterprise.received", "less: enterprise.parcels", D, "where money is wanted"),
    # circles
    "a fact derived from itself": Row("growth", "derive: {elapsed: [enterprise.born, \"on\"], in: years}", "derive: {sum: [enterprise.age, 1]}", F, "derived from itself"),
    "a programme that meets itself": Row("growth", "- {kind: between, fact: enterprise.listed,", "- {kind: meets, programme: entry, quote: 首次入库}\n      - {kind: between, fact: enterprise.listed,", P, "meets itself"),
    # what conditions and amounts cannot be
    "a condition that always holds": Row("growth", "{kind: at_most, fact: enterprise.age, value: 45", "{kind: at_least, fact: enterprise.age, value: 0", P, "follows from the limits"),
    "a condition that never holds": Row("amounts", "value: 10000000, quote: 零售额1000万元以上}", "value: 10000000, quote: 零售额1000万元以上}, {kind: less_than, fact: enterprise.sales, value: 0, quote: 零售额}", P, "follows from the limits"),
    "more than there are": Row("growth", "n: 2", "n: 4", P, "there are only 3 conditions"),
    "a span that ends before it begins": Row("growth", "from: 2021-03-01, to: 2022-02-28, quote", "from: 2022-02-28, to: 2021-03-01, quote", P, "`from` is later than `to`"),
    "bands with a gap": Row("amounts", "{at_least: 50000000, less_than: 200000000, rate", "{at_least: 60000000, less_than: 200000000, rate", P, "each band begins where the last one ends"),
    "an edge in two bands": Row("amounts", "{more_than: 10000000, at_most: 50000000, rate: 0.005}, {more_than: 50000000", "{more_than: 10000000, at_most: 50000000, rate: 0.005}, {at_least: 50000000", P, "each band begins where the last one ends"),
    "a band that pays twice": Row("amounts", "less_than: 50000000, amount: 50000,", "less_than: 50000000, amount: 50000, rate: 0.1,", P, "a band pays one of"),
    "discretion the wrong way round": Row("amounts", "{from: 0.01, to: 0.02}", "{from: 0.02, to: 0.01}", P, "`from` is above `to`"),
    "at most of no figure": Row("growth", "{kind: no_figure, basis: negotiated, quote: 一事一议}", "{kind: up_to, quote: 一事一议, amount: {kind: no_figure, basis: negotiated}}", P, "`up_to` needs an amount with a figure"),
    "the greatest of no figure": Row("growth", "{kind: no_figure, basis: negotiated, quote: 一事一议}", "{kind: greatest_of, quote: 一事一议, amounts: [{kind: no_figure, basis: negotiated}]}", P, "`greatest_of` needs an amount with a figure"),
    "a cap of no figure": Row("growth", "basis: negotiated, quote: 一事一议}", "basis: negotiated, cap: 5000000, quote: 合计达到500万元以上的，一事一议}", P, "write `up_to`"),
    "a cap over a band of no figure": Row("amounts", "amount: {kind: bands, of: enterprise.sales, bands:", "amount: {kind: bands, cap: 50000, of: enterprise.sales, bands:", P, "a part of this amount has no figure, and no `cap`", "cap: 50000"),
    "a floor under a row of no figure": Row("amounts", "otherwise: 50000", "floor: 50000\n      otherwise: {kind: no_figure, basis: negotiated}", P, "a part of this amount has no figure, and no `floor`", "floor: 50000"),
    "the greatest of a sum with no figure": Row("amounts", "otherwise: 50000", "otherwise: {kind: greatest_of, amounts: [50000, {kind: sum, amounts: [50000, {kind: no_figure, basis: negotiated}]}]}", P, "`greatest_of` needs an amount with a figure"),
    "at most of a level of no figure": Row("amounts", "otherwise: 50000", "otherwise: {kind: up_to, amount: {kind: by_level, fact: enterprise.industry, levels: {food: 50000, other: {kind: no_figure, basis: negotiated}}}}", P, "`up_to` needs an amount with a figure"),
    "shares that make less than the whole": Row("amounts", "shares: [0.5, 0.3, 0.2]", "shares: [0.5, 0.3]", P, "they should make 1"),
    "amounts that make less than the whole": Row("amounts", "amounts: [50000, 30000, 20000]", "amounts: [50000, 30000]", P, "should make the programme's fixed amount"),
    "milestones and payments": Row("amounts", "at: [开工, 封顶, 开业]", "at: [开工, 封顶]", P, "2 milestones are named for 3 payments"),
    # the document
    "an outer limit before an inner": Row("amounts", "    - {kind: cap, of: [rent, store], amount: 800000", "    - {kind: cap, of: [rent, store, hotel], amount: 800000, clause: \"9\", quote: 合计不超过80万元}\n    - {kind: cap, of: [rent, store], amount: 800000", D, "write inner limits before"),
    "a limit for items of nothing": Row("amounts", "{kind: cap, of: [rent, store], amount", "{kind: cap, per: item, of: [rent, store], amount", D, "programmes that share a list subject"),
    "groups of several that cut across another limit": Row("amounts", "of: [[rent, store], hotel]", "of: [[store, hotel], rent]", D, "groups of several programmes need limits within each other", "of:"),
    "groups that a limit holds only a part of": Row("amounts", "of: [[rent, store], hotel]", "of: [[store, visits], hotel]", D, "cut across each other", "of:"),
    "the highest of one group": Row("amounts", "of: [[rent, store], hotel]", "of: [[rent, store]]", D, "`highest` is between groups, and this is one", "of:"),
    "what excludes nothing": Row("growth", "of: [[entry, exports], land]", "of: [land]", D, "`exclusive` is between groups, and this is one"),
    "a demand on some and on all but some": Row("amounts", "condition: {kind: not, condition: {kind: holds, fact: enterprise.violation}}, except", "condition: {kind: not, condition: {kind: holds, fact: enterprise.violation}}, programmes: [rent], except", D, "keep one of them", "except"),
    "a programme twice in a limit": Row("amounts", "of: [[rent, store], hotel]", "of: [[rent, store], store]", D, "`store` is named twice"),
    "a group that there is not": Row("growth", "of: [[entry, exports], land]", "of: [[entry, export], land]", D, "did you mean `exports`?", "- export"),
    "a programme in two groups that exclude each other": Row("growth", "of: [[entry, exports], land]", "of: [[entry, exports], [land, entry]]", D, "`entry` is named twice", "of:"),
    "items that exclude each other, of nothing": Row("growth", "{kind: exclusive, of", "{kind: exclusive, per: item, of", D, "programmes that share a list subject"),
    "groups that exclude each other, of none": Row("growth", "of: [[entry, exports], land]", "of: []", D, "`of` should have at least 1"),
    "what excludes each other, with a sum": Row("growth", "{kind: exclusive, of", "{kind: exclusive, amount: 100000, of", D, "`amount` is not a field here; remove it"),
    "what excludes each other, in words that there are not": Row("growth", "of: [[entry, exports], land]}", "of: [[entry, exports], land], quote: 不可兼得}", D, "is not in source.txt"),
    "what excludes each other, before a limit within it": Row("growth", "{kind: exclusive, of: [[entry, exports], land]}", "{kind: exclusive, of: [[entry, exports], land]}\n    - {kind: cap, of: [entry, exports], amount: 100000, clause: \"2\", quote: 奖励10万元}", D, "write inner limits before", "kind: cap"),
    "money that is not modelled": Row("amounts", "not_modelled: [{clause: \"12\", why: 收费不是支持。, quote: 每份合同收费50元}]", "not_modelled: []", "clauses.yaml", "clause 12 holds money"),
    "a demand on an item": Row("amounts", "condition: {kind: not, condition: {kind: holds, fact: enterprise.violation}}, except", "condition: {kind: not, condition: {kind: holds, fact: stores.first}}, except", D, "is a fact of a list"),
    "validity that ends before it begins": Row("growth", "valid: {from: 2021-03-01, until: 2022-02-28", "valid: {from: 2022-02-28, until: 2021-03-01", D, "`until` is earlier than `from`"),
    "a call that ends before it begins": Row("amounts", "from: 2024-03-01, to: 2024-04-30", "from: 2024-04-30, to: 2024-03-01", D, "`to` is earlier than `from`"),
    "an area that is no code": Row("growth", "area: \"990500\"", "area: 榆川", D, "`area` should be a code of six digits"),
    "a coverage that there is not": Row("growth", "coverage: whole", "coverage: half", D, "`coverage` should be 'whole' or 'excerpt'"),
    "limits that are no list": Row("growth", "  limits:\n    - {kind: cap, per: item, of: [interest], amount: 1000000, clause: \"3\", quote: 每家不超过100万元}\n    - {kind: exclusive, of: [[entry, exports], land]}", "  limits: none", D, "limits should be a list of entries"),
    # facts
    "a fact without question": Row("growth", "{id: enterprise.capital, type: money}", "{id: enterprise.capital, type: money, question: \"\"}", F, "`question` is missing"),
    "a fact without reason": Row("growth", "{id: enterprise.capital, type: money}", "{id: enterprise.capital, type: money, why: \"\"}", F, "`why` is missing"),
    "a count without unit": Row("amounts", "type: count, unit: 人次", "type: count", F, "a count needs its `unit`"),
    "a unit of money": Row("growth", "{id: enterprise.capital, type: money}", "{id: enterprise.capital, type: money, unit: 元}", F, "a money fact has no `unit`"),
    "never of a figure": Row("growth", "{id: enterprise.capital, type: money}", "{id: enterprise.capital, type: money, never: true}", F, "a money fact has no `never`"),
    "years of a date": Row("growth", "{id: enterprise.born, type: date}", "{id: enterprise.born, type: date, by_year: true}", F, "a date fact has no `by_year`"),
    "a shared fact that there is not": Row("growth", "use: enterprise.revenue", "use: enterprise.revenues", F, "did you mean `enterprise.revenue`?"),
    "a shared fact without a reason": Row("growth", "{use: enterprise.revenue, why: 第一条看增长。}", "{use: enterprise.revenue}", F, "`why` is missing"),
    "a shared fact of another type": Row("growth", "{use: enterprise.revenue, why: 第一条看增长。}", "{use: enterprise.revenue, why: 第一条看增长。, type: int}", F, "`type` is not a field here"),
    "a shared fact of one's own": Row("growth", "{use: enterprise.revenue, why: 第一条看增长。}", "{id: enterprise.revenue, type: money, by_year: true}", F, "is a shared fact; take it"),
    # examples
    "no example at a threshold of a term": Row("growth", "paid: 20, capital: 100", "paid: 21, capital: 100", P, "no boundary example puts `{ratio: [enterprise.paid, enterprise.capital]}` at 0.2"),
    "no example at both at once": Row("growth", "founded: 2024-02-29, reached: 2025-02-28", "founded: 2024-02-29, reached: 2025-02-27", P, "at the same; add one"),
    "no example at an end of a span": Row("growth", "listed: 2022-02-28}", "listed: 2022-02-27}", P, "`enterprise.listed` at 2022-02-28"),
    "no example at an edge": Row("amounts", "{sales: 200000000, violation: false}}, status: eligible}", "{sales: 200000001, violation: false}}, status: eligible}", P, "`enterprise.sales` at 200000000"),
    "no example at a step": Row("amounts", "visitors: 20000,", "visitors: 20001,", P, "at a multiple of 10000"),
    "no example at a line within a list": Row("growth", "{price: 4900000}, {price: 100000}", "{price: 4800000}, {price: 200000}", P, "`devices.price` at 100000"),
    "no example at a line of a row": Row("amounts", "industry: equipment, sales: 200000000", "industry: equipment, sales: 200000001", P, "`enterprise.sales` at 200000000"),
    "an example of another amount": Row("growth", "amount: [20000, 20000]", "amount: [20000, 30000]", P, "the rules say [20000, 20000]"),
    "an example of another status": Row("growth", "listed: never}}, status: ineligible", "listed: 2021-05-05}}, status: ineligible", P, "the rules say eligible"),
    "never where it cannot be": Row("growth", "founded: 2024-02-29, reached: 2024-08-01", "founded: never, reached: 2024-08-01", P, "enterprise.founded: expected a date"),
    "a derived fact that is stated": Row("growth", "case: {enterprise: {listed: 2021-08-15}}", "case: {enterprise: {listed: 2021-08-15, age: 40}}", P, "enterprise.age: this fact follows from others"),
    "a key that is no year": Row("growth", "revenue: {2022: 1000, 2023: 1200}", "revenue: {2022: 1000, last: 1200}", P, "this is no year"),
    # the form
    "an operator that there is not": Row("growth", "{ratio: [enterprise.paid, enterprise.capital]}", "{ration: [enterprise.paid, enterprise.capital]}", P, "did you mean `ratio`?"),
    "words for a figure": Row("growth", "amount: 40000", "amount: 四万", P, "`amount` should be a number, {from: …, to: …}, {by: fact, levels: {…}} or {term: …}, not '四万'"),
    "a field of a discretion": Row("amounts", "{from: 0.01, to: 0.02}", "{from: 0.01}", P, "`to` is missing"),
    "words for a value": Row("growth", "value: 45, quote", "value: 四十五, quote", P, "`value` should be a number or a date like"),
    "both a fact and a term": Row("growth", "{kind: at_most, fact: enterprise.age,", "{kind: at_most, fact: enterprise.age, term: enterprise.age,", P, "a `fact` or a `term`, one of them"),
    "a term of nothing": Row("growth", "term: {growth: enterprise.revenue@2023}", "term: {}", P, "name the operator of the term"),
    "a term that is true": Row("growth", "term: {growth: enterprise.revenue@2023}", "term: true", P, "`term` should be a number, not True"),
    "two operators": Row("growth", "{growth: enterprise.revenue@2023}", "{growth: enterprise.revenue@2023, sum: [1]}", P, "`sum` is not a field here; remove it"),
    "three in a difference": Row("amounts", "of: {difference: [enterprise.parcels, 100000]}", "of: {difference: [enterprise.parcels, 100000, 1]}", P, "`difference` should have 2 entries, and has 3"),
    "an operator of another name": Row("growth", "{ratio: [enterprise.paid, enterprise.capital]}", "{maximum: [enterprise.paid, enterprise.capital]}", P, "there is no operator `maximum`; a term has one of count, difference, elapsed, greatest,"),
    "a year to come": Row("growth", "{growth: enterprise.revenue@2023}", "{growth: [enterprise.revenue@next, enterprise.revenue@this]}", P, "`@next` is no year of a figure; write `enterprise.revenue@2021`, `enterprise.revenue@this`"),
    "a year to come, reckoned": Row("growth", "{growth: enterprise.revenue@2023}", "{growth: [enterprise.revenue@this+1, enterprise.revenue@this]}", P, "`@this+1` is no year of a figure"),
    "a figure by year without one": Row("growth", "{growth: enterprise.revenue@2023}", "{growth: [enterprise.revenue, enterprise.revenue@this]}", P, "has a figure for each year; write which"),
    "payments in other times": Row("amounts", "times: 3", "times: 4", P, "(it states 3); correct the figure"),
    "a place in full-width digits": Row("growth", "within: [\"990500\"], quote", "within: [\"９９０５００\"], quote", P, "`within` should be a code of six digits"),
    "a day in full-width digits": Row("growth", "from: 2021-03-01, to: 2022-02-28, quote", "from: \"２０２１-03-01\", to: 2022-02-28, quote", P, "not '２０２１-03-01'"),
    "an operator of one": Row("growth", "{growth: enterprise.revenue@2023}", "{growth: [enterprise.revenue@2023]}", P, "`growth` should have 2 entries"),
    "a day that there is not": Row("growth", "from: 2021-03-01, to: 2022-02-28, quote", "from: 2021-02-30, to: 2022-02-28, quote", P, "not '2021-02-30'", "from: '2021-02-30'"),
    "a place that is no code": Row("growth", "within: [\"990500\"], quote", "within: [\"9905\"], quote", P, "`within` should be a code of six digits"),
    "a kind that is missing": Row("amounts", "{kind: cap, of: [rent, store]", "{of: [rent, store]", D, "`kind` is missing"),
    "an amount in words": Row("amounts", "otherwise: 50000", "otherwise: 五万", P, "`otherwise` should be a number, or a mapping that begins with `kind`"),
}  # fmt: skip


def _found(folder: Path, row: Row) -> list[Mistake]:
    text = (SHEETS / f"{row.sheet}.yaml").read_text("utf-8")
    assert row.old in text, "the sheet has changed"
    return check(write(folder, read(text.replace(row.old, row.new, 1))))


@pytest.mark.slow
def test_each_mistake_is_named_where_it_stands(tmp_path: Path) -> None:
    def one(title: str) -> None:
        row = ROWS[title]
        folder = tmp_path / f"p{len(list(tmp_path.iterdir()))}"
        found = _found(folder, row)
        said = [mistake for mistake in found if Path(mistake.file).name == row.file and row.says in mistake.message]
        assert said, list(map(str, found))
        line = Path(said[0].file).read_text("utf-8").split("\n")[said[0].line - 1] if said[0].line else ""
        assert row.line in line, line

    check_each(list(ROWS), one)


def test_one_mistake_hides_no_other_in_its_programme(tmp_path: Path) -> None:
    text = (SHEETS / "growth.yaml").read_text("utf-8")
    for old, new in [
        ("value: 0.15, quote", "value: 0.25, quote"),  # no figure of the quote
        ("value: 0.2, quote", "value: 0.2, qoute"),  # no field
        (
            "kind: up_to, amount: {kind: share, of: enterprise.paid,",
            "kind: up_to, amount: {kind: shard, of: enterprise.paid,",
        ),
        ("programme: entry, quote", "programme: entri, quote"),  # in another programme
    ]:
        text = text.replace(old, new, 1)
    found = [mistake.message for mistake in check(write(tmp_path / "growth", read(text)))]
    assert len(found) == 4, found
    for says in ("does not state 0.25", "did you mean `quote`?", "`kind` should be one of", "did you mean `entry`?"):
        assert any(says in message for message in found), says


def test_a_shared_fact_called_wrongly_is_one_mistake(tmp_path: Path) -> None:
    for wrong in ("enterprise.revenues", "enterprise.turnover"):
        text = (SHEETS / "growth.yaml").read_text("utf-8").replace("use: enterprise.revenue,", f"use: {wrong},", 1)
        found = [mistake.message for mistake in check(write(tmp_path / "growth", read(text)))]
        assert len(found) == 1, found
        assert f"there is no `{wrong}` in the vocabulary" in found[0]


def test_the_first_of_several_mistakes_in_the_head_hides_none(tmp_path: Path) -> None:
    text = (SHEETS / "amounts.yaml").read_text("utf-8")
    text = text.replace("kind: cap, of: [rent, store]", "kind: capp, of: [rent, store]")
    text = text.replace("kind: highest, of: [[rent, store], hotel]", "kind: highest, of: [[rent, store], hotell]")
    text = text.replace("kind: pro_rata", "kind: prorata").replace("for: {years: 3}", "for: {years: drei}")
    found = [mistake.message for mistake in check(write(tmp_path / "amounts", read(text)))]
    assert len(found) == 4, found
    for says in (
        "`kind` should be one of",
        "did you mean `hotel`?",
        "'review' or 'pro_rata'",
        "`years` should be a whole number",
    ):
        assert any(says in message for message in found), says
