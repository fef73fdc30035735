"""The schema of rule files: templates of edit rules and domains of numbers, as ``rules/<form>.yaml`` states them."""

from __future__ import annotations

import string
from collections import Counter
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import UsageError
from models.finding import Severity
from models.form import FormColumn, Unit
from models.yaml_text import parse_yaml

Side = Literal["left", "right"]
RULE_PLACEHOLDERS = frozenset({"subject", "left", "right", "difference"})
DOMAIN_PLACEHOLDERS = frozenset({"field", "value"})


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleText(_Data):
    """A text in both languages; neither may be missing."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


def _placeholders_are(expected: frozenset[str]) -> AfterValidator:
    def check(text: RuleText) -> RuleText:
        for language, sentence in (("zh", text.zh), ("en", text.en)):
            found = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
            if found != expected:
                raise ValueError(f"{language} must use exactly {sorted(expected)}, uses {sorted(found)}")
        return text

    return AfterValidator(check)


class GroupSpan(_Data):
    """Groups of columns that share a prefix, in one block."""

    block: str
    prefixes: tuple[str, ...] = Field(min_length=1)


class RuleTemplate(_Data):
    """A rule before it is spanned; exactly one of the ``for_each_*`` keys is given.

    ``left`` and ``right`` name rows (``for_each_column``) or columns (``for_each_row``, ``for_each_group`` without the
    prefix); ``x.*`` stands for all official ones below x. ``total`` is the side that is a printed sum of the other.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")
    label: RuleText
    severity: Severity
    for_each_column: str | None = None
    for_each_row: str | None = None
    for_each_group: GroupSpan | None = None
    left: tuple[str, ...] = Field(min_length=1)
    right: tuple[str, ...] = Field(min_length=1)
    total: Side | None = None
    message: Annotated[RuleText, _placeholders_are(RULE_PLACEHOLDERS)]

    @model_validator(mode="after")
    def _is_well_formed(self) -> RuleTemplate:
        given = [s for s in (self.for_each_column, self.for_each_row, self.for_each_group) if s is not None]
        if len(given) != 1:
            raise ValueError(f"rule {self.id} needs exactly one of for_each_column, for_each_row, for_each_group")
        summed = {"left": self.left, "right": self.right, None: ("",)}[self.total]
        if len(summed) != 1 or summed[0].endswith("*"):
            raise ValueError(f"rule {self.id}: the total side must be a single printed number")
        return self


class Domain(_Data):
    """What a number may be in columns of these units and this sign; ``id`` is the code of its finding."""

    id: str
    label: RuleText
    severity: Severity
    units: tuple[Unit, ...] = Field(min_length=1)
    signed: bool
    integer: bool
    minimum: Decimal | None
    message: Annotated[RuleText, _placeholders_are(DOMAIN_PLACEHOLDERS)]

    def covers(self, column: FormColumn) -> bool:
        """True where the domain applies to a column."""
        return column.unit in self.units and column.signed == self.signed

    def admits(self, value: Decimal) -> bool:
        """True where the number is one that the column may hold."""
        if self.integer and value != value.to_integral_value():
            return False
        return self.minimum is None or value >= self.minimum


class RuleFile(_Data):
    """The content of a rule file."""

    form: str
    rules: tuple[RuleTemplate, ...] = Field(min_length=1)
    domains: tuple[Domain, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> RuleFile:
        repeated = [i for i, n in Counter(t.id for t in self.rules).items() if n > 1]
        if repeated:
            raise ValueError(f"rule ids given twice: {', '.join(repeated)}")
        return self


@lru_cache(maxsize=8)
def read_rule_file(form_id: str) -> RuleFile:
    """The shipped rule file of a form, validated by itself.

    Raises:
        UsageError: there is none, or it is not valid.
    """
    path = resources.files("models.rules").joinpath(f"{form_id}.yaml")
    if not path.is_file():
        raise UsageError(f"there is no rule file models/rules/{form_id}.yaml")
    return parse_rule_file(path.read_text(encoding="utf-8"), f"models/rules/{form_id}.yaml")


def parse_rule_file(text: str, name: str) -> RuleFile:
    """A rule file from its YAML text; ``name`` is used in messages.

    Raises:
        UsageError: the text is not valid.
    """
    try:
        return RuleFile.model_validate(parse_yaml(text))
    except (yaml.YAMLError, ValidationError) as exc:
        raise UsageError(f"rule file {name} is not valid: {exc}") from exc
