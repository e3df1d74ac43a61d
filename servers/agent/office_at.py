"""The office as an agent reaches it: one address, one token, and papers that are handed in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests

from language import _
from rules.errors import BadInput, Refused, Transient

_CONNECT_SECONDS, _ANSWER_SECONDS = 10, 300
_LATER = {408, 425, 429}
"""Answers after which the same request may be sent again, as after every 5xx."""
_OF_THE_TOKEN, _TOO_LARGE = {401, 403}, 413


@dataclass(frozen=True)
class OfficeAt:
    """Where the API is (https://…), and the token by which it knows the agent."""

    address: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        there = urlsplit(self.address)
        if there.scheme not in {"http", "https"} or not there.hostname:
            raise BadInput(_("请写互助系统的网址，如 https://huzhu.example.cn"))
        if there.scheme == "http" and not _is_here(there.hostname):
            raise BadInput(_("令牌和材料只经 HTTPS 传送：请把网址改为 https://"))
        if not (self.token.isascii() and self.token.strip()):
            raise BadInput(_("没有接口令牌：请放进 --token-file 所指的文件"))

    def hand_in(self, key: str, files: Sequence[tuple[str, bytes]]) -> int:
        """Hand in these files as one packet; its number. With the same key it is handed in once,
        however often it is sent.

        Raises Transient where it may be sent again, Refused with the office's sentence.
        """
        headers = {"Authorization": f"Bearer {self.token.strip()}", "Idempotency-Key": key}
        sent = [("files", (name, data)) for name, data in files]
        try:
            answer = requests.post(
                f"{self.address.rstrip('/')}/api/v1/packets",
                files=sent,
                headers=headers,
                timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS),
                allow_redirects=False,
            )
            return _packet_in(answer)
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            # Nothing of the error's words: they name the address.
            raise Transient(
                _("互助系统没有应答(%(kind)s)，稍后再试") % {"kind": type(error).__name__}
            ) from None


def _packet_in(answer: requests.Response) -> int:
    status = answer.status_code
    if status in {200, 201, 202}:
        return int(answer.json()["packet"])
    if status in _LATER or not 400 <= status < 500:
        raise Transient(_("互助系统没有应答(%(kind)s)，稍后再试") % {"kind": status})
    if status == _TOO_LARGE:
        raise Refused(_("材料太大，互助系统不收：请分成几份"))
    sentence = str(answer.json()["detail"])
    # It is the token that does not do, not this entry: the others are not tried on it.
    raise Transient(sentence) if status in _OF_THE_TOKEN else Refused(sentence)


def _is_here(host: str) -> bool:
    """Whether the name is that of this machine, so that nobody listens in between."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
