"""The vocabulary of calendars that leave the house."""

from enum import StrEnum


class Language(StrEnum):
    ZH = "zh_CN"
    EN = "en"
