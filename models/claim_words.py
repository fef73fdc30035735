"""The words that numbers in prose are told by. Data: ``prose/claims.yaml``."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from models.errors import UsageError
from models.finding import Message, Severity
from models.yaml_text import parse_yaml

CLAIM_FILE = "models/prose/claims.yaml"


def _compile(text: object) -> object:
    # Long patterns are folded over lines; none of them means white space.
    return re.compile("".join(text.split())) if isinstance(text, str) else text


def _is_decimal(text: str) -> str:
    Decimal(text)
    return text


Words = Annotated[re.Pattern[str], BeforeValidator(_compile)]
DecimalText = Annotated[str, AfterValidator(_is_decimal)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Units(_Data):
    """Units by kind; ``table`` are the counts that tables count, ``amount`` says how many 10,000 yuan one unit is."""

    count: tuple[str, ...]
    table: tuple[str, ...]
    amount: dict[str, DecimalText]
    percent: tuple[str, ...]


class ClaimItem(_Data):
    """What a label counts.

    ``fields`` is the sum it states, in patterns of field ids; a leading minus takes a field away. Where the table has
    another number, a sum of ``otherwise`` may explain the one stated. Items of a higher ``rank`` hide those of a lower
    in the same label. ``named``: the label itself must name the subject. ``part_of``: the item that this one is a part
    of. ``zero``: may be denied without a number (none received). ``unless``: words that make it something else.
    ``name``: how findings call a sum of many fields.
    """

    words: Words
    unless: Words | None = None
    rank: int = 1
    named: bool = False
    zero: bool = False
    unit: Literal["count", "amount"] = "count"
    severity: Severity = "error"
    part_of: str | None = None
    fields: tuple[str, ...] = Field(min_length=1)
    otherwise: tuple[tuple[str, ...], ...] = ()
    name: Message | None = None


class ClaimSubject(_Data):
    """What labels are about; ``fields_of``: the subjects whose fields it sums, itself where empty."""

    words: Words
    fields_of: tuple[str, ...] = ()
    items: dict[str, ClaimItem]


class ScopeWords(_Data):
    """Words that narrow the scope: of all subjects and items, or of those named."""

    id: Literal["planned", "other_act", "part", "subordinate"]
    where: Literal["label", "before"]
    words: Words
    unless: Words | None = None
    subjects: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


class Implied(_Data):
    """Words that state a zero of an item without naming a number."""

    words: Words
    subject: str
    item: str


class ClaimWords(_Data):
    """The content of ``claims.yaml``."""

    units: Units
    subjects: dict[str, ClaimSubject]
    other: Words
    applicants: dict[str, Words]
    organisations: Words
    organisation_columns: tuple[str, ...]
    negation: Words
    implied: Implied
    vague_before: Words
    vague_numeral: Words
    vague_after: Words
    ordinal: Words
    change: Words
    increase: Words
    decrease: Words
    share: Words
    total_only: Words
    scopes: tuple[ScopeWords, ...]
    disclosure: Words
    disputed: tuple[str, ...]
    channels: tuple[Words, ...]
    whole_year: Words
    this_year: Words
    other_year: Words
    year: Words
    cumulative: Words
    standing: tuple[str, ...]
    office: Words
    office_part: Words
    self_words: Words
    wider: Words
    office_agency: Words
    government_agency: Words
    named_agency: Words
    not_named_agency: Words
    table_text: Words

    @model_validator(mode="after")
    def _names_are_known(self) -> ClaimWords:
        named = {n for s in self.subjects.values() for n in s.fields_of} | {self.implied.subject}
        named |= {n for scope in self.scopes for n in scope.subjects} | set(self.disputed)
        if named - set(self.subjects):
            raise ValueError(f"unknown subjects: {', '.join(sorted(named - set(self.subjects)))}")
        items = {n for s in self.subjects.values() for n in s.items}
        used = {n for scope in self.scopes for n in scope.only} | {*self.standing, self.implied.item}
        used |= {i.part_of for s in self.subjects.values() for i in s.items.values() if i.part_of}
        if used - items:
            raise ValueError(f"unknown items: {', '.join(sorted(used - items))}")
        return self


@lru_cache(maxsize=1)
def claim_words() -> ClaimWords:
    """The shipped words, validated.

    Raises:
        UsageError: the file is not valid.
    """
    return parse_claim_words(resources.files("models.prose").joinpath("claims.yaml").read_text(encoding="utf-8"))


def parse_claim_words(text: str) -> ClaimWords:
    """The words of a YAML text.

    Raises:
        UsageError: the text is not valid.
    """
    try:
        return ClaimWords.model_validate(parse_yaml(text))
    except (yaml.YAMLError, ValidationError, re.error, ArithmeticError) as exc:
        raise UsageError(f"claim file {CLAIM_FILE} is not valid: {exc}") from exc
