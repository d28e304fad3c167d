from gantry_edge.models.breaker import FAILURES, PAUSE, Breaker


def opened(now: float = 100.0) -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.failed(now)
    return breaker


def test_four_failures_keep_it_closed() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.failed(100.0)
    assert breaker.admit(100.0) == 0


def test_five_failures_open_it() -> None:
    assert opened().admit(101.0) == PAUSE - 1


def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = Breaker()
    for _ in range(3 * FAILURES):
        breaker.failed(100.0)
        breaker.succeeded()
    assert breaker.admit(100.0) == 0


def test_after_the_pause_one_trial_goes_out() -> None:
    breaker = opened()
    assert breaker.admit(100.0 + PAUSE) == 0
    assert breaker.admit(100.0 + PAUSE) > 0


def test_a_failed_trial_opens_it_again() -> None:
    breaker = opened()
    breaker.admit(120.0)
    breaker.failed(121.0)
    assert breaker.admit(122.0) == PAUSE - 1


def test_a_trial_that_succeeds_closes_it() -> None:
    breaker = opened()
    breaker.admit(120.0)
    breaker.succeeded()
    assert breaker.admit(120.0) == 0


def test_the_first_token_of_a_trial_lets_others_in() -> None:
    breaker = opened()
    breaker.admit(120.0)
    breaker.alive()
    assert breaker.admit(120.0) == 0


def test_a_trial_that_breaks_after_its_first_token_opens_it_again() -> None:
    breaker = opened()
    breaker.admit(120.0)
    breaker.alive()
    breaker.failed(121.0)
    assert breaker.admit(121.0) == PAUSE


def test_a_trial_without_verdict_makes_room_for_the_next() -> None:
    breaker = opened()
    breaker.admit(120.0)
    breaker.abandoned()
    assert breaker.admit(120.0) == 0


def test_late_failures_of_calls_from_before_do_not_lengthen_the_pause() -> None:
    breaker = opened(100.0)
    breaker.failed(110.0)
    assert breaker.admit(110.0) == PAUSE - 10


def test_only_the_trial_itself_can_be_abandoned() -> None:
    breaker = opened()
    assert not breaker.on_trial
    assert breaker.admit(120.0) == 0
    assert breaker.on_trial
