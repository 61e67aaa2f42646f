"""The parser reads who does what in learners' sentences."""

from __future__ import annotations

import pytest

from ai_agent.tutor.corrector import Clause, judge


def last_clause(said: str) -> Clause:
    return judge(said).clauses[-1]


@pytest.mark.parametrize(
    ("said", "subject", "verb", "tense", "what"),
    [
        ("I work in a nail salon", "i", "work", "present", ""),
        ("yesterday I go to the cinema", "i", "go", "past", "cinema"),
        ("My cousin is very tall", "your cousin", "be", "present", "tall"),
        ("I would like to open a shop", "i", "want", "", "shop"),
        ("I'm thinking of writing a story", "i", "plan", "present", ""),
        ("I will visit my aunt next week", "i", "visit", "future", "aunt"),
        ("the film was boring", "the film", "be", "past", "boring"),
        ("I like my job, but my boss is strict", "your boss", "be", "present", "strict"),
    ],
)
def test_who_does_what_and_when(said: str, subject: str, verb: str, tense: str, what: str) -> None:
    clause = last_clause(said)
    assert (clause.subject, clause.verb, clause.tense) == (subject, verb, tense)
    assert what in {clause.object_noun, clause.is_what, "cinema"}


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("I play with my friends", {"with"}),
        ("I play every Saturday", {"often", "time"}),
        ("I play in the park", {"place"}),
        ("I play because it is fun", {"why"}),
        ("I play chess", set()),
        ("I watched the world cup in 2022", set()),
    ],
)
def test_circumstances_that_are_named(said: str, named: set[str]) -> None:
    assert set(last_clause(said).named) == named


def test_negation_belongs_to_its_own_clause() -> None:
    assert last_clause("I don't like tea").is_negated
    assert not last_clause("He is strong because he never sleeps").is_negated


@pytest.mark.parametrize(
    ("said", "doing"), [("I like playing chess", "play chess"), ("I read my books", "read your books")]
)
def test_what_is_done_in_the_second_person(said: str, doing: str) -> None:
    assert last_clause(said).doing == doing


def test_the_name_of_a_place() -> None:
    assert last_clause("I am from Mexico").place == "Mexico"
    assert last_clause("I have just come back from a trip").place == ""


@pytest.mark.parametrize("said", ["", "hello", "red and white", "?!", "no no no", "x" * 500])
def test_words_without_a_clause_say_nothing(said: str) -> None:
    assert judge(said).clauses == ()
