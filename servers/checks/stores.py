"""Checks of the database and the broker."""

from datetime import datetime

from alembic.script import ScriptDirectory
from redis.exceptions import RedisError
from sqlalchemy import Engine, inspect, text

from language import N_, _
from models import migrations
from servers.checks import Examination, Examined, beware, well, wrong
from settings import Settings
from workflows.engine.broker_notes import client_of
from workflows.engine.office import utc_now

_SKEW_SECONDS = 5.0


def _database(_ready: Settings, engine: Engine) -> Examined:
    with engine.connect() as connection:
        version = str(connection.exec_driver_sql("SHOW server_version").scalar())
    return well(version) if int(version.split(".")[0]) >= 18 else wrong(version)


def _schema(ready: Settings, engine: Engine) -> Examined:
    newest = ScriptDirectory.from_config(migrations.config(ready.database_url)).get_current_head()
    with engine.connect() as connection:
        is_there = inspect(connection).has_table("alembic_version")
        asked = text("SELECT version_num FROM alembic_version")
        found = connection.scalar(asked) if is_there else None
    words = {"found": found or "-", "newest": newest}
    if found == newest:
        return well(_("数据库结构为最新版本 %(found)s") % words)
    return wrong(_("数据库结构是 %(found)s，程序需要 %(newest)s：请运行 huzhu db upgrade") % words)


def _user(_ready: Settings, engine: Engine) -> Examined:
    """Whether the program works as a user who can change tables and history."""
    with engine.connect() as connection:
        owns = connection.scalar(text("SELECT has_schema_privilege('public', 'CREATE')"))
    if not owns:
        return well(_("程序的数据库用户不能改动表结构和操作记录"))
    return beware(
        _(
            "程序以数据表属主的身份连接数据库："
            "请设 HUZHU_OWNER_DATABASE_URL，并给 DATABASE_URL 换一个用户"
        )
    )


def _clock(_ready: Settings, engine: Engine) -> Examined:
    with engine.connect() as connection:
        there: datetime = connection.scalars(text("SELECT clock_timestamp()")).one()
    seconds = abs((utc_now() - there).total_seconds())
    words = {"seconds": f"{seconds:.1f}"}
    if seconds <= _SKEW_SECONDS:
        return well(_("与数据库相差 %(seconds)s 秒") % words)
    return beware(_("与数据库相差 %(seconds)s 秒：请在两台机器上启用时间同步（NTP）") % words)


def _broker(ready: Settings, _engine: Engine) -> Examined:
    client_of(ready.redis_url).ping()
    return well(_("可以连接"))


def _memory(ready: Settings, _engine: Engine) -> Examined:
    """Whether a full broker refuses new messages, or forgets old ones without a word."""
    try:
        policy = client_of(ready.redis_url).config_get("maxmemory-policy")["maxmemory-policy"]
    except (RedisError, KeyError):
        return well(_("服务器不许查看内存策略"))
    if policy == "noeviction":
        return well(_("内存满时不丢消息"))
    words = {"policy": policy}
    return beware(
        _("内存满时会丢消息：请把 maxmemory-policy 从 %(policy)s 改为 noeviction") % words
    )


LOOKS: dict[str, Examination] = {
    "PostgreSQL": _database,
    N_("数据库结构"): _schema,
    N_("数据库用户"): _user,
    N_("时钟"): _clock,
    "Redis / Valkey": _broker,
    N_("消息内存"): _memory,
}
