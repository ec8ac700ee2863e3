"""The light markup of replies as HTML: what is set off in the text is set off on the page, all else is text."""

import pytest
from markupsafe import Markup

from bot.web.chat_render import Renderer, said
from conversations.saying.notes import notes
from conversations.saying.results import result
from conversations.state.session import derive
from conversations.state.shelf import Shelf
from tests.conversations.enterprises import begin, say


@pytest.fixture(scope="module")
def renderer(engine: Shelf) -> Renderer:
    return Renderer(engine.policy)


def test_a_card_has_a_badge_a_title_an_amount_and_the_clause_to_unfold(renderer: Renderer) -> None:
    html = renderer.reply("✅ **代运营** — **每年 26 万元**，最多 3 年\n　依据：三、（六）“给予”\n之后")
    assert html.startswith(
        '<details class="card yes" open><summary><span class="badge">符合</span><span class="title"><strong>代运营</strong>'
    )
    assert '<span class="amount"><strong>每年 26 万元</strong>，最多 3 年</span></summary><p>依据：' in html
    where = "policies/zhengzhou-2013-237#c-3.6"
    assert f'<p>依据：<a class="cite" href="{where}" target="_blank" rel="noopener">三、（六）</a>“给予”</p>' in html
    assert html.count("<details>") == 1, "its clause"
    assert "<summary>看原文 三、（六）</summary><blockquote><p>" in html
    assert html.endswith("</details></details>\n<p>之后</p>")


def test_each_programme_of_a_result_is_a_card_with_its_clause(renderer: Renderer, engine: Shelf) -> None:
    session = begin(engine)
    for text in ("/start", "1 4 10", "是", "92万", "省级", "是", "不清楚"):
        session = say(engine, session, text).session
    known = derive(session, engine)
    html = renderer.reply("\n".join(result(engine, known)))
    assert [html.count(f'<details class="card {name}"><summary>') for name in ("yes", "open", "no")] == [1, 1, 1]
    assert html.count("<summary>看原文") == 3
    head, _, cards = html.partition("</section>")
    assert head.startswith('<section class="result"><h3>结果：1 项符合，1 项还没定</h3><p class="total">')
    assert "<span><strong>60 万元</strong></span></p>" in head
    assert head.endswith("是否还在执行请先问市发展改革委（领导小组办公室）。</p>"), "under the sum, and there alone"
    assert "是否还在执行" not in cards
    assert '<span class="amount"><strong>60 万元</strong>，一次性</span></summary><p><a class="cite" href="' in html
    assert '#c-3.1" target="_blank" rel="noopener">三、（一）</a></p>' in html
    assert '<span class="amount">还差 8 万元，够了就是每年 10 万元</span></summary>' in html
    assert '<span class="lacks">还差' in html, "what would settle it is seen while the card is folded"
    behind = renderer.reply("\n".join(notes(engine, known)))
    assert "<h3><strong>下一步</strong></h3>" in behind
    assert '<ul class="note"><li>' in behind


@pytest.mark.parametrize(("mark", "name", "word"), [("❓", "open", "待定"), ("✖️", "no", "不符合")])
def test_the_other_marks_are_words_too(renderer: Renderer, mark: str, name: str, word: str) -> None:
    html = renderer.reply(f"{mark} **某项** — 还差一条")
    assert f'<details class="card {name}" open><summary><span class="badge">{word}</span>' in html


def test_of_what_does_not_apply_there_is_a_line_each_with_the_reason_behind(renderer: Renderer) -> None:
    html = renderer.reply("**不符合的**\n\n✖️ **甲项**（三、（二））\n　不在本市\n\n✖️ **乙项**（三、（三））\n　没有")
    assert html.count('<details class="card no plain"><summary>') == 2
    assert '<span class="cite">三、（二）</span>）</span></summary><p>不在本市</p>' in html


def test_a_longer_citation_is_not_taken_for_a_shorter_one(renderer: Renderer) -> None:
    html = renderer.reply("✅ **某项**\n　依据：三、（十一）")
    assert html.count("<summary>看原文") == 1
    assert "看原文 三、（十一）" in html


def test_of_several_sums_each_stands_apart_with_what_it_is_paid_for(renderer: Renderer) -> None:
    html = renderer.reply(
        "**结果：2 项符合，每年 26 万元 ＋ 一次性 60 万元，1 项还没定**\n另有 1 项没有数额。\n✅ **某项**"
    )
    assert "<h3>结果：2 项符合，1 项还没定</h3>" in html
    sums = "<span><small>每年</small><strong>26 万元</strong></span><span><small>一次性</small><strong>60 万元</strong></span>"
    assert f'<p class="total">{sums}</p><p>另有 1 项没有数额。</p></section>' in html


def test_whom_to_call_stands_with_the_sum(renderer: Renderer) -> None:
    html = renderer.reply("**结果：1 项符合，60 万元**\n✅ **某项**\n⚠️ 先问清\n☎️ 办公室：电话：甲", Markup("<b>按</b>"))
    head, _, rest = html.partition("</section>")
    assert head.endswith('<p class="standing">先问清</p><p class="standing">☎️ 办公室：电话：甲</p><b>按</b>')
    assert "先问清" not in rest
    assert "电话" not in rest


def test_where_nothing_can_be_had_no_sum_is_set_off(renderer: Renderer) -> None:
    html = renderer.reply("**结果：文件已经失效（有效期到 2024 年 6 月 1 日），现在不能申报**\n⚠️ 甲\n⚠️ 乙")
    assert "total" not in html
    assert html.count("<li>") == 2, "of several notes each stays where it is"


def test_lists_headings_notes_and_boxes(renderer: Renderer) -> None:
    html = renderer.reply("**下一步**\n2. 先问\n3. 再报\n\n**材料**（推定）\n☐ 甲（注） — 乙\n☐ 丙\n⚠️ 留意\n• 点")
    assert "<h3><strong>下一步</strong></h3>" in html
    assert '<ol start="2"><li>先问</li><li>再报</li></ol>' in html
    assert "<h3><strong>材料</strong>（推定）</h3>" in html
    assert '<ul class="tasks"><li><label><input type="checkbox"><span>甲（注）<small>乙</small></span>' in html
    assert html.endswith('<ul class="note"><li>留意</li></ul>\n<ul><li>点</li></ul>')


def test_a_line_with_bold_in_it_is_no_heading(renderer: Renderer) -> None:
    assert renderer.reply("记为 **是**。") == "<p>记为 <strong>是</strong>。</p>"


def test_how_far_the_questions_have_come_is_a_bar(renderer: Renderer) -> None:
    html = renderer.reply("记好了，对吗？\n**甲** 〔第 2 题，最多还有 3 题〕\n多少？\n写个数。")
    assert html.startswith("<p>记好了，对吗？</p>")
    assert html.endswith('<p class="ask">多少？</p>\n<p class="hint">写个数。</p>')
    assert '<span class="place">第 2 题，最多还有 3 题<progress max="5" value="1" aria-label="进度">' in html
    assert '<progress max="6" value="3"' in renderer.reply("〔4/6〕**电话**是多少？")
    assert "<progress" not in renderer.reply("〔第 2 题，最后一题〕")
    assert "place" not in renderer.reply("《某文〔2013〕237号》")


def test_a_long_quotation_is_folded(renderer: Renderer) -> None:
    assert renderer.reply("> 短") == "<blockquote><p>短</p></blockquote>"
    assert renderer.reply(f"> {'长' * 200}").startswith("<details><summary>文件原文</summary><blockquote><p>长")


@pytest.mark.parametrize("text", ['<b>&"', "**<i>**", "☐ <b>", "> <b>", "✅ <b> — <i>\n　<u>", "〔<b>〕", "1. <b>"])
def test_everything_else_is_text(renderer: Renderer, text: str) -> None:
    html = renderer.reply(text)
    assert not {"<b>", "<i>", "<u>"} & {html[at : at + 3] for at in range(len(html))}
    assert said(text).count("<") == 2


def test_long_words_of_a_person_are_folded() -> None:
    html = said("长" * 601)
    assert f"<details><summary>展开全文（601 字）</summary><p>{'长' * 601}</p></details>" in html
