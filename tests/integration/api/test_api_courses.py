from __future__ import annotations

import pytest

from server.learning.model import ClassKey
from tests.fakes.api_server import Api

BOX = "/api/courses/1/modules"


async def test_the_course_in_the_box_is_listed_and_read(api: Api) -> None:
    [course] = (await api.ask("GET", "/api/courses")).json["items"]
    assert (course["id"], course["level"], course["language"]) == ("1", "A2-B1", "en")
    first = course["modules"][0]["subTopics"][0]
    text = (await api.ask("GET", f"{BOX}/0/classes/0")).json
    assert text["title"] == first["title"]
    assert len(text["sentences"]) == first["sentences"] == sum(text["paragraphs"])
    assert "nice to meet you" in text["questions"][0]["answers"]


@pytest.mark.parametrize(
    "path", ["/api/courses/9/modules/0/classes/0", f"{BOX}/99/classes/0", f"{BOX}/0/classes/-1"]
)
async def test_a_class_that_does_not_exist_is_said_to_be_so(api: Api, path: str) -> None:
    assert (await api.ask("GET", path)).code == "course_not_found"


PROGRESS = "/api/courses/progress"


async def test_progress_is_shown_to_its_person_alone(api: Api) -> None:
    ann, bob = await api.sign_in("Ann"), await api.sign_in("Bob")
    user_id = (await api.ask("GET", "/api/users/me", ann)).json["id"]
    await api.heard.add_heard([user_id], ClassKey("1", 0, 2), [0, 1, 2, 5], 1.0)
    [item] = (await api.ask("GET", PROGRESS, ann)).json["items"]
    assert (item["courseId"], item["moduleIndex"], item["subTopicIndex"]) == ("1", 0, 2)
    assert item["heard"] == [{"first": 0, "last": 2}, {"first": 5, "last": 5}]
    assert (await api.ask("GET", PROGRESS, bob)).json == {"items": [], "nextCursor": None}
    assert (await api.ask("GET", PROGRESS)).code == "unauthenticated"


@pytest.mark.parametrize("cursor", ["x", "1/2", "1/2/", "a/b/1", "-1/0/1", "99999/0/1"])
async def test_a_cursor_that_is_no_place_in_the_list_is_refused(api: Api, cursor: str) -> None:
    answer = await api.ask("GET", PROGRESS, await api.sign_in(), params={"cursor": cursor})
    assert answer.code == "invalid_request"


async def test_a_host_cannot_choose_a_class_that_does_not_exist(api: Api) -> None:
    ann = await api.sign_in("Ann")
    path = f"/api/rooms/{(await api.room(ann))['id']}/tutor"
    chosen = {"courseId": "1", "moduleIndex": 0, "subTopicIndex": 1}
    taught = await api.ask("POST", path, ann, json={"teaches": {**chosen, "sentence": 9_999}})
    teaches = taught.json["tutor"]["teaches"]
    assert teaches["sentence"] == teaches["sentences"] - 1
    for wrong in ({"courseId": "9"}, {"moduleIndex": 99}, {"subTopicIndex": 99}):
        answer = await api.ask("POST", path, ann, json={"teaches": {**chosen, **wrong}})
        assert answer.code == "course_not_found"
    ended = await api.ask("POST", path, ann, json={"teaches": None})
    assert ended.json["tutor"]["teaches"] is None
