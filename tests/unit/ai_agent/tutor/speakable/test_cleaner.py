"""Models write more than words to be said: the cleaner leaves the words, however the stream is cut."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_agent.providers.ports import ToolCall
from ai_agent.tutor.speakable import Cleaner, CleanPart, DroppedCall

ARGUMENTS = {
    "originalSentence": "She like rice",
    "correctedSentence": "She likes rice",
    "explanation": "With she the verb gets an s.",
    "category": "agreement",
}
CALL = ToolCall("give_feedback", ARGUMENTS)
JSON = (
    '{"originalSentence": "She like rice", "correctedSentence": "She likes rice",'
    ' "explanation": "With she the verb gets an s.", "category": "agreement"}'
)
SNAKE = JSON.replace("originalSentence", "original_sentence").replace(
    "correctedSentence", "corrected_sentence"
)


def cleaned(text: str, *cuts: int, **given: object) -> list[CleanPart]:
    """Text that belongs together is joined."""
    cleaner = Cleaner(people=["Ann"], **given)  # type: ignore[arg-type]
    edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(text)}), len(text)]
    parts = [part for a, b in pairwise(edges) for part in cleaner.feed(text[a:b])]
    joined: list[CleanPart] = []
    for part in (*parts, *cleaner.finish()):
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def words(parts: list[CleanPart]) -> str:
    return "".join(part for part in parts if isinstance(part, str)).strip()


HABITS = [
    # emphasis, headings, lists, tables
    ("**Great!** You went to the *beach*.", "Great! You went to the beach."),
    ("***Very*** __good__ ~~bad~~ `code` word.", "Very good bad code word."),
    ("## Feedback\nYou spoke well.", "Feedback. You spoke well."),
    ("Try these:\n- apples\n- pears\n* plums", "Try these: apples. pears. plums"),
    ("1. First one.\n2. Second one.", "First one. Second one."),
    ("> A quote.\n\n---\n\nAnd text.", "A quote. And text."),
    ("Line one.\nLine two.", "Line one. Line two."),
    ("I ___ to school.", "I … to school."),
    (r"A star \* and \n more.", "A star and. more."),
    # emoji and faces
    ("Hello! 😊 How are you? 🎉👍🏽", "Hello! How are you?"),
    ("That is nice :) And you? ;-)", "That is nice And you?"),
    ("I ❤️ it 🇻🇳.", "I it ."),
    # links, HTML
    ("See https://example.com/a_b?c=1. Good?", "See a link. Good?"),
    ("See [this page](https://example.com/x) now.", "See this page now."),
    ("Look at www.example.com today.", "Look at a link today."),
    ("Look herehttps://example.com/a_b today.", "Look here a link today."),
    ("Hello\n> Foo", "Hello. Foo"),
    ("Phở:https://example.com.", "Phở: a link."),
    ("![a cat](https://example.com/cat.png) Nice cat.", "Nice cat."),
    ("<https://example.com> is good.", "a link is good."),
    ("I <b>like</b> it.<br>You &amp; me.", "I like it. You & me."),
    ('<speak>Hello <break time="1s"/>Ann.</speak>', "Hello Ann."),
    ("You said it well [1].", "You said it well ."),
    # stage directions
    ("*smiles warmly* Hello Ann!", "Hello Ann!"),
    ("Sure! *nods*", "Sure!"),
    ("(laughs) That is funny.", "That is funny."),
    ("[pauses] Let me see.", "Let me see."),
    ("Say *goes* with he.", "Say goes with he."),
    ("I like (green) tea.", "I like (green) tea."),
    # reasoning
    ("<think>The user says hello.\n\nI greet.</think>\n\nHello Ann!", "Hello Ann!"),
    ("<think>The user says hello and I", ""),
    ("<thinking>Hm.</thinking>Hi there.", "Hi there."),
    ("<reasoning>\nStep 1\n</reasoning>\nHi there.", "Hi there."),
    ("<Thought>Hm</Thought>Hi there.", "Hi there."),
    ("[THINK]Long thoughts[/THINK]Hi there.", "Hi there."),
    ("◁think▷Long thoughts◁/think▷Hi there.", "Hi there."),
    ("<|begin_of_thought|>x<|end_of_thought|>Hi there.", "Hi there."),
    ("Okay, the user greets me. I should greet.\n</think>\n\nHello Ann!", "Hello Ann!"),
    ("We need to respond kindly. Short.\n</think>Hello Ann!", "Hello Ann!"),
    ("The user wants to talk about food and", ""),
    (
        "<|channel|>analysis<|message|>We greet.<|end|><|start|>assistant<|channel|>final<|message|>Hi there."
        "<|return|>",
        "Hi there.",
    ),
    ("analysisWe need to greet.assistantfinalHi there.", "Hi there."),
    ("Hi <think>oh</think>there.", "Hi there."),
    # roles and templates
    ("Emma: Hello! How are you?", "Hello! How are you?"),
    ("**Emma:** Hello!", "Hello!"),
    ("Tutor (smiling): Hello!", "Hello!"),
    ("assistant\n\nHello!", "Hello!"),
    ("Assistant: Hello!\nUser: Hi\nAssistant: Good", "Hello!"),
    ("Hello!\nAnn: I am fine.", "Hello!"),
    ("<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nHi", "Hello!"),
    ("<|start_header_id|>assistant<|end_header_id|>\n\nHello!<|eot_id|>", "Hello!"),
    ("<start_of_turn>model\nHello!<end_of_turn>", "Hello!"),
    ("Hello!</s> more", "Hello!"),
    # JSON and code
    ('{"response": "Hello **Ann**! How are you?"}', "Hello Ann! How are you?"),
    ('```json\n{"reply": "Hello!"}\n```', "Hello!"),
    ("```python\nprint(1)\n```\nThat is code.", "That is code."),
    # not English
    ("你好！**很好**。今天吃什么？😀", "你好！很好。今天吃什么？"),
    ("Chào bạn! **Hôm nay** bạn *ăn gì*?", "Chào bạn! Hôm nay bạn ăn gì?"),
]
CALLS = [
    f'{{"name": "give_feedback", "arguments": {JSON}}}\nWhat next?',
    f'{{"name": "give_feedback", "parameters": {SNAKE}}} What next?',
    f'<tool_call>\n{{"name": "give_feedback", "arguments": {JSON}}}\n</tool_call>\nWhat next?',
    f'```json\n{{"name": "give_feedback", "arguments": {JSON}}}\n```\nWhat next?',
    f'```\n{{"tool": "giveFeedback", "input": {JSON}}}\n``` What next?',
    f'[TOOL_CALLS][{{"name": "give_feedback", "arguments": {JSON}}}]\nWhat next?',
    f'<|python_tag|>{{"name": "give_feedback", "parameters": {JSON}}}<|eom_id|>What next?',
    f"<function=give_feedback>{JSON}</function>What next?",
    f"give_feedback({JSON}) What next?",
    f'{{"tool_calls": [{{"function": {{"name": "give_feedback", "arguments": {JSON}}}}}]}} What next?',
    f'{{"give_feedback": {JSON}}} What next?',
    f"{JSON} What next?",
    'give_feedback(originalSentence="She like rice", correctedSentence="She likes rice", '
    'explanation="With she the verb gets an s.", category="agreement") What next?',
    f'<tool_call>{{"name": "give_feedback", "arguments": {JSON[:-1]},}}</tool_call>What next?',
    f"<tool_call>{{'name': 'give_feedback', 'arguments': {JSON}}}</tool_call>What next?".replace('"', "'"),
    f'What next?<tool_call>{{"name": "give_feedback", "arguments": {JSON}',
]


def every_cut(text: str) -> list[list[CleanPart]]:
    return [cleaned(text, *range(0, len(text), size)) for size in (1, 2, 5, 13)]


@pytest.mark.parametrize(("text", "said"), HABITS)
def test_only_words_to_be_said_are_left(text: str, said: str) -> None:
    whole = cleaned(text)
    assert words(whole) == said
    assert not any(isinstance(part, ToolCall) for part in whole)
    assert all(parts == whole for parts in every_cut(text))


@pytest.mark.parametrize("text", CALLS)
def test_a_tool_call_that_is_written_as_text_is_rescued(text: str) -> None:
    whole = cleaned(text)
    assert [part for part in whole if not isinstance(part, str)] == [CALL]
    assert words(whole) == "What next?"
    assert all(parts == whole for parts in every_cut(text))


@pytest.mark.parametrize(
    "text", ["<tool_call>{give_fee</tool_call>Hello!", "<function=give_feedback>nonsense</function>Hello!"]
)
def test_a_call_that_cannot_be_read_is_dropped_and_reported(text: str) -> None:
    parts = cleaned(text)
    assert any(isinstance(part, DroppedCall) for part in parts)
    assert words(parts) == "Hello!"


PLAIN = [
    "Hello there. How are you today?",
    "I'd like that, wouldn't you? It costs $3.50 at 10:30 a.m. on the 1st.",
    "The student life is fun. So, what do you study?",
    "Let me think. We need to buy milk (and bread).",
    'Well, Mr. Brown said: "Yes!" Right?',
    "First, tell me about Ann's family; then we go on.",
    "I give feedback gladly, and you give it too.",
    "So the user interface is nice?",
    "You went there in 2019 – wow… Really?",
    "Chào bạn! Hôm nay bạn ăn gì?",
    "今天你吃什么？我喜欢米饭。",
    "Was möchtest du heute essen? Über Käse reden?",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_passes_unchanged(text: str) -> None:
    assert cleaned(text) == [text]
    assert all(parts == [text] for parts in every_cut(text))


@pytest.mark.parametrize(
    "first",
    [
        *("Hello there. ", "Well, I see! ", "Let me think. ", "I give it gladly. ", "Say (please) twice. "),
        *(
            "You went there in 2019. ",
            "So, tell me more. ",
            "Use a link, please. ",
            "Emma is my name. ",
            "你吃什么？",
        ),
    ],
)
def test_a_complete_sentence_is_not_held_back(first: str) -> None:
    """A speech engine gets it with the space after it, as it would without a cleaner."""
    cleaner = Cleaner()
    parts = [part for char in first for part in cleaner.feed(char)]
    assert "".join(part for part in parts if isinstance(part, str)) == first


PIECES = st.sampled_from(
    [
        *("Hello", "you", "like", "rice", "Ann", "Emma", "goes", " ", " ", " ", ". ", "! ", "? ", ", ", "\n"),
        *("\n\n", "*", "**", "_", "__", "`", "```", "~~", "#", "## ", "- ", "* ", "1. ", "> ", "|", "[", "]"),
        *("(", ")", "<", ">", "<b>", "</b>", "<think>", "</think>", "<|im_end|>", "{", "}", '{"a": 1}', "😊"),
        *(
            ":)",
            "&amp;",
            "https://x.com/a_b",
            "[a](b)",
            "*smiles*",
            "(laughs)",
            "User: ",
            "Emma: ",
            "\\",
            "\\n",
        ),
        *("give_feedback(", "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "Okay, the user ", "我喜欢", "。"),
        *("phở", "3.5", "$5"),
    ]
)


@settings(max_examples=250, deadline=None)
@given(pieces=st.lists(PIECES, max_size=14), data=st.data())
def test_cuts_make_no_difference_and_no_mark_is_left(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=8))
    whole = cleaned(text)
    assert cleaned(text, *cuts) == whole
    assert cleaned(text, *range(len(text))) == whole
    assert not re.search(r"[*_`~#|{}\\\[\]\U0001f600-\U0001f64f]|</?\w|https?:", words(whole))


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=120), cuts=st.lists(st.integers(0, 120), max_size=6))
def test_any_text_at_all_is_cleaned_alike(text: str, cuts: list[int]) -> None:
    assert words(cleaned(text, *cuts)) == words(cleaned(text))


def test_an_answer_ends_after_the_sentences_of_its_level() -> None:
    text = "Great! That is very nice of you. I like rice too. What about tea? And this is too much. Really."
    assert (
        words(cleaned(text, max_sentences=3))
        == "Great! That is very nice of you. I like rice too. What about tea?"
    )
    call = f'<tool_call>{{"name": "give_feedback", "arguments": {JSON}}}</tool_call>'
    assert CALL in cleaned(text + call, max_sentences=2)


def test_endless_reasoning_takes_no_memory() -> None:
    cleaner = Cleaner()
    assert cleaner.feed("<think>") == []
    for _ in range(1_000):
        assert cleaner.feed("and then I think about it again, ") == []
    assert len(cleaner._buffer) < 100
    assert words(cleaner.feed("</think>Hello there. ")) == "Hello there."
