"""The lines of a bank's ISO 20022 message (pain.002, camt.052, .053, .054) as a table; runs in the
child process only. Elements are told by their names alone: versions differ in their spaces."""

import re
from collections.abc import Iterator

from lxml import etree

from documents.packets.file_faults import FileFault, Unusable

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
HEAD = [
    *("reference", "status", "direction", "reversal", "amount", "currency", "name", "account"),
    *("reason", "words", "own", "day", "number", "kind"),
]
BALANCE_HEAD = ["own", "status", "direction", "amount", "currency", "day"]
_PARTIES = {"DBIT": "Cdtr", "CRDT": "Dbtr"}
"""Who is on the other side of an entry."""

_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
"""What declares the encoding of a text that is decoded by now."""

_Row = tuple[int, list[str]]


def tables(text: str) -> Iterator[tuple[str, Iterator[_Row]]]:
    """One table under the name of its message, as camt.053, and one of the balances that it tells;
    the first row of each names the columns."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        document = etree.fromstring(_DECLARED.sub("", text).encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Unusable(FileFault.DAMAGED) from error
    if document.getroottree().docinfo.internalDTD is not None:
        raise Unusable(FileFault.DAMAGED)
    kind = etree.QName(document).namespace or ""
    rows = _statuses if kind.startswith(f"{NAMESPACE}pain.002") else _entries
    told = [HEAD, *rows(document)]
    yield kind.removeprefix(NAMESPACE)[:8], iter(enumerate(told, 1))
    if balances := list(_balances(document)):
        yield "balances", iter(enumerate([BALANCE_HEAD, *balances], 1))


def _statuses(document: etree._Element) -> Iterator[list[str]]:
    """What pain.002 says of each payment, and without a payment of the whole message."""
    for group in document.iter("{*}OrgnlGrpInfAndSts"):
        if status := _text(group, "GrpSts"):
            yield ["", status, *[""] * 6, *_reason(group, "StsRsnInf")]
    for one in document.iter("{*}TxInfAndSts"):
        original = one.find("{*}OrgnlTxRef")
        yield [
            _text(one, "OrgnlEndToEndId"),
            _text(one, "TxSts"),
            *("", ""),
            *_sum(_find(original, "Amt/InstdAmt")),
            *_party(original, "Cdtr"),
            *_reason(one, "StsRsnInf"),
        ]


def _entries(document: etree._Element) -> Iterator[list[str]]:
    """The entries of a statement or notice, each payment of a collected one by itself."""
    for entry in document.iter("{*}Ntry"):
        details = entry.findall("{*}NtryDtls/{*}TxDtls")
        for one in details or [entry]:
            is_whole = len(details) < 2
            direction = _text(one, "CdtDbtInd") or _text(entry, "CdtDbtInd")
            amount = _find(one, "Amt")
            if amount is None:
                amount = _find(one, "AmtDtls/TxAmt/Amt")
            if amount is None and is_whole:
                amount = _find(entry, "Amt")
            reason, words = _reason(one, "RtrInf")
            yield [
                _text(one, "Refs/EndToEndId"),
                _text(entry, "Sts/Cd") or _text(entry, "Sts"),
                direction,
                _text(entry, "RvslInd"),
                *_sum(amount),
                *_party(_find(one, "RltdPties"), _PARTIES.get(direction, "Cdtr")),
                reason,
                " ".join(
                    filter(None, [words, _texts(one, "RmtInf/Ustrd"), _text(entry, "AddtlNtryInf")])
                ),
                _own(entry),
                _day(entry, "BookgDt") or _day(entry, "ValDt"),
                _text(one, "Refs/AcctSvcrRef") or _text(entry, "AcctSvcrRef"),
                _text(one, "BkTxCd/Domn/Fmly/SubFmlyCd")
                or _text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd"),
            ]


def _balances(document: etree._Element) -> Iterator[list[str]]:
    """What an account held, by the code of the balance: CLBD is what was booked by a day's end."""
    for balance in document.iter("{*}Bal"):
        code = _text(balance, "Tp/CdOrPrtry/Cd")
        amount = _sum(_find(balance, "Amt"))
        day = _day(balance, "Dt")
        yield [_own(balance), code, _text(balance, "CdtDbtInd"), *amount, day]


def _own(part: etree._Element) -> str:
    """The account of the statement that this is a part of."""
    statement = part.getparent()
    return _text(statement, "Acct/Id/Othr/Id") or _text(statement, "Acct/Id/IBAN")


def _day(of: etree._Element, name: str) -> str:
    return (_text(of, f"{name}/Dt") or _text(of, f"{name}/DtTm"))[:10]


def _reason(of: etree._Element, name: str) -> tuple[str, str]:
    """Its code, the message's or the bank's own, and the bank's words."""
    code = _text(of, f"{name}/Rsn/Cd") or _text(of, f"{name}/Rsn/Prtry")
    return code, _texts(of, f"{name}/AddtlInf")


def _sum(amount: etree._Element | None) -> tuple[str, str]:
    if amount is None:
        return "", ""
    return (amount.text or "").strip(), amount.get("Ccy", "")


def _party(within: etree._Element | None, role: str) -> tuple[str, str]:
    """The name and the account of this party."""
    if within is None:
        return "", ""
    name = _text(within, f"{role}/Nm") or _text(within, f"{role}/Pty/Nm")
    account = f"{role}Acct/Id"
    return name, _text(within, f"{account}/Othr/Id") or _text(within, f"{account}/IBAN")


def _find(of: etree._Element | None, path: str) -> etree._Element | None:
    steps = "/".join(f"{{*}}{name}" for name in path.split("/"))
    return None if of is None else of.find(steps)


def _text(of: etree._Element | None, path: str) -> str:
    found = _find(of, path)
    return "" if found is None else (found.text or "").strip()


def _texts(of: etree._Element, path: str) -> str:
    found = of.findall("/".join(f"{{*}}{name}" for name in path.split("/")))
    return " ".join(filter(None, ((each.text or "").strip() for each in found)))
