"""Splink's model of Febrl's fourth set: two files, each person at most once in either."""

from splink import SettingsCreator

from tests.bench.linkage import febrl_one
from tests.bench.linkage.febrl_one import RECALL, SURE, TRAINING

__all__ = ["RECALL", "SURE", "TRAINING", "settings"]


def settings() -> SettingsCreator:
    return febrl_one.settings("link_only")
