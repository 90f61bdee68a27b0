"""Signing, confirming and disputes on PostgreSQL: what comes at once there really is at once."""

import pytest

from api.store.database import Database
from tests.api.pledges.test_confirm import (
    test_a_hundred_at_once_confirm_it_once,
    test_a_new_link_can_be_asked_for,
    test_each_of_two_letters_confirms,
)
from tests.api.pledges.test_hold_reasons import (
    test_a_hundred_equal_ones_at_once_are_one_and_none_to_read_besides,
    test_a_hundred_equal_ones_of_a_program_are_held_once,
    the_same_is_one,
)
from tests.api.pledges.test_sign import (
    test_a_button_pressed_twice_writes_one_letter,
    test_a_key_makes_a_repeat_harmless_for_a_day,
    test_a_second_sign_up_is_no_second_entry,
    test_after_a_week_nobody_confirmed_somebody_may_sign_afresh,
)
from tests.api.service_under_test import ServiceUnderTest

__all__ = [
    "test_a_button_pressed_twice_writes_one_letter",
    "test_a_hundred_at_once_confirm_it_once",
    "test_a_hundred_equal_ones_at_once_are_one_and_none_to_read_besides",
    "test_a_hundred_equal_ones_of_a_program_are_held_once",
    "test_a_key_makes_a_repeat_harmless_for_a_day",
    "test_a_new_link_can_be_asked_for",
    "test_a_second_sign_up_is_no_second_entry",
    "test_after_a_week_nobody_confirmed_somebody_may_sign_afresh",
    "test_each_of_two_letters_confirms",
]

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]


@pytest.fixture
def database(postgres_database: Database) -> Database:
    """Where the folder's own service is put."""
    return postgres_database


async def test_two_hundred_times_the_same_by_form_and_json_is_one(
    service: ServiceUnderTest,
) -> None:
    await the_same_is_one(service, 200)
