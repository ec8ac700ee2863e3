"""What reaches a person, wherever it stands in a text: phone and identity numbers, mail addresses."""

from knowledge.patterns import regex

PHONE = regex(
    r"(?<![\d.])(?:(?:\+|00)?86[-\s]?)?(?:1[3-9]\d(?:[-\s]?\d){8}|[(（]?0\d{2,3}[)）]?[-\s]?\d{3,4}[-\s]?\d{4}(?:-\d{1,5})?)(?!\d)"
)
"""A mobile number, or a landline with its area code, with or without +86, brackets, blanks and hyphens."""
_IDENTITY = regex(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)")
_MAIL = regex(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LOCAL = regex(r"((?:电话|手机|座机|联系方式|号码|微信)[^\d\n]{0,6})[1-9]\d{2,6}[-\s]?\d{4}(?!\d)")
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def masked(text: str) -> str:
    """``text`` without phone and identity numbers and addresses of mail."""
    text = _MAIL.sub("〔邮箱〕", text.translate(_DIGITS))
    text = _IDENTITY.sub("〔证件号〕", text)
    return _LOCAL.sub(r"\1〔电话〕", PHONE.sub("〔电话〕", text))
