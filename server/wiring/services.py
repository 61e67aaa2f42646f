"""Constructs what the handlers of REST use."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from server.accounts.service import Accounts
from server.api.avatars.uploads import Avatars
from server.api.rate_limits import RateLimits
from server.api.services import Services
from server.cluster.member import Member
from server.learning.classes import HeardClasses
from server.moderation.service import Moderation
from server.moderation.text_rules import TextRules
from server.people.service import People
from server.rooms.service import RoomsService
from server.storage import SqlAccountStore, SqlExport, SqlOneTimeStore
from server.tutor.service import TutorService
from server.wiring.accounts import accounts_of
from server.wiring.common import CommonParts
from server.wiring.learning import LearningParts
from server.wiring.moderation import privacy_facts
from server.wiring.notices import NoticeParts
from server.wiring.options import is_proxied
from server.wiring.progress import ProgressParts
from server.wiring.schedule import ScheduleParts

USER_CHANGED_TOPIC = "users.changed"
USER_DELETED_TOPIC = "users.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """The parts of the server that REST shows. `cluster` is None unless servers share their rooms."""

    rooms: RoomsService
    tutors: TutorService
    learning: LearningParts
    progress: ProgressParts
    notices: NoticeParts
    people: People
    moderation: Moderation
    schedule: ScheduleParts
    avatars: Avatars
    cluster: Member | None


def services_of(common: CommonParts, areas: Areas) -> Services:
    config, bus, learning, cluster = common.config, common.bus, areas.learning, areas.cluster
    return Services(
        users=common.users,
        rooms=areas.rooms.directory,
        page_closed=areas.rooms.membership.page_closed,
        user_changed=lambda user: bus.publish(USER_CHANGED_TOPIC, asdict(user)),
        user_deleted=lambda user_id: bus.publish(USER_DELETED_TOPIC, {"user_id": user_id}),
        count_online=areas.rooms.online.count,
        tutor_languages=areas.tutors.dispatcher.jobs.languages,
        devices=common.devices,
        sessions=common.sessions,
        accounts=_accounts(common),
        avatars=areas.avatars,
        health=common.health,
        metrics=common.metrics,
        limits=RateLimits(config.rate_limit, config.sign_ups_per_address, common.buckets),
        clock=time.time,
        clean_text=TextRules(config.bad_words).clean,
        trusted_proxies=config.trusted_proxies,
        is_proxied=is_proxied(config),
        metrics_token=config.metrics_token.get_secret_value(),
        tutoring=areas.rooms.tutor,
        conversations=areas.tutors.conversations,
        mistakes=learning.mistakes,
        words=learning.words,
        memories=learning.memories,
        knowledge=learning.knowledge,
        courses=learning.courses,
        heard_classes=HeardClasses(learning.classes),
        notices=areas.notices.notices,
        push=areas.notices.push,
        people=areas.people,
        progress=areas.progress.progress,
        moderation=areas.moderation,
        schedule=areas.schedule.schedule,
        privacy=privacy_facts(config),
        agent_token=common.agent_token,
        locate=cluster.takeover.locate if cluster else None,
        pass_on=cluster.pass_on if cluster else None,
        place=cluster.placement.place if cluster else None,
    )


def _accounts(common: CommonParts) -> Accounts:
    database = common.database
    return accounts_of(
        common.config.public_url,
        SqlAccountStore(database),
        SqlOneTimeStore(database),
        SqlExport(database),
        time.time,
        config=common.config,
        buckets=common.buckets,
    )
