"""Lets nobody act by an account that was changed past the program: its roles, person or password.

The account is compared with its stamp, since an owner of the database changes rows and has no key.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from language import _
from models import User
from rules.errors import Refused
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.stamped_rows import changed_row


def refuse_tampered_accounts(session: Session, office: Office, ids: Collection[int]) -> None:
    """Refused if one of these accounts is not what the program last wrote. Ask before it changes:
    what this transaction writes has its stamp at the end only."""
    if row_key := changed_row(session, office, User, any_of(User.id, ids)):
        words = {"login": session.get_one(User, int(row_key)).login}
        raise Refused(
            _("用户 %(login)s 的资料在系统之外被改动，不能使用；请运行 huzhu audit verify") % words
        )
