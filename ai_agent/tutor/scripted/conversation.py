"""What the scripted tutor answers, from the conversation so far alone."""

from __future__ import annotations

from ai_agent.providers.ports import ChatRequest

_QUESTIONS = (
    "What did you do today?",
    "What do you like to do at the weekend?",
    "What is your favourite food?",
    "Where would you like to travel?",
    "Can you tell me about your family?",
    "What do you do for work, or what do you study?",
)


def answer(request: ChatRequest) -> str:
    said = " ".join(m.text for m in request.messages if m.role == "tutor")
    question = next((q for q in _QUESTIONS if q not in said), _QUESTIONS[0])
    if request.teaching.purpose == "greet":
        return f"Hello! I'm Emma. Let's talk. {question}"
    return f"Thank you for telling me. {question}"
