"""Finds the words of a passage that answer a question, for a tutor without a language model."""

from __future__ import annotations

import re
import unicodedata

from server.protocol.knowledge import KnowledgeFound, KnowledgePassage

MAX_CHARS = 320
"""Some twenty seconds of speech."""
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+|\n+")
_WORD = re.compile(r"[^\W_]+")
_QUESTION = re.compile(
    r"^(?:so |and |but |ok |okay |please |emma )*(?:who|whose|what|when|where|why|which|how|can|could|may"
    r"|do|does|did|is|are|was|were|will|would|should|have|has|tell me)\b",
    re.IGNORECASE,
)
_ABOUT_DOCUMENTS = re.compile(
    r"\b(?:documents?|files?|handbook|guide|text|pdf|notes|according to|tài liệu|văn bản)\b", re.IGNORECASE
)
_TEXTS = {
    "en": ("In {document} it says: “{text}”", "The documents don't say that."),
    "vi": ("Tài liệu {document} viết: “{text}”", "Tài liệu không nói điều đó."),
}


def is_question(words: str) -> bool:
    return "?" in words or _QUESTION.match(words.strip()) is not None


def is_about_documents(words: str) -> bool:
    return _ABOUT_DOCUMENTS.search(words) is not None


def quotation(question: str, found: KnowledgeFound, language: str) -> str:
    """The best passage's own words, named as a quotation; or that the documents do not answer."""
    quoting, nothing = _TEXTS.get(language.partition("-")[0], _TEXTS["en"])
    if not found.is_answered or not found.passages:
        return nothing
    passage = found.passages[0]
    return quoting.format(document=_spoken_name(passage), text=answering(question, passage))


def answering(question: str, passage: KnowledgePassage) -> str:
    """The sentences of the passage, one after the other, that have most of the question's words."""
    asked = _stems(question)
    sentences = [sentence.strip() for sentence in _SENTENCE_END.split(passage.text) if sentence.strip()]
    scores = [len(asked & _stems(sentence)) for sentence in sentences]
    best = max(range(len(sentences)), key=lambda at: (scores[at], -at))
    said = sentences[best][:MAX_CHARS]
    for following in sentences[best + 1 :]:
        if len(said) + 1 + len(following) > MAX_CHARS:
            break
        said = f"{said} {following}"
    return said


def _spoken_name(passage: KnowledgePassage) -> str:
    name = re.sub(r"\.(md|markdown|txt|pdf)$", "", passage.document, flags=re.IGNORECASE)
    heading = passage.heading.rpartition(" > ")[2]
    return f"“{re.sub(r'[-_]+', ' ', name)}”" + (f", “{heading}”," if heading else "")


def _stems(text: str) -> set[str]:
    """Beginnings of the words: enough to see that `opens` and `opening` are of one kind."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    return {word[:5] for word in words if len(word) > 2 or not word.isascii()}
