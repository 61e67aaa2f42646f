"""The scripted tutor answers what learners ask of it, or declines honestly, before it asks."""

from __future__ import annotations

import re

import pytest

from ai_agent.providers.ports import ChatMessage
from ai_agent.tutor.corrector import Judgement, Outcome
from ai_agent.tutor.scripted.conversation import sentence_to_judge
from ai_agent.tutor.scripted.english.handlers import HANDLERS
from ai_agent.tutor.scripted.english.intents import intents
from tests.unit.ai_agent.tutor.scripted.talking import Conversation, corrected, questions

DECLINED = "can't|no opinion|only know|I only|don't know|no questions|without"


def answered(said: str, *, level: str = "A2", after: str = "What do you usually do after dinner?") -> str:
    talk = Conversation(level, "food")
    talk.tutor_said(after)
    return talk.say(said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("what does delicious mean", "very good to eat.*ngon"),
        ("what is the meaning of routine", "every day in the same way"),
        ("What's the meaning of habit?", "you do often"),
        ("what mean strict", "[Ss]trict"),
        ("routine what is it", "every day in the same way"),
        ("i don't know the word umbrella", "rain"),
        ("can you explain the word salary", "money you get"),
        ("what does went mean", 'from "go"'),
        ("what is a nephew", "son of your brother or sister"),
        ("what does blorfing mean", "don't know the word"),
        ("how do you say con chó in english", '"dog"'),
        ("how to say con meo in english", '"cat"'),
        ("how do you say hungry in vietnamese", "đói"),
        ("what is the english word for cái ghế", '"chair"'),
        ("bánh mì in english", '"bread"'),
        ("con mèo tiếng anh là gì", '"cat"'),
        ("how do you say 残業 in english", DECLINED),
        ("how do you say hello in spanish", DECLINED),
        ("how do you spell necessary", "N, E, C, E, S, S, A, R, Y"),
        ("how do you pronounce restaurant", "restaurant.*restaurant"),
        ("what's the opposite of generous", "stingy"),
        ("give me a synonym of begin", "start|get"),
        ("what is the past of go", '"went".*"gone"'),
        ("past tense of stop", '"stopped"'),
        ("what is the plural of child", '"children"'),
        ("plural of information", "no plural"),
        ("what is the difference between say and tell", "words.*person"),
        ("trip or travel", "trip"),
        ("when do we use present perfect", "have"),
        ("can you explain the passive", "third form"),
        ("can you repeat that please", "What do you usually do after dinner"),
        ("sorry?", "after dinner"),
        ("what did you say", "after dinner"),
        ("what was your question", "after dinner"),
        ("i don't understand", "The question was.*after dinner"),
        ("tôi không hiểu", "The question was"),
        ("please ask me an easier question", "easier"),
        ("wait a minute", "time|wait|ready|think|here|moment"),
        ("let me think", "time|wait|ready|think|here|moment"),
        ("stop talking", "stop|quiet"),
        ("help me", "You can|I can"),
        ("what can you do", "You can|I can"),
        ("what do you think about robots", DECLINED),
        ("do you agree with me", "program|opinion"),
        ("what's your opinion", "program|opinion"),
        ("where are you from", "program"),
        ("do you like coffee", "program|favourites"),
        ("have you ever been to Paris", "program|can't"),
        ("are you a robot", "program"),
        ("what is your name", "Emma"),
        ("how are you", "fine|well"),
        ("i am fine and you", "fine|well"),
        ("i like tea. what about you", "program|never"),
        ("let's talk about music", "music"),
        ("can we change the topic", "[Ll]et's|[Tt]hen|then"),
        ("i want to talk about quantum physics", "[Qq]uantum physics"),
        ("can we talk about blorfing", DECLINED),
        ("i don't want to talk about it", "don't have to"),
        ("tell me a joke", r"\?|!"),
        ("sing a song for me", DECLINED),
        ("what time is it", DECLINED),
        ("will it rain tomorrow", DECLINED),
        ("what is 15 times 12", DECLINED),
        ("who is the president of France", DECLINED),
        ("how many people live in China", DECLINED),
        ("do you speak Spanish", "only speak English"),
        ("can we speak vietnamese", "English"),
        ("how can i improve my speaking", "[Ss]peak|[Ss]ay"),
        ("give me some tips for ielts", "test"),
        ("you are stupid", "friendly|kind|polite"),
        ("you didn't answer my question", "can't answer|no answer|didn't answer"),
        ("thank you very much", "welcome|pleasure|[Nn]o problem|[Aa]ny time|all|Happy"),
        ("is it dangerous to swim there at night", DECLINED + "|no answer|decide|People see"),
        ("why is the sky blue", DECLINED + "|no answer"),
        ("i said basketball", "sorry|again"),
        ("what did i say", "haven't said"),
        ("こんにちは、元気ですか", "English"),
        ("con mèo", '"cat"'),
        ("hôm nay tôi đi chợ mua cá", "English"),
        ('What is "shift"?', '"Shift" means'),
        ("do you know what is Tet", "the name Tet"),
        ("can you test my vocabulary", DECLINED),
        ("tell me something interesting about bread", DECLINED),
        ("let's do something different", "talk about|then"),
        ("hmm what can i say", "time|wait|ready|think|here|moment"),
        ("you?", "program"),
        ("oh sorry, hello", "Hello|Hi"),
        ("please check my sentence: he come back every weekend", "can't judge"),
        ("what are we talking about", "after dinner"),
        ("what do you call a person who plays the drums", "from its meaning|the other way round"),
        ("anyway, what should I work on in my English?", "English|Speak"),
        ("sorry my baby is crying, wait please", "time|wait|ready|think|here|moment"),
        ("could you say it in an easier way", "easier|The question was"),
        ("what means allowed", 'comes from "allow"'),
        ("what is meaning strict", "follow all rules"),
        ("please explain me the word budget", "how much money"),
        ("how i can say mẹ in english", '"mother"'),
        ("do i need to say much or many", "count"),
        ("and you, where do you live?", "program"),
        ("who made you", "program"),
        ("are you there?", "here"),
        ("have you ever been there?", "program|can't"),
        ("what time do you sleep", "program"),
        ("can you speak louder", "sound of your device"),
        ("can i ask you a question", "[Aa]sk|question"),
        ("i don't know how to say it", "easy"),
        ("why do you ask", "I ask|Because"),
        ("teach me a new word", "means"),
        ("i want to practice my listening", "Listen"),
        ("could you ask me an easier question please", "easier"),
        ("I'd prefer to talk about sports rather than health", "sports"),
        ("just a minute my phone is ringing", "time|wait|ready|think|here|moment"),
        ("cái này tiếng anh là gì", "Which word"),
        ("this is my first time", "Welcome|Nice"),
        ("my english is bad", "[Mm]istakes|understand you"),
    ],
)
def test_a_request_is_met_or_declined_honestly(said: str, expected: str) -> None:
    assert re.search(expected, answered(said)), answered(said)


@pytest.mark.parametrize(
    "said",
    [
        "goodbye",
        "bye bye teacher",
        "ok thank you see you next week",
        "i have to go now",
        "I need to go, talk to you later!",
        "that's all for today",
        "good night",
        "have a nice weekend",
        "let's stop here for today",
        "i'm going to bed",
        "Sorry, I have to go, my friend is calling",
        "that's it for now thanks",
        "thank you emma, i must cook dinner now",
        "cảm ơn cô, tạm biệt",
        "take care",
        "see ya",
    ],
)
def test_a_goodbye_ends_without_a_question(said: str) -> None:
    text = answered(said)
    assert re.search("[Bb]ye|[Ss]ee you|[Tt]ake care|next time", text)
    assert "?" not in text


@pytest.mark.parametrize(
    "said",
    [
        "i stop work at five",
        "i want to stop smoking",
        "i have to go to the doctor",
        "my brother speaks too fast",
        "politicians are too slow",
        "he is stupid",
        "i wait for the bus every day",
        "i think about my future",
        "yesterday i said hello to my neighbour",
        "i go to the hotel by taxi",
        "my doctor is friendly",
        "i help my mother",
        "i repeat the words every evening",
        "i can speak a little french",
        "i changed my job last year",
        "in english class we read books",
    ],
)
def test_a_statement_with_such_words_is_no_request(said: str) -> None:
    talk = Conversation("B1", "everyday")
    talk.tutor_said("What did you do?")
    text = talk.say(said)
    assert talk.message.pace is None
    no_answers = "[Bb]ye|stop|Take your time|slowly|polite|You can ask|role play|only speak English"
    assert not re.search(no_answers, text), text


@pytest.mark.parametrize(
    "said", ["slower please", "can you speak more slowly", "you speak too fast", "nói chậm thôi"]
)
def test_slower_changes_the_pace_and_says_so(said: str) -> None:
    talk = Conversation()
    talk.tutor_said("What do you eat for breakfast?")
    assert talk.say(said) == "OK, I'll speak more slowly. What do you eat for breakfast?"
    assert talk.message.pace == "slower"


@pytest.mark.parametrize("said", ["faster please", "you are too slow", "could you speak faster"])
def test_faster_changes_the_pace(said: str) -> None:
    talk = Conversation()
    talk.say(said)
    assert talk.message.pace == "faster"


JUDGE = (
    "was that right",
    "how was my last sentence",
    "did i make a mistake",
    "is that correct",
    "can you correct me please",
    "what did i say wrong",
    "check my grammar please",
    "was my sentence ok",
)


@pytest.mark.parametrize("said", JUDGE)
def test_the_last_sentence_is_judged_and_not_the_request(said: str) -> None:
    talk = Conversation()
    talk.say("i goed to the beach with my brother")
    talk.say("what does beach mean")
    talk.messages.append(ChatMessage("learner", said, "Linh"))
    assert sentence_to_judge(talk.request()) == "i goed to the beach with my brother"


def test_a_sentence_in_the_question_is_judged() -> None:
    talk = Conversation()
    talk.say("hello")
    talk.messages.append(ChatMessage("learner", "is it correct to say I have went home?", "Linh"))
    assert sentence_to_judge(talk.request()) == "I have went home"


def test_a_judgement_is_told_with_its_reason() -> None:
    talk = Conversation()
    talk.say("i goed home")
    judged = corrected("i goed home", "i went home", "The past of go is went.")
    assert 'Better: "i went home". The past of go is went.' in talk.say("was that right", judged=judged)


@pytest.mark.parametrize(
    ("outcome", "expected"), [(Outcome.RIGHT, "see nothing wrong"), (Outcome.UNSURE, "can't judge")]
)
def test_a_judgement_never_says_that_nothing_is_wrong(outcome: Outcome, expected: str) -> None:
    talk = Conversation()
    talk.say("i went home yesterday")
    text = talk.say("was that right", judged=Judgement(outcome))
    assert expected in text
    assert "a simple checker" in text


def test_without_a_sentence_the_tutor_asks_for_one() -> None:
    talk = Conversation()
    assert "whole sentence" in talk.say("was that right")


def test_the_talk_goes_on_where_it_was_after_a_word_was_explained() -> None:
    assert answered("what does delicious mean").endswith("What do you usually do after dinner?")


def test_a_question_that_was_heard_twice_is_not_asked_a_third_time() -> None:
    talk = Conversation()
    talk.tutor_said("What do you usually do after dinner?")
    talk.say("what does dinner mean")
    assert "after dinner?" not in talk.say("what does lunch mean")


def test_on_silence_words_the_tutor_waits_and_takes_up_its_question_later() -> None:
    talk = Conversation()
    talk.tutor_said("What do you usually do after dinner?")
    assert questions(talk.say("umm let me think")) == []
    assert "after dinner?" in talk.say("ok i am back")


def test_every_intent_has_a_handler_or_texts() -> None:
    special = {"choose", "judge", "my_mistakes", "start_role_play"}
    for intent in intents():
        assert intent.do in HANDLERS.keys() | special if intent.do else all(intent.say.values()), intent.name


def test_every_handler_is_used() -> None:
    assert HANDLERS.keys() <= {intent.do for intent in intents()}


@pytest.mark.parametrize(
    ("question", "said", "expected"),
    [
        ("Do you like fish?", "yes", "like"),
        ("Do you like fish?", "no", "not|more"),
        ("Have you ever lost touch with a friend?", "yes i have", "[Ww]hen|story"),
        ("Is your home big or small?", "yes", r"\?"),
        ("Should voting be a duty?", "not really", "not|against|better"),
    ],
)
def test_a_yes_or_a_no_is_followed_up(question: str, said: str, expected: str) -> None:
    assert re.search(expected, answered(said, after=question))
