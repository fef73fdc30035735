from __future__ import annotations

import random
import re
from datetime import date
from typing import get_args

from samples.agencies import chinese_date, draw_agency
from samples.style import Scale


def test_an_agency_fits_its_size_and_its_year() -> None:
    for scale in get_args(Scale):
        for seed in range(40):
            agency = draw_agency(2023, scale, random.Random(seed))
            assert agency.name in agency.title
            assert "2023" in agency.title
            assert date.fromisoformat(agency.published).year == 2024
            assert "〔2024〕" in agency.document_number
            assert ("省" in agency.name) == (scale == "province")
            assert bool(re.search("镇|乡|街道", agency.name)) <= (scale in ("empty", "tiny", "office"))


def test_contact_data_leads_nowhere() -> None:
    contacts = [draw_agency(2022, "office", random.Random(seed)).contact for seed in range(20)]
    assert all(re.search(r"邮编：000\d{3}，电话：0000-555\d{4}$", contact) for contact in contacts)


def test_dates_in_chinese() -> None:
    assert chinese_date("2024-01-09") == "2024年1月9日"
