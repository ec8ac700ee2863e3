"""What ``wence pack try`` says of the sentences of mentions.yaml, and why one of them is not read."""

from pathlib import Path
from typing import Any

import yaml

from bot.cli_pack_spoken import spoken
from knowledge.loading import check, load
from tests.knowledge.small_packs import sheet, write
from tests.table import check_each

FACTS: list[dict[str, Any]] = [
    {"id": "enterprise.sales", "type": "money", "by_year": True, "reads": {"names": ["冷链收入"]}},
    {"id": "enterprise.rated", "type": "bool", "granted": True},
    {
        "id": "enterprise.grade",
        "type": "choice",
        "choices": [{"id": "five", "label": "5A"}, {"id": "none", "label": "没有"}],
    },
    {"id": "enterprise.opened", "type": "date"},
]
MENTIONS = """
on: 2026-04-10
facts:
  - fact: enterprise.sales
    says: ['冷链 > 业务']
    examples:
      去年冷链收入3000万: {"2025": 30000000}
      2024年冷链收入5000万: {2024: 50000000}
      冷链那边有了好多业务: {"2025": 1}
      冷链收入还可以: {"2025": 1}
      仓库很大: {"2025": 1}
  - fact: enterprise.grade
    choices: {five: [5A企业, '获评 > 五星']}
    examples: {我们是5A企业: five, 我们获评了: five}
    counter: [想评5A企业]
  - fact: enterprise.opened
    says: [投入使用]
    examples: {冷库2025年3月10日投入使用: 2025-03-10}
"""
SAID = [
    ("去年冷链收入3000万", "✓", '{"2025": 30000000}'),
    ("2024年冷链收入5000万", "✓", '{"2024": 50000000}'),
    ("冷链那边有了好多业务", "✗", "每个词都有"),
    ("冷链收入还可以", "✗", "没有读出是哪一年的数"),
    ("仓库很大", "✗", "没有哪个说法的词"),
    ("我们是5A企业", "✓", '"five"'),
    ("我们获评了", "✗", "最接近的说法“获评 > 五星”：没有看到“五星”"),
    ("想评5A企业", "✓", "没有说到"),
    ("冷库2025年3月10日投入使用", "✓", '"2025-03-10"'),
]


def test_each_sentence_is_told_with_what_it_states_or_why_it_does_not(tmp_path: Path) -> None:
    plain = sheet("plain")
    folder = write(tmp_path / "plain", {**plain, "facts": [*plain["facts"], *FACTS]})
    (folder / "mentions.yaml").write_text(MENTIONS, "utf-8")
    assert yaml.safe_load(MENTIONS)
    assert list(map(str, check(folder))) == []
    told = "\n".join(spoken(load(folder))).split("\n  ")

    def check_line(row: tuple[str, str, str]) -> None:
        sentence, sign, words = row
        [at] = [n for n, line in enumerate(told) if line.startswith((f"✓ {sentence} ", f"✗ {sentence} "))]
        assert told[at][0] == sign
        assert words in "".join(told[at : at + 2 if sign == "✗" else at + 1])

    check_each(SAID, check_line, lambda row: row[0])
