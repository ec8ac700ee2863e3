"""The fields of a lead: what each takes, how it is kept, how it is shown, and what is wrong where it does not fit.

Pure, and knows nothing of a conversation. The libraries that know numbers are imported when one is read.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

from knowledge.patterns import regex


class Field(StrEnum):
    """A field, in the order in which they are asked for."""

    ENTERPRISE = "enterprise"
    CODE = "code"
    CONTACT = "contact"
    PHONE = "phone"
    TIME = "time"
    REMARK = "remark"


OPTIONAL = frozenset({Field.CODE, Field.TIME, Field.REMARK})
LABELS = {
    Field.ENTERPRISE: "企业名称",
    Field.CODE: "统一社会信用代码",
    Field.CONTACT: "联系人",
    Field.PHONE: "电话",
    Field.TIME: "方便联系的时间",
    Field.REMARK: "备注",
}

_CODE_LENGTH = 18
_CODE_PREFIX = regex(r"^(?:统一)?(?:社会)?(?:信用)?(?:代码|编码|USCC)?(?:是|为)?:?", re.IGNORECASE)
_PHONE_PREFIX = regex(r"^(?:我的|联系)?(?:电话|手机|座机|固话|tel|phone)*(?:号码|号)?(?:是|为)?:?\s*", re.IGNORECASE)
_EXTENSION = regex(r"(?:转|分机|ext\.?|x|#)\s*(\d{1,6})$", re.IGNORECASE)


_QUESTION = regex(r"[?？]\W*$|(?:吗|呢|么)\W*$|^(?:请问|为什么|为啥|怎么|什么时候|能不能|可不可以)")
"""How a question begins or ends that somebody types where a name belongs."""


class FieldError(ValueError):
    """What was written does not fit; the message is the sentence that says why."""


def read(field: Field, text: str, area_code: str | None) -> str:
    """``text`` as ``field`` keeps it. Raises ``FieldError``.

    A phone is kept as ``+8637112345678`` or ``+86…;ext=802``; ``area_code`` belongs to a landline without one.
    """
    if field in (Field.PHONE, Field.CODE):
        text = unicodedata.normalize(
            "NFKC", text
        )  # all else is kept as people write it: a licence has full-width brackets
    words = " ".join(text.split())
    if field is Field.PHONE:
        return _phone(words, area_code)
    return _READ[field](words)


def show(field: Field, value: str) -> str:
    """``value`` as people read it."""
    return phone(value) if field is Field.PHONE and value else value


def phone(kept: str) -> str:
    """A kept phone number as people write it: 138 0013 8000, 010 6528 1234 转 802."""
    import phonenumbers

    number = phonenumbers.parse(kept)
    extension = number.extension
    number.extension = None
    home = number.country_code == 86
    style = phonenumbers.PhoneNumberFormat
    shown = phonenumbers.format_number(number, style.NATIONAL if home else style.INTERNATIONAL)
    return f"{shown} 转 {extension}" if extension else shown


def masked(kept: str) -> str:
    """A kept phone number with its middle hidden: 138****8000, 010****1234."""
    digits = kept.partition(";")[0].removeprefix("+86")
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    trunk = "0" if kept.startswith("+86") and not digits.startswith(("400", "800")) else ""
    return f"{trunk}{digits[:3]}****{digits[-4:]}"


def sought_phone(words: str) -> str:
    """A phone number as it is kept, to be looked up; ``words`` as they are where they are none."""
    try:
        return read(Field.PHONE, words, None)
    except FieldError:
        return words


def enterprise_key(name: str) -> str:
    """What is the same for two ways to write one enterprise's name."""
    return re.sub(r"[^\w]", "", unicodedata.normalize("NFKC", name)).lower()


def _worded(words: str, label: str, least: int, most: int) -> str:
    if not re.search(r"[^\W_]", words):
        raise FieldError(f"{label}里没有看到字，请写出来。")
    if len(words) < least:
        raise FieldError(f"{label}太短了，请写全（至少 {least} 个字）。")
    if len(words) > most:
        raise FieldError(f"{label}太长了：最多 {most} 个字，您写了 {len(words)} 个。")
    return words


def _named(words: str, label: str, most: int) -> str:
    name = _worded(words, label, 2, most)
    if _QUESTION.search(name):
        raise FieldError(
            f"这句像是一个问题，没有记成{label}。想先问清楚，可以发“取消”先放下，问完再登记；也可以写在最后的备注里。"
        )
    return name


def _enterprise(words: str) -> str:
    name = _named(words, "企业名称", 100)
    if not re.search(r"[^\W\d_]", name):
        raise FieldError("这看起来是一串数字，不像企业名称。请写营业执照上的名称。")
    return name


def _contact(words: str) -> str:
    name = _named(words, "联系人", 40)
    if len(re.findall(r"\d", name)) > 3:
        raise FieldError("这里像是号码。请先写联系人怎么称呼，比如“张经理”，电话下一步再填。")
    return name


def _code(words: str) -> str:
    from stdnum.cn import uscc
    from stdnum.exceptions import InvalidChecksum, ValidationError

    code = _CODE_PREFIX.sub("", re.sub(r"[\s\-—–.·]", "", words)).upper()
    if len(code) != _CODE_LENGTH:
        raise FieldError(f"统一社会信用代码是 {_CODE_LENGTH} 位，您写的是 {len(code)} 位。请对照营业执照再看一下。")
    if wrong := sorted(set(re.findall(r"[^0-9A-HJ-NPQRTUWXY]", code))):
        raise FieldError(
            f"统一社会信用代码里不会出现“{'、'.join(wrong)}”（没有字母 I、O、S、V、Z），请对照营业执照再看一下。"
        )
    try:
        return uscc.validate(code)
    except InvalidChecksum:
        raise FieldError("这个代码的校验位对不上，多半有一位写错了，请对照营业执照再看一下。") from None
    except ValidationError:
        raise FieldError("这不是有效的统一社会信用代码，请对照营业执照再看一下。") from None


def _phone(words: str, area_code: str | None) -> str:
    import phonenumbers

    said = _PHONE_PREFIX.sub("", words)
    landline = f"{area_code or '010'}-65281234"
    extension = _EXTENSION.search(said)
    if extension:
        said = said[: extension.start()]
    elif dashed := re.fullmatch(r"(0\d{2,3}-?\d{7,8}|\d{7,8})-(\d{1,6})", said.strip()):
        extension, said = re.fullmatch(r"(\d+)", dashed[2]), dashed[1]
    if rest := re.sub(r"[\d\s+()\-—–.]", "", said):
        raise FieldError(f"电话里有看不懂的“{rest[:10]}”，请只写号码，比如 13800138000 或 {landline}。")
    digits = re.sub(r"\D", "", said)
    if not digits:
        raise FieldError(f"没有看到号码，请写手机号或座机，比如 13800138000 或 {landline}。")
    if area_code and re.fullmatch(r"[2-8]\d{6,7}", digits) and "+" not in said:
        digits = area_code + digits
    national = re.sub(r"^(?:00)?86(?=1\d{10}$|0?\d{10,11}$)", "", digits)
    abroad = said.strip().startswith(("+", "00")) and not re.match(r"(?:00)?86", digits)
    if not abroad and re.match(r"1[3-9]", national) and len(national) != 11:
        raise FieldError(f"手机号应该是 11 位，您写的是 {len(national)} 位，请再核对一下。")
    try:
        number = phonenumbers.parse(f"+{digits.removeprefix('00')}" if abroad else national, "CN")
    except phonenumbers.NumberParseException:
        raise FieldError(f"“{said.strip()[:20]}”不像电话号码，请再核对一下。") from None
    if not phonenumbers.is_valid_number(number):
        raise FieldError(
            f"没有这样的号码（{len(digits)} 位）：手机是 11 位，座机是区号加 7 或 8 位，比如 {landline}。请再核对一下。"
        )
    if extension:
        number.extension = extension[1]
    kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{kept};ext={extension[1]}" if extension else kept


_READ: dict[Field, Callable[[str], str]] = {
    Field.ENTERPRISE: _enterprise,
    Field.CODE: _code,
    Field.CONTACT: _contact,
    Field.TIME: lambda words: _worded(words, "时间", 2, 100),
    Field.REMARK: lambda words: _worded(words, "备注", 1, 500),
}
