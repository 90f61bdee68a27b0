"""Fixtures that more than one folder of tests needs, and how many examples Hypothesis draws."""

import os

import pytest

from tests.support import depth

pytest_plugins = ("tests.support.running_site", "tests.meilisearch", "tests.installation")

depth.load_hypothesis_profile()


@pytest.fixture(scope="session", autouse=True)
def environment_without_the_setting_of_the_tests() -> None:
    """Take away what Kith would refuse as an unknown setting of its own."""
    os.environ.pop(depth.SETTING, None)
