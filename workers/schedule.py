"""What beat says, and when; beat needs nothing else of the office."""

from celery.schedules import crontab

from settings import Settings

BEAT_QUEUE = "beat"
MAIL_QUEUE = "mail"


def folder_queue(ready: Settings) -> str:
    """The queue of the workers on the machine whose drop folder it is; empty where all machines
    share one folder."""
    return f"folder-{ready.drop_folder_of}" if ready.drop_folder_of else ""


_ROOT_SECONDS = 5.0
"""How often it is asked whether the log is to be signed."""


def queues_of_beat(ready: Settings) -> list[str]:
    """The queues to which beat says anything."""
    return [name for name in (BEAT_QUEUE, MAIL_QUEUE, folder_queue(ready)) if name]


def schedule(ready: Settings) -> dict[str, dict[str, object]]:
    """Each task that is due again and again, by its name."""
    ticks: dict[str, dict[str, object]] = {
        "look": {
            "task": "look",
            "schedule": ready.look_seconds,
            "options": {"queue": folder_queue(ready) or BEAT_QUEUE},
        },
        "sweep": {"task": "sweep", "schedule": ready.sweep_seconds},
        "root": {"task": "root", "schedule": _ROOT_SECONDS},
        "remind": {"task": "remind", "schedule": ready.remind_seconds},
        # 18:30 UTC is 02:30 in Beijing, when no office is at work.
        "night": {"task": "night", "schedule": crontab(hour=18, minute=30)},
    }
    if ready.imap_host:
        # The queue of the worker that reaches mail servers.
        ticks["mailbox"] = {
            "task": "mailbox",
            "schedule": ready.mailbox_seconds,
            "options": {"queue": MAIL_QUEUE},
        }
    return ticks
