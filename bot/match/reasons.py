"""Why a rule has no form in SQL, in Chinese: by the words in which the rules say it."""

from rules.columns.compiled import Compiled
from rules.columns.sql import NotInSqlError

REASONS = {
    "{} is no finite decimal": "{} 不是有限小数",
    "a figure with {} decimals": "有一个数要用 {} 位小数，放不下",
    "an amount is a quotient, which has no exact decimal": "金额要用除法算，写成小数不精确",
    "a cap is a quotient, which has no exact decimal": "封顶数要用除法算，写成小数不精确",
    "a sum over {} of what is a quotient, which has no exact decimal": "清单 {} 的合计里有除法，写成小数不精确",
    "the name {} is longer than the {} bytes of PostgreSQL": "{} 这个名字超过了 PostgreSQL 的 {} 个字节",
    "{} left out": "{} 没有写进去",
    "one project, of programmes for different lists": "同一项目就高，而各项奖补给的不是同一种清单里的东西",
    "a call of every year, on days that differ from firm to firm": "每年一次的申报，而每家企业按不同的日子算",
    "a product of two quotients, either of which may be below 0": "两个都可能是负数的商相乘",
    "one project, cut across by another limit": "同一项目就高，和另一条限额交叉",
    "limits that cut across each other, of which one leaves the largest of what shares a cap": (
        "限额互相交叉，其中一条只留下合并封顶的几项里最高的一项"
    ),
    "limits that cut across each other, for each thing and for the firm": "按每一个算的限额和按企业算的限额交叉",
    "a limit for each thing, after one for the firm or of several lists": "按每一个算的限额，排在按企业算的或者跨几种清单的限额后面",
    "one project, after another limit": "同一项目就高，排在另一条限额后面",
    "{} within a band, looked at beside the things of a list": "{} 分了档，又要和清单里的每一个一起看",
    "a list ({}) within another": "清单 {} 套在另一种清单里",
    "{} of a thing, asked of each thing of another list ({})": "{} 要对另一种清单（{}）里的每一个来看",
    "{} is derived from itself": "{} 是由它自己算出来的",
    "{} is a {} fact": "{} 是 {} 类的情况，不是数",
    "more than {} facts decide": "要看的情况超过 {} 项",
    "the amount {}": "金额的写法 {}",
    "the term {}": "算式 {}",
    "the condition {}": "条件 {}",
}


def reason_of(error: NotInSqlError) -> str:
    """Why something has no form in SQL."""
    return REASONS[error.reason].format(*error.given) if error.reason in REASONS else str(error)


def reasons_of(compiled: Compiled) -> dict[str, str]:
    """Why programmes have no form in SQL, by programme."""
    return {programme: reason_of(error) for programme, error in compiled.unsupported.items()}
