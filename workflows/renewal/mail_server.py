"""Hands a message to the office's mail server; tells passing failures from lasting ones."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from language import _
from rules.errors import HuzhuError, Transient
from settings import Settings


class Undeliverable(HuzhuError):
    """The mail server rejects the message for good; another attempt would not help."""


def send(settings: Settings, message: EmailMessage) -> None:
    """Send the message, or raise Transient or Undeliverable; neither error contains an address.

    A server that dies before it answers may have accepted the message; the next attempt uses the
    same Message-ID.
    """
    try:
        with _connected(settings) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _text in error.recipients.values())
        raise _failure(code, _("邮件服务器拒收该收件地址（%(code)s）")) from None
    except smtplib.SMTPAuthenticationError as error:
        raise _failure(error.smtp_code, _("邮件服务器不接受用户名或密码（%(code)s）")) from None
    except smtplib.SMTPSenderRefused as error:
        raise _failure(error.smtp_code, _("邮件服务器不接受发件地址（%(code)s）")) from None
    except smtplib.SMTPResponseException as error:
        raise _failure(error.smtp_code, _("邮件服务器拒收邮件（%(code)s）")) from None
    except smtplib.SMTPNotSupportedError:
        raise Undeliverable(_("邮件服务器不支持所设的加密或登录方式")) from None
    except ssl.SSLCertVerificationError:
        raise Undeliverable(_("邮件服务器的证书无法验证")) from None
    except (smtplib.SMTPException, OSError):
        raise Transient(_("邮件服务器连接中断或无法连接")) from None


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    server = _connect(settings)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        yield server
        # The message has been accepted, so an error while closing the connection does not matter.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()


def _connect(settings: Settings) -> smtplib.SMTP:
    host, port, seconds = settings.smtp_host, settings.smtp_port, settings.smtp_seconds
    if settings.smtp_security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=seconds, context=context)
    return smtplib.SMTP(host, port, timeout=seconds)


def _failure(code: int, sentence: str) -> HuzhuError:
    # RFC 5321: 4yz is temporary, 5yz is permanent; a lower code means that there was no reply.
    kind = Undeliverable if code >= 500 else Transient
    return kind(sentence % {"code": code})
