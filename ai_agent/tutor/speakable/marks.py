"""The habits of models, as patterns: what marks reasoning, roles, stage directions and tool calls. Data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_THOUGHT = (
    "think|thinking|thought|thoughts|reasoning|reason|analysis|reflection|scratchpad|inner_monologue|internal"
    "|planning|plan|monologue"
)
REASONING: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (re.compile(rf"<({_THOUGHT})(?: [^<>]*)?>", re.IGNORECASE), r"</\1>"),
    (re.compile(r"\[(think)\]", re.IGNORECASE), r"\[/\1\]"),
    (re.compile(r"◁think▷"), r"◁/think▷"),
    (re.compile(r"<\|begin_of_thought\|>"), r"<\|end_of_thought\|>"),
    (
        re.compile(r"<\|channel\|>\s*(?:analysis|commentary)[^<]*<\|message\|>"),
        r"<\|channel\|>\s*final[^<]*<\|message\|>",
    ),
)
"""Opening and closing: what is between is dropped, also if it never closes."""
CALLS: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (re.compile(r"<(tool_calls?|function_calls?|tool_code|tools?|invoke)(?: [^<>]*)?>"), r"</\1>"),
    (re.compile(r"<function=(?P<name>[\w.-]+)>"), r"</function>"),
    (re.compile(r"\[TOOL_CALLS\]"), r"\n|</s>"),
    (re.compile(r"<\|python_tag\|>"), r"<\|eom_id\|>|<\|eot_id\|>"),
    (re.compile(r"<｜tool▁calls▁begin｜>"), r"<｜tool▁calls▁end｜>"),
    (re.compile(r"```[\w-]*"), r"```"),
)
"""The same for tool calls: what is between is searched for calls, and never spoken."""
ENDS: Final = re.compile(
    r"<\|(?:im_end|eot_id|end_of_text|endoftext|end|return|eom_id|user|im_start\|>user)\|>|</s>|<end_of_turn>"
    r"|<｜end▁of▁sentence｜>"
)
"""After one of them a model talks to itself."""
HEADERS: Final = re.compile(
    r"<\|(?:im_start|start_header_id|start|channel)\|>\s*(?:assistant|model|final)?[^<\n]{0,20}"
    r"(?:<\|(?:end_header_id|message)\|>)?|<start_of_turn>\s*(?:model)?"
)
TEMPLATE: Final = re.compile(
    r"<(?:\|(?:channel|start|im_start|start_header_id)\|>[^<\n]{0,40}(?:<(?:\|\w*\|?)?)?)?|<start_of_turn>\s*m?o?d?e?l?"
)
"""A header of a template that may still go on."""
TAG: Final = re.compile(r"</?[A-Za-z!|?｜][^<>\n]{0,200}>")
LINK_TAG: Final = re.compile(r"<(?:https?://|www\.|mailto:)[^<>\s]*>")

_DOES = ("is ", "says", "said", "wants", "asks", "asked", "greet", "just ", "has ", "wrote", "seems", "might")
LEADS: Final = ("okay", "ok", "alright", "all right", "hmm", "hm", "so", "well", "first", "now", "right")
THINKING_ALOUD: Final = (
    *(f"the {who} {verb}" for who in ("user", "learner", "human") for verb in _DOES),
    *(f"user {verb}" for verb in _DOES),
    *(
        f"we need to {verb}"
        for verb in ("respond", "reply", "answer", "produce", "output", "craft", "correct")
    ),
    *(f"i need to {verb}" for verb in ("respond", "reply", "answer", "correct", "greet", "craft", "produce")),
    *(f"i should {verb}" for verb in ("respond", "reply", "correct", "ask", "greet", "answer", "keep")),
    *(f"let me {verb}" for verb in ("analyze", "analyse", "craft", "break this", "think about how")),
    *(f"let's {verb}" for verb in ("analyze", "analyse", "craft", "respond")),
    *("thinking process", "here's a thinking process", "here's my thinking", "my response should"),
    *("my reply should", "the system prompt", "according to the system prompt", "according to the prompt"),
    *("analysiswe", "analysisthe", "analysisuser", "analysis:"),
)
"""A tutor who speaks to a learner does not begin so: it is reasoning whose opening tag the server kept."""
THOUGHT_ENDS: Final = (
    rf"</(?:{_THOUGHT})>|◁/think▷|\[/THINK\]|assistantfinal|<\|channel\|>final<\|message\|>"
    r"|\n\s*\**(?:final answer|final response|answer|response|reply)\**\s*:\**"
)

OWN_ROLES: Final = ("tutor", "teacher", "assistant", "ai", "ai tutor", "bot", "model", "system", "response")
OTHER_ROLES: Final = ("user", "learner", "student", "human")

_STAGE = (
    "smil|laugh|nod|giggl|wav|chuckl|sigh|wink|paus|grin|clap|lean|shrug|blush|gasp|whisper|think|look|tilt|rais"
    "|clear|beam|gestur|listen|cheer|hug|blink|cough|breath|sip|point|bow|jump|danc|frown|gentl|warm|soft|excited"
    "|play|encourag|thoughtful|curious|enthusias|lächel|lach|sonri|rí|sour|rit|cười|mỉm|gật|微笑|笑|点头|うなず"
)
STAGE: Final = re.compile(rf"(?:{_STAGE})[\w ,'-]*", re.IGNORECASE)
"""Between brackets or single stars it is a stage direction: "smiles warmly"."""
VERB: Final = re.compile(r"[a-z]+(?:s|ing)(?: [\w',-]+){0,5}")
"""The same at the start or the end of a sentence."""

URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>\]]+", re.IGNORECASE)
DOMAIN: Final = re.compile(
    r"(?:[a-z0-9-]+\.)+(?:com|org|net|io|edu|gov|info|dev|app|ai|vn|de|fr|es|jp|kr|cn|uk|co)(?:/\S*)?",
    re.IGNORECASE,
)
EMOJI: Final = re.compile(
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    "\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]"
)
EMOTICON: Final = re.compile(r"(?:[:;=]['-]?[)(DPp3]+|<3|\^_\^|:'\()(?=[\s.,!?]|$)")
LINKS: Final = {
    "en": "a link",
    "vi": "một đường dẫn",
    "es": "un enlace",
    "fr": "un lien",
    "de": "ein Link",
    "ja": "リンク",
    "ko": "링크",
    "zh": "链接",
}
