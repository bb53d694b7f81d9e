from benchmarks.processes import run_alone


def test_the_peak_is_the_process_own_whatever_the_caller_holds() -> None:
    ballast = bytearray(b"x") * 200_000_000
    done = run_alone("platform", environment={})
    assert len(ballast) == 200_000_000
    assert done.output.strip()
    assert 5 < done.peak_mb < 100
