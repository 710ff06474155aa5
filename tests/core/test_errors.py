import pytest

from scheduler.core.errors import Missing, Refusal, Stale, TooMany, lazy


def test_a_refusal_reads_as_a_sentence() -> None:
    refusal = Refusal(lazy("At most %(limit)s people."), limit=30, field="capacity")
    assert str(refusal) == "At most 30 people."
    assert (refusal.field, refusal.facts, refusal.status) == ("capacity", {"limit": 30}, 422)


@pytest.mark.parametrize(("kind", "status"), [(Missing, 404), (Stale, 409)])
def test_common_refusals_know_their_sentence_and_status(kind: type[Missing | Stale], status: int) -> None:
    assert kind().status == status
    assert str(kind()).endswith(".")


def test_too_many_says_when() -> None:
    assert TooMany(lazy("Try again in %(minutes)s minutes."), minutes=5).status == 429
