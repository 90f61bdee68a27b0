"""What staff decide, on PostgreSQL: one reviewer, one decision, and back again whole."""

import pytest

from api.store.database import Database
from tests.api.pledges.test_locks import (
    test_a_decision_on_an_older_state_is_refused_and_says_what_changed,
    test_a_second_reviewer_sees_who_reads_it_and_cannot_decide,
    test_pressing_twice_decides_once,
    test_taking_over_is_written_down_and_shuts_the_first_one_out,
)
from tests.api.pledges.test_staff import (
    test_a_letter_that_leaves_during_the_undoing_leaves_the_entry_as_it_is,
    test_an_entry_left_over_by_a_crash_is_taken_off_at_the_next_look,
    test_each_decision_is_undone_whole_and_its_letter_never_leaves,
    test_what_is_hidden_is_shown_again_as_it_was,
)

__all__ = [
    "test_a_decision_on_an_older_state_is_refused_and_says_what_changed",
    "test_a_letter_that_leaves_during_the_undoing_leaves_the_entry_as_it_is",
    "test_a_second_reviewer_sees_who_reads_it_and_cannot_decide",
    "test_an_entry_left_over_by_a_crash_is_taken_off_at_the_next_look",
    "test_each_decision_is_undone_whole_and_its_letter_never_leaves",
    "test_pressing_twice_decides_once",
    "test_taking_over_is_written_down_and_shuts_the_first_one_out",
    "test_what_is_hidden_is_shown_again_as_it_was",
]

pytestmark = [pytest.mark.anyio, pytest.mark.postgres, pytest.mark.usefixtures("reviewer")]


@pytest.fixture
def database(postgres_database: Database) -> Database:
    """Where the reviewers' service is put."""
    return postgres_database
