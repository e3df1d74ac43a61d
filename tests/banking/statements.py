"""Statements for tests, as a bank writes them (camt.053.001.08)."""

from xml.sax.saxutils import escape

DAY = "2026-06-12"


def entry(amount: str, words: str, name: str = "", direction: str = "CRDT", **more: str) -> str:
    """One entry that was booked; `more` are its day, the bank's number, and its code."""
    told = {"day": DAY, "number": "", "code": ""} | more
    number = told["number"] and f"<AcctSvcrRef>{told['number']}</AcctSvcrRef>"
    code = told["code"] and (
        f"<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MCOP</Cd><SubFmlyCd>{told['code']}</SubFmlyCd>"
        "</Fmly></Domn></BkTxCd>"
    )
    party = "Dbtr" if direction == "CRDT" else "Cdtr"
    other = name and (
        f"<RltdPties><{party}><Pty><Nm>{name}</Nm></Pty></{party}><{party}Acct><Id><Othr>"
        f"<Id>22001450100050999999</Id></Othr></Id></{party}Acct></RltdPties>"
    )
    return (
        f'<Ntry><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{told['day']}</Dt></BookgDt>{number}{code}<NtryDtls>"
        f"<TxDtls>{other}<RmtInf><Ustrd>{escape(words)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def closing(amount: str, day: str, direction: str = "CRDT") -> str:
    """What the account held at the end of a day."""
    return (
        "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def statement_of(account: str, *parts: str, kind: str = "053", tag: str = "Stmt") -> bytes:
    """A statement of this account; `kind` and `tag` say where it is a notice."""
    own = f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>"
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08"><Bk><{tag}>'
        f"{own}{''.join(parts)}</{tag}></Bk></Document>"
    ).encode()
