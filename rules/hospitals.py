"""The hospital register: which level, city and rank a hospital had on a day; never a guess."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from language import N_, _
from rules.errors import BadInput
from rules.facts import Hospital, Rank

LEVELS = {1: N_("一级"), 2: N_("二级"), 3: N_("三级")}
LEVEL_OF = {word: level for level, word in LEVELS.items()}
RANKS = {"province": N_("省属"), "city": N_("市属"), "district": N_("区属")}
RANK_OF = {word: rank for rank, word in RANKS.items()}

SHIPPED = Path(__file__).with_suffix(".toml")
_BRACKETS = str.maketrans({"\uff08": "(", "\uff09": ")", " ": None, "\u3000": None})


class Listing(BaseModel):
    """One hospital while it had one level; both dates inclusive, None is open."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    aliases: tuple[str, ...] = ()
    city: str
    level: Annotated[int, Field(ge=1, le=3)]
    rank: Rank | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str

    def valid_on(self, day: date) -> bool:
        began = self.valid_from is None or self.valid_from <= day
        return began and (self.valid_to is None or day <= self.valid_to)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    counties: Mapping[str, tuple[str, ...]]
    hospital: tuple[Listing, ...]


@dataclass(frozen=True)
class Register:
    """Hospitals by every name they go by, and counties by the city whose insurance they share."""

    listings: Mapping[str, tuple[Listing, ...]] = field(repr=False)
    cities: Mapping[str, str] = field(repr=False)

    def find(self, name: str, on: date) -> Listing | None:
        """The listing of this name or alias on this day."""
        for listing in self.listings.get(plain(name), ()):
            if listing.valid_on(on):
                return listing
        return None

    def has(self, name: str) -> bool:
        """Whether a hospital goes or went by this name."""
        return plain(name) in self.listings

    def near(self, name: str, most: int) -> list[tuple[int, str]]:
        """The names that differ from this one in at most so many characters, or by what follows on
        them (东院), with the number of characters, nearest first; none where it is listed."""
        told = plain(name)
        if told in self.listings:
            return []
        found = ((_distance(told, listed, most), listed) for listed in self.listings)
        return sorted(each for each in found if each[0] <= most or told.startswith(each[1]))

    def filled_in(self, hospital: Hospital, on: date) -> Hospital:
        """The hospital with city and level from the register where its papers do not say them."""
        if hospital.city is not None and hospital.level is not None:
            return hospital
        listing = self.find(hospital.name, on)
        if listing is None:
            return hospital
        city, level = hospital.city or listing.city, hospital.level or listing.level
        return Hospital(hospital.name, city, level, hospital.rank)

    def rank_of(self, hospital: Hospital, on: date) -> Rank | None:
        """Whose hospital it is, from the papers or the register."""
        listing = self.find(hospital.name, on) if hospital.rank is None else None
        return listing.rank if listing else hospital.rank

    def official(self, name: str, on: date) -> str:
        """The name to compare by: the register's own, or the given one without blanks."""
        listing = self.find(name, on)
        return listing.name if listing else plain(name)

    def same_city(self, one: str, other: str) -> bool:
        """Whether two places share a medical-insurance city (R6): 长春, 长春市, 榆树市 do."""
        return one == other or self._city(one) == self._city(other)

    def knows_city(self, name: str) -> bool:
        """Whether the place is a city or county of the register, or a listed hospital is there."""
        here = (each.city for listed in self.listings.values() for each in listed)
        known = {*self.cities, *self.cities.values(), *map(_short, here)}
        return _short(name) in known

    def _city(self, name: str) -> str:
        short = _short(name)
        return self.cities.get(short, short)


def _distance(one: str, other: str, most: int) -> int:
    """How many characters must be put in, left out or changed; more than `most` where that is."""
    if abs(len(one) - len(other)) > most:
        return abs(len(one) - len(other))
    before = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        row = [at]
        for place, own in enumerate(other, 1):
            same = before[place - 1] + (sign != own)
            row.append(min(same, before[place] + 1, row[-1] + 1))
        before = row
    return before[-1]


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A hospital's name without blanks, brackets in one width."""
    return name.translate(_BRACKETS)


@lru_cache(maxsize=4096)
def _short(place: str) -> str:
    bare = plain(place).removeprefix("吉林省")
    city, found, _district = bare.partition("市")
    if found:
        return city
    return bare[:-1] if len(bare) > 2 and bare[-1] in "州县" else bare


@cache
def shipped() -> Register:
    """The register that comes with the program."""
    return load_file(SHIPPED)


def load_file(path: Path) -> Register:
    """A register of the office's own; BadInput names file, entry and value."""
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            _("%(path)s：%(key)s：%(why)s：%(value)s")
            % {"path": path, "key": key, "why": first["msg"], "value": str(first["input"])[:80]}
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(
            _("医院名录无法读取：%(path)s：%(why)s") % {"path": path, "why": error}
        ) from error
    return _register(path, file)


def _register(path: Path, file: _File) -> Register:
    by_name: dict[str, tuple[Listing, ...]] = {}
    for name, listing in _names(file.hospital):
        for other in by_name.get(name, ()):
            if _both_valid(listing, other):
                raise BadInput(
                    _("%(path)s：同一名称在同一时间登记了两次：%(name)s")
                    % {"path": path, "name": name}
                )
        by_name[name] = (*by_name.get(name, ()), listing)
    cities = {
        _short(county): _short(city)
        for city, counties in file.counties.items()
        for county in counties
    }
    return Register(by_name, cities)


def _names(listings: tuple[Listing, ...]) -> Iterator[tuple[str, Listing]]:
    for listing in listings:
        for name in dict.fromkeys(map(plain, (listing.name, *listing.aliases))):
            yield name, listing


def _both_valid(one: Listing, other: Listing) -> bool:
    first, last = date.min, date.max
    return (one.valid_from or first) <= (other.valid_to or last) and (
        other.valid_from or first
    ) <= (one.valid_to or last)
