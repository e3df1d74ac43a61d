"""The faults of a machine's set-up, each in one sentence that names what to set right."""

from language import _


def what_to_set_right(error: Exception) -> str:
    """The sentence for a fault of the set-up; empty where the error is another one."""
    # Loaded once there is an error: these take longer than a command that has none.
    from pydantic import ValidationError
    from sqlalchemy.exc import OperationalError

    if isinstance(error, ValidationError) and error.title == "Settings":
        first = error.errors()[0]
        name = "_".join(map(str, first["loc"])).upper()
        name = name if name in ("DATABASE_URL", "REDIS_URL") else f"HUZHU_{name}"
        return _("%(name)s 的值不能用：%(value)s") % {
            "name": name,
            "value": str(first["input"])[:80],
        }
    # An error without a statement is one of connecting.
    if isinstance(error, OperationalError) and error.statement is None:
        return _("数据库没有应答，请检查 DATABASE_URL 和数据库是否在运行")
    if isinstance(error, OSError) and error.filename is not None:
        words = {"file": error.filename, "why": error.strerror}
        return _("不能使用 %(file)s：%(why)s；请检查 HUZHU_DATA 和文件夹的权限") % words
    return ""
