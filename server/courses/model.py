"""Courses, their modules and sub-topics. Indices are from 0; a course's id is the number of its folder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """`answers`: texts of which an answer has one, in small letters; none: every answer is right."""

    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubTopic:
    """One class. `sentences` are taught in this order; `paragraphs`: how many of them each paragraph has."""

    title: str
    sentences: tuple[str, ...]
    paragraphs: tuple[int, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Module:
    title: str
    summary: str
    sub_topics: tuple[SubTopic, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """`level`: as the teacher wrote it, such as `A2-B1`. `language`: of its texts, BCP 47."""

    id: str
    title: str
    summary: str
    level: str
    language: str
    modules: tuple[Module, ...]
