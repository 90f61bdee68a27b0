"""Keeping promises on PostgreSQL: renewed once, reminded once, counted whole, two random years."""

import pytest
from hypothesis import given, settings

from api.security.encryption import Encryption
from api.store.database import Database
from tests.api.renewals.test_check_in import (
    test_a_crash_before_the_entry_was_written_is_made_good,
    test_each_commitment_may_be_answered,
    test_fifty_at_once_renew_it_once,
    test_their_sentences_are_sealed_and_go_in_the_end,
)
from tests.api.renewals.test_merge import (
    test_each_contact_of_two_that_became_one_may_leave,
    test_of_two_that_become_one_nothing_is_lost_and_nothing_comes_twice,
)
from tests.api.renewals.test_random_histories import ANY_ACTS, ANY_DAYS, ONE_STORE, live_through
from tests.api.renewals.test_reminders import (
    test_a_letter_that_could_not_be_delivered_goes_by_post,
    test_sixty_and_thirty_days_before_and_once_it_is_past,
    test_two_processes_at_once_remind_once,
)
from tests.api.renewals.test_rename import (
    test_from_name_to_name_every_old_link_leads_on,
    test_the_new_name_is_the_one_that_stands_on_the_register,
)
from tests.api.renewals.test_self_service import test_whoever_promised_may_leave
from tests.api.renewals.test_visitor_feedback import (
    test_a_device_counts_once_a_day_for_each_promise,
    test_three_who_say_no_have_somebody_look_and_nothing_else_happens,
)

__all__ = [
    "test_a_crash_before_the_entry_was_written_is_made_good",
    "test_a_device_counts_once_a_day_for_each_promise",
    "test_a_letter_that_could_not_be_delivered_goes_by_post",
    "test_each_commitment_may_be_answered",
    "test_each_contact_of_two_that_became_one_may_leave",
    "test_fifty_at_once_renew_it_once",
    "test_from_name_to_name_every_old_link_leads_on",
    "test_of_two_that_become_one_nothing_is_lost_and_nothing_comes_twice",
    "test_sixty_and_thirty_days_before_and_once_it_is_past",
    "test_the_new_name_is_the_one_that_stands_on_the_register",
    "test_their_sentences_are_sealed_and_go_in_the_end",
    "test_three_who_say_no_have_somebody_look_and_nothing_else_happens",
    "test_two_processes_at_once_remind_once",
    "test_whoever_promised_may_leave",
]

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]


@pytest.fixture
def database(postgres_database: Database) -> Database:
    """Where the folder's own service is put."""
    return postgres_database


@settings(max_examples=3, deadline=None, suppress_health_check=ONE_STORE)
@given(acts=ANY_ACTS, awake=ANY_DAYS)
def test_two_years_of_acts_and_silence_leave_every_promise_in_a_known_state(
    encryption: Encryption, database: Database, acts: list[tuple[int, str, str]], awake: set[int]
) -> None:
    live_through(encryption, database, acts, awake)
