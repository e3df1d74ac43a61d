"""Which passwords are too easy to guess: common ones, and what a stranger knows of the person."""

from language import _
from rules.errors import Refused
from workflows.engine.office import Office

_SHORTEST = 10
# Ten to this power guesses are more than one finds at a log-in page that slows guessers down.
_FEWEST_GUESSES = 9
# Longer ones are not looked at to their end: each sign makes the look slower.
_LOOKED_AT = 72
_OF_THE_OFFICE = ("huzhu", "互助", "zhigong", "职工", "gonghui", "工会", "baozhang", "保障")


def refuse_weak(office: Office, password: str, login: str, *known: str) -> None:
    """Refused if the password is short, common, or made of what is known of the person."""
    if len(password.strip()) < _SHORTEST or password == login:
        raise Refused(_("密码至少 10 个字符，且不能与用户名相同"))
    words = [login, *known, office.settings.office_name, *_OF_THE_OFFICE]
    if _guesses(password[:_LOOKED_AT], words) < 10**_FEWEST_GUESSES:
        raise Refused(_("这个密码太容易猜到：请不要用常见的密码、姓名、日期和键盘上相邻的键"))


def _guesses(password: str, words: list[str]) -> float:
    # Its lists of 90,000 words take a fifth of a second to load: not for every command.
    from zxcvbn import zxcvbn

    return float(zxcvbn(password, user_inputs=[word for word in words if word])["guesses"])
