"""Security keys (安全密钥, WebAuthn): a device that signs a challenge in the place of a code.

It signs for the console's own address only, so that a page elsewhere gets nothing out of it. Who
has set his second factor up may add keys; a code is still good where the key is not at hand.
"""

import json
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

from language import _
from models import SecurityKey, User, WebSession
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office

_MOST = 10


def keys_of(session: Session, user: User) -> Sequence[SecurityKey]:
    """His keys, the oldest first."""
    return session.scalars(select(SecurityKey).filter_by(user_id=user.id).order_by("id")).all()


def offer_key(session: Session, office: Office, user: User, web: WebSession) -> str:
    """What the browser is asked to make a new key for; the caller has seen a code of the person."""
    held = keys_of(session, user)
    if len(held) >= _MOST:
        raise Refused(_("安全密钥最多 %(count)s 个，请先删除不用的") % {"count": _MOST})
    options = generate_registration_options(
        rp_id=_site(office),
        rp_name=office.settings.office_name,
        user_name=user.login,
        user_display_name=user.name,
        user_id=office.keys.fingerprint(f"key of {user.id}"),
        challenge=_new_challenge(session, web),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential) for key in held],
    )
    return options_to_json(options)


def add_key(
    session: Session, office: Office, user: User, web: WebSession, name: str, answer: str
) -> bool:
    """Keep the key that the browser made; False if it was not made for this challenge."""
    challenge = _take_challenge(session, web)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_site(office),
            expected_origin=_origin(office),
        )
    except WebAuthnException:
        return False
    key = SecurityKey(
        user_id=user.id,
        name=name.strip() or _("安全密钥"),
        credential=made.credential_id,
        public_key=made.credential_public_key,
        signed=made.sign_count,
        added_at=office.clock(),
    )
    session.add(key)
    _record(session, office, user, "add_key")
    return True


def ask_for_key(session: Session, office: Office, user: User, web: WebSession) -> str:
    """What the browser is asked to have signed by one of his keys; empty if he has none."""
    held = keys_of(session, user)
    if not held or not office.settings.origin:
        return ""
    options = generate_authentication_options(
        rp_id=_site(office),
        challenge=_new_challenge(session, web),
        allow_credentials=[PublicKeyCredentialDescriptor(id=key.credential) for key in held],
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return options_to_json(options)


def give_key(session: Session, office: Office, user: User, web: WebSession, answer: str) -> bool:
    """Whether one of his keys signed the challenge of this session; a challenge counts once."""
    challenge = _take_challenge(session, web)
    by_id = {key.credential: key for key in keys_of(session, user)}
    key = by_id.get(_credential(answer))
    if key is None or not _has_signed(office, key, challenge, answer):
        _record(session, office, user, "fail_factor")
        return False
    return True


def remove_key(session: Session, office: Office, user: User, key_id: int) -> None:
    """Forget one of one's own keys."""
    key = session.get(SecurityKey, key_id)
    if key is None or key.user_id != user.id:
        raise Refused(_("没有这个安全密钥"))
    session.delete(key)
    _record(session, office, user, "remove_key")


def _has_signed(office: Office, key: SecurityKey, challenge: bytes, answer: str) -> bool:
    """Its count of signatures must grow: a copy of the key would repeat one."""
    try:
        seen = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_site(office),
            expected_origin=_origin(office),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.signed,
        )
    except WebAuthnException:
        return False
    key.signed, key.used_at = seen.new_sign_count, office.clock()
    return True


def _credential(answer: str) -> bytes:
    try:
        told: Any = json.loads(answer)
        return base64url_to_bytes(str(told["rawId"]))
    except (ValueError, KeyError, TypeError):
        return b""


def _new_challenge(session: Session, web: WebSession) -> bytes:
    row = session.get_one(WebSession, web.id, with_for_update=True)
    row.challenge = secrets.token_bytes(32)
    return row.challenge


def _take_challenge(session: Session, web: WebSession) -> bytes:
    row = session.get_one(WebSession, web.id, with_for_update=True)
    challenge, row.challenge = row.challenge, None
    # What was not asked for is signed by nobody.
    return challenge or secrets.token_bytes(32)


def _record(session: Session, office: Office, user: User, verb: str) -> None:
    held = session.get_one(User, user.id, with_for_update=True)
    by = None if verb == "fail_factor" else user.id
    record(session, held, verb, office.clock(), by)


def _origin(office: Office) -> str:
    return office.settings.origin.rstrip("/")


def _site(office: Office) -> str:
    host = urlsplit(_origin(office)).hostname
    if host is None:
        raise Refused(_("没有设置控制台的网址，不能使用安全密钥"))
    return host
