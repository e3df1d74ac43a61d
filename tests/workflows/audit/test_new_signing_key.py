"""The key that signs the log is replaced: the one before hands over, and nobody else can."""

from dataclasses import replace

from pydantic import SecretStr
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from documents.signing import Signer, as_text, new_signing_key, public_keys
from models import AuditRoot
from tests.desk import Desk
from tests.workflows.audit.test_verify import do_as_owner
from workflows.audit.root_copies import copied
from workflows.audit.root_lines import Statement, hash_of
from workflows.audit.roots import sign_if_due
from workflows.audit.verify import RootCopies, verify


def with_keys(desk: Desk, *keys: str) -> Desk:
    """The office after its setting of signing keys was changed to these, the newest first."""
    settings = desk.office.settings.model_copy(update={"audit_key": SecretStr(",".join(keys))})
    return replace(desk, office=replace(desk.office, settings=settings))


def key_of(desk: Desk) -> str:
    return desk.office.settings.audit_key.get_secret_value()


def public(*keys: str) -> str:
    """What the auditor keeps of these keys."""
    return ",".join(as_text(key) for each in keys for key in Signer.from_text(each).public.values())


def broken_by(desk: Desk, kept: str, lines: list[str] | None = None) -> dict[str, tuple[str, ...]]:
    """What the auditor finds with these public keys and, if he has it, a file of his own."""
    copies = RootCopies("roots", lines or copied(desk.office.settings.roots_file))
    with desk.office.sessions.read_only() as session:
        found = verify(session, desk.office, public_keys(kept), copies)
        return {each.code: each.violations for each in found if each.violations}


def roots(desk: Desk) -> list[Statement]:
    with desk.office.sessions.read_only() as session:
        lines = session.scalars(select(AuditRoot.line).order_by(AuditRoot.number))
        return [told for line in lines if (told := Statement.of_line(line))]


def something_happens(desk: Desk) -> None:
    desk.claim(desk.member())
    desk.clock.pass_(minutes=2)
    sign_if_due(desk.office)


def test_the_key_before_names_the_new_one_which_signs_from_then_on(desk: Desk) -> None:
    old, new = key_of(desk), new_signing_key()
    something_happens(desk)
    rotated = with_keys(desk, new, old)
    assert sign_if_due(rotated.office) == 1, "the key is handed over at once"
    something_happens(rotated)
    [first, handing_over, last] = roots(rotated)
    names = [Signer.from_text(key).name for key in (old, new)]
    assert [first.key, handing_over.key, last.key] == [names[0], names[0], names[1]]
    assert handing_over.next_key == public(new)
    # The auditor's copy of the key before leads on to the new one; so do both, in any order.
    assert broken_by(rotated, public(old)) == {}
    assert broken_by(rotated, public(old, new)) == broken_by(rotated, public(new, old)) == {}
    assert "signed_roots" in broken_by(rotated, public(new_signing_key()))


def test_of_a_key_that_signs_no_more_the_public_half_is_enough(desk: Desk) -> None:
    old, new = key_of(desk), new_signing_key()
    something_happens(desk)
    sign_if_due(with_keys(desk, new, old).office)
    without = with_keys(desk, new, f"public:{public(old)}")
    something_happens(without)
    assert roots(without)[-1].key == Signer.from_text(new).name
    assert broken_by(without, public(key_of(without))) == {}


def test_a_key_that_the_one_before_did_not_name_is_believed_by_nobody_but_who_is_told_it(
    desk: Desk,
) -> None:
    old, new = key_of(desk), new_signing_key()
    something_happens(desk)
    alone = with_keys(desk, new)
    something_happens(alone)
    assert "signed_roots" in broken_by(alone, public(old))
    assert broken_by(alone, public(old, new)) == {}


def test_where_the_key_that_was_named_is_lost_a_person_names_the_next_one(desk: Desk) -> None:
    old, lost, new = key_of(desk), new_signing_key(), new_signing_key()
    something_happens(desk)
    something_happens(with_keys(desk, lost, old))
    something_happens(with_keys(desk, new))
    assert roots(desk)[-1].key == Signer.from_text(new).name
    assert broken_by(desk, public(old, lost, new)) == {}
    assert "signed_roots" in broken_by(desk, public(old))
    assert "signed_roots" in broken_by(desk, public(old, lost))
    # The first has handed over, also for who is told all three.
    do_as_owner(desk, lambda connection: sign_last_anew(connection, old))
    assert "signed_roots" in broken_by(desk, public(old, lost, new))


def test_the_key_before_signs_nothing_any_more_once_it_has_handed_over(desk: Desk) -> None:
    """It may have been stolen: that is why keys are replaced."""
    old, new = key_of(desk), new_signing_key()
    something_happens(desk)
    for _root in range(2):
        something_happens(with_keys(desk, new, old))
    assert broken_by(desk, public(old)) == {}
    do_as_owner(desk, lambda connection: sign_last_anew(connection, old))
    assert "signed_roots" in broken_by(desk, public(old))


def test_a_superuser_who_brings_a_key_of_his_own_is_found(desk: Desk) -> None:
    old, his = key_of(desk), new_signing_key()
    something_happens(desk)
    something_happens(desk)
    do_as_owner(desk, lambda connection: hand_over_to(connection, his))
    assert "signed_roots" in broken_by(desk, public(old))


def test_who_stole_the_key_before_cannot_hand_over_to_his_own_where_both_are_known(
    desk: Desk,
) -> None:
    old, new, his = key_of(desk), new_signing_key(), new_signing_key()
    something_happens(desk)
    something_happens(with_keys(desk, new, old))
    do_as_owner(desk, lambda connection: hand_over_to(connection, f"{his},{old}"))
    found = broken_by(desk, public(new, old))
    assert any("未知的密钥" in sentence for sentence in found["signed_roots"])


def sign_last_anew(connection: Connection, key: str) -> None:
    """The last root says what it said, signed by this key."""
    signer = Signer.from_text(key)
    with Session(connection) as session:
        root = session.scalars(select(AuditRoot).order_by(AuditRoot.number.desc())).first()
        assert root is not None
        told = Statement.of_line(root.line)
        assert told
        root.line = replace(told, key=signer.name).line(signer)
        session.flush()


def hand_over_to(connection: Connection, keys: str) -> None:
    """All roots anew: the first, signed by the last of these keys, hands over to the first of them,
    which signs what follows."""
    signer = Signer.from_text(keys)
    first_key = list(signer.private)[-1]
    before = ""
    with Session(connection) as session:
        for root in session.scalars(select(AuditRoot).order_by(AuditRoot.number)):
            told = Statement.of_line(root.line)
            assert told
            is_first = root.number == 1
            anew = replace(
                told,
                previous=hash_of(before) if before else "",
                key=first_key if is_first else signer.name,
                next_key=as_text(signer.public[signer.name]) if is_first else "",
            )
            root.line = before = anew.line(signer)
        session.flush()
