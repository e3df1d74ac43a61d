"""All processes on one database work with the same keys, or do not start: what one seals another
could not open, and a person whom no fingerprint finds would be enrolled twice."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from documents.sealing import KeyRing, SealBroken
from language import _
from models import KeyCanary
from rules.errors import Refused
from workflows.engine.office import Office

_WORDS = "huzhu"


def require_same_keys(office: Office) -> None:
    """Note the keys of this process where they are the first; Refused where they are others than
    those at work, or one of these is missing."""
    with office.sessions.unit_of_work() as session:
        # The fingerprints first: of two that start at once the second waits here for the first.
        _note(session, KeyCanary.PRINTS, office.keys.fingerprint(_WORDS))
        current = office.keys.current
        _note(session, current, office.keys.seal(_WORDS.encode(), _about(current)))
        if any(not _is_ours(office.keys, each) for each in session.scalars(select(KeyCanary))):
            raise Refused(
                _(
                    "本机的密钥与这个数据库在用的不一致，不能启动："
                    "请把先前那台机器的密钥原样放到本机（HUZHU_KEYS、HUZHU_INDEX_KEY）"
                )
            )


def forget_older_keys(session: Session, office: Office) -> None:
    """Ask for the newest key alone from now on: nothing is left that another one sealed."""
    wanted = (KeyCanary.PRINTS, office.keys.current)
    session.execute(delete(KeyCanary).where(KeyCanary.key_name.not_in(wanted)))


def _note(session: Session, key_name: str, sealed: bytes) -> None:
    noted = insert(KeyCanary).values(key_name=key_name, sealed=sealed)
    session.execute(noted.on_conflict_do_nothing())


def _is_ours(keys: KeyRing, canary: KeyCanary) -> bool:
    if canary.key_name == KeyCanary.PRINTS:
        return keys.fingerprint(_WORDS) == canary.sealed
    try:
        return keys.open(canary.sealed, _about(canary.key_name)) == _WORDS.encode()
    except SealBroken:
        return False


def _about(key_name: str) -> str:
    return f"canary:{key_name}"
