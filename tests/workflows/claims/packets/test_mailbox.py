"""What comes by mail is one claim, however often it is looked at and whenever a look dies."""

import imaplib
import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from documents.kinds import Kind
from documents.packets.mail_message import is_from, taken_apart
from documents.spool import Spool
from models import Claim, Document, Packet
from tests.desk import Desk, a_page, a_picture, number_of
from tests.imap import ImapServer, KeptMessage, imap_server
from tests.kept_files import spool_folder
from tests.smtp import PASSWORD, a_certificate
from tests.workflows.people.test_visibility import a_cover
from workflows.claims.packets import mailbox
from workflows.claims.packets.imap_server import Mailbox

SENDER = "gonghui@unit.example"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapServer]:
    path, context = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with imap_server(context) as found:
        yield found


@pytest.fixture
def mailed(desk: Desk, server: ImapServer) -> Desk:
    """An office that looks into this mailbox."""
    given = {
        "imap_host": "127.0.0.1",
        "imap_port": server.port,
        "imap_user": "papers",
        "imap_password": SecretStr(PASSWORD),
        "imap_senders": "someone@else.example, @unit.example",
        "imap_seconds": 280.0,
    }
    settings = desk.office.settings.model_copy(update=given)
    return Desk(replace(desk.office, settings=settings), desk.clock, desk.bells)


def a_mail(*files: tuple[str, bytes], sender: str = SENDER) -> bytes:
    message = EmailMessage()
    message["From"] = f"工会 <{sender}>"
    message["Subject"] = "王芳住院材料"
    message.set_content("请查收")
    for name, data in files:
        message.add_attachment(data, maintype="image", subtype="jpeg", filename=name)
    return message.as_bytes()


def looked(desk: Desk) -> None:
    """One look, and all that it rings for."""
    mailbox.look(desk.office)
    desk.work()


def claims_of(desk: Desk) -> list[int]:
    with desk.office.sessions.read_only() as session:
        return list(session.scalars(select(Claim.id)))


def notes_of(desk: Desk) -> list[str]:
    with desk.office.sessions.read_only() as session:
        return [note for notes in session.scalars(select(Packet.notes)) for note in notes]


def is_read(message: KeptMessage) -> bool:
    return "\\Seen" in message.flags


def test_a_message_is_one_claim_and_is_read_once_its_papers_are_stored(
    mailed: Desk, server: ImapServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    message = server.arrive(a_mail(("王芳 1.jpg", a_picture()), ("王芳 2.jpg", a_picture())))
    mailbox.look(mailed.office)
    assert claims_of(mailed) == []
    assert not is_read(message)
    mailbox.look(mailed.office)  # before a worker came to it
    assert not is_read(message)
    mailed.work()
    mailbox.look(mailed.office)
    assert len(claims_of(mailed)) == 1
    with mailed.office.sessions.read_only() as session:
        assert len(session.scalars(select(Document)).all()) == 2
        assert len(session.scalars(select(Packet)).all()) == 1
    assert is_read(message)
    looked(mailed)
    assert server.fetched == [1]
    assert "unit.example" not in caplog.text
    assert "王芳" not in caplog.text


@pytest.mark.parametrize("is_asked", [True, False], ids=["asked for", "not asked for"])
def test_papers_that_come_by_mail_join_a_claim_only_if_it_waits_for_papers(
    mailed: Desk, server: ImapServer, is_asked: bool
) -> None:
    missing = (Kind.DISCHARGE_RECORD,) if is_asked else ()
    claim_id = mailed.claim(mailed.member(), without=missing)
    mailed.work()
    assert mailed.state_of(claim_id) == ("incomplete" if is_asked else "proposed")
    sheet = a_cover(mailed, number_of(mailed, claim_id))
    server.arrive(a_mail(("封面.pdf", sheet), ("a.jpg", mailed.scan(a_page(Kind.OTHER)))))
    looked(mailed)
    assert len(claims_of(mailed)) == (1 if is_asked else 2)
    if not is_asked:
        assert mailed.state_of(claim_id) == "proposed"
        assert any("没有在等补件" in note for note in notes_of(mailed))


def test_numbered_anew_by_its_server_a_message_is_the_same_claim(
    mailed: Desk, server: ImapServer
) -> None:
    message = server.arrive(a_mail(("a.jpg", a_picture())))
    looked(mailed)
    server.epoch = 2
    looked(mailed)
    looked(mailed)
    assert len(claims_of(mailed)) == 1
    assert is_read(message)
    assert any("没有重复收件" in note for note in notes_of(mailed))


def test_a_look_that_died_before_its_commit_leaves_the_message_to_the_next(
    mailed: Desk, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = server.arrive(a_mail(("a.jpg", a_picture())))

    def die(*_words: object, **_more: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as broken:
        broken.setattr(Spool, "put", die)
        looked(mailed)
    assert claims_of(mailed) == []
    looked(mailed)
    looked(mailed)
    assert len(claims_of(mailed)) == 1
    assert is_read(message)


def test_a_message_that_the_server_keeps_to_itself_keeps_out_no_other(
    mailed: Desk, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (server.arrive(a_mail(("a.jpg", a_picture()))) for _each in range(2))
    content_of = Mailbox.content_of

    def refuse_the_first(box: Mailbox, uid: str) -> bytes:
        if uid == "1":
            raise imaplib.IMAP4.error("FETCH")
        return content_of(box, uid)

    with monkeypatch.context() as broken:
        broken.setattr(Mailbox, "content_of", refuse_the_first)
        looked(mailed)
        looked(mailed)
    assert (is_read(first), is_read(second)) == (False, True)
    looked(mailed)
    looked(mailed)
    assert is_read(first)


def test_a_message_whose_files_were_lost_before_they_were_stored_is_flagged_for_a_person(
    mailed: Desk, server: ImapServer
) -> None:
    message = server.arrive(a_mail(("a.jpg", a_picture())))
    mailbox.look(mailed.office)
    for entry in spool_folder(mailed.office.settings).iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    mailed.work()
    looked(mailed)
    assert claims_of(mailed) == []
    assert message.flags == {"\\Flagged"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (a_mail(("a.jpg", b"\xff\xd8\xff"), sender="who@strange.example"), "发件人不在名单里"),
        (a_mail(("a.jpg", b"\xff\xd8\xff"), sender="x@unit.example.net"), "发件人不在名单里"),
        (a_mail(), "邮件里没有附件"),
        (a_mail(("a.jpg", b"no picture")), "不是可以读取的文件"),
        (b"no mail at all", "发件人不在名单里"),
    ],
    ids=["stranger", "another domain", "no file", "no picture", "no mail"],
)
def test_what_cannot_be_taken_is_told_once_and_stays_unread(
    mailed: Desk, server: ImapServer, content: bytes, told: str
) -> None:
    message = server.arrive(content)
    for _look in range(3):
        looked(mailed)
    assert message.flags == {"\\Flagged"}
    assert claims_of(mailed) == []
    [note] = notes_of(mailed)
    assert told in note


def test_a_message_that_is_too_large_is_not_fetched(mailed: Desk, server: ImapServer) -> None:
    small = mailed.office.settings.model_copy(update={"max_packet_mb": 1})
    message = server.arrive(a_mail(("a.jpg", bytes(2_000_000))))
    for _look in range(2):
        mailbox.look(replace(mailed.office, settings=small))
    assert server.fetched == []
    assert message.flags == {"\\Flagged"}


def test_a_server_that_refuses_or_is_away_breaks_nothing(
    mailed: Desk, server: ImapServer, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = mailed.office.settings.model_copy(update={"imap_password": SecretStr("wrong")})
    mailbox.look(replace(mailed.office, settings=wrong))
    away = mailed.office.settings.model_copy(update={"imap_port": 1})
    mailbox.look(replace(mailed.office, settings=away))
    assert caplog.text.count("mailbox not reached") == 2
    assert "wrong" not in caplog.text


def test_without_a_server_nobody_looks(desk: Desk) -> None:
    mailbox.look(desk.office)
    assert notes_of(desk) == []


def test_files_of_a_forwarded_message_are_taken_and_logos_are_not() -> None:
    logo, photo = b"\xff\xd8\xff" + bytes(100), b"\xff\xd8\xff" + bytes(30_000)
    message = EmailMessage()
    message["From"] = SENDER
    message.set_content("见附件")
    message.add_alternative("<img src=cid:1>", subtype="html")
    for data in (logo, photo):
        message.get_payload()[1].add_related(data, "image", "jpeg", cid="<1>")  # type: ignore[union-attr,index]
    inner = EmailMessage()
    inner.set_content("原件")
    inner.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="王芳.pdf")
    message.add_attachment(inner)
    found = taken_apart(message.as_bytes())
    assert [(name, len(data)) for name, data in found.files] == [
        ("附件.jpeg", len(photo)),
        ("王芳.pdf", 5),
    ]
    assert is_from(found, "GongHui@unit.example")
    assert not is_from(found, "")
