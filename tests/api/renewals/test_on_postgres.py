"""Renewals on PostgreSQL: renewed once, reminded once, every answer counted, two random years."""

import pytest
from hypothesis import given, settings

from api.security.encryption import Encryption
from api.store.database import Database
from tests.api.renewals.test_check_in import (
    test_a_crash_before_the_entry_was_written_is_made_good,
    test_each_commitment_may_be_answered,
    test_fifty_at_once_renew_it_once,
    test_texts_are_encrypted_and_erased_in_the_end,
)
from tests.api.renewals.test_merge import (
    test_after_a_merge_each_contact_can_withdraw,
    test_after_a_merge_nothing_is_lost_and_nothing_is_sent_twice,
)
from tests.api.renewals.test_random_histories import (
    ANY_ACTIONS,
    ANY_DAYS,
    SHARED_FIXTURES,
    Action,
    check_two_years,
)
from tests.api.renewals.test_reminders import (
    test_a_letter_that_could_not_be_delivered_goes_by_post,
    test_sixty_and_thirty_days_before_and_once_it_is_past,
    test_two_processes_at_once_remind_once,
)
from tests.api.renewals.test_rename import (
    test_from_name_to_name_every_old_link_leads_on,
    test_the_new_name_is_the_one_that_stands_on_the_register,
)
from tests.api.renewals.test_self_service import test_withdrawing_twice_is_as_withdrawing_once
from tests.api.renewals.test_visitor_feedback import (
    test_a_device_counts_once_a_day_for_each_commitment,
    test_three_who_say_no_have_somebody_look_and_nothing_else_happens,
)

__all__ = [
    "test_a_crash_before_the_entry_was_written_is_made_good",
    "test_a_device_counts_once_a_day_for_each_commitment",
    "test_a_letter_that_could_not_be_delivered_goes_by_post",
    "test_after_a_merge_each_contact_can_withdraw",
    "test_after_a_merge_nothing_is_lost_and_nothing_is_sent_twice",
    "test_each_commitment_may_be_answered",
    "test_fifty_at_once_renew_it_once",
    "test_from_name_to_name_every_old_link_leads_on",
    "test_sixty_and_thirty_days_before_and_once_it_is_past",
    "test_texts_are_encrypted_and_erased_in_the_end",
    "test_the_new_name_is_the_one_that_stands_on_the_register",
    "test_three_who_say_no_have_somebody_look_and_nothing_else_happens",
    "test_two_processes_at_once_remind_once",
    "test_withdrawing_twice_is_as_withdrawing_once",
]

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]


@pytest.fixture
def database(postgres_database: Database) -> Database:
    """Where the folder's own service is put."""
    return postgres_database


@settings(max_examples=3, deadline=None, suppress_health_check=SHARED_FIXTURES)
@given(actions=ANY_ACTIONS, nightly_days=ANY_DAYS)
def test_two_years_of_actions_and_silence_leave_every_promise_in_a_known_state(
    encryption: Encryption, database: Database, actions: list[Action], nightly_days: set[int]
) -> None:
    check_two_years(encryption, database, actions, nightly_days)
