"""What beat says, and when; beat needs nothing else of the office."""

from celery.schedules import crontab

from settings import Settings

BEAT_QUEUE = "beat"


def schedule(ready: Settings) -> dict[str, dict[str, object]]:
    """Each task that is due again and again, by its name."""
    return {
        "look": {"task": "look", "schedule": ready.look_seconds},
        "sweep": {"task": "sweep", "schedule": ready.sweep_seconds},
        "root": {"task": "root", "schedule": ready.root_seconds},
        "remind": {"task": "remind", "schedule": ready.remind_seconds},
        # 18:30 UTC is 02:30 in Beijing, when no office is at work.
        "night": {"task": "night", "schedule": crontab(hour=18, minute=30)},
    }
