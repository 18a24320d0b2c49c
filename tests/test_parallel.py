"""Many files at once: in order, complete, and one that kills its process takes nothing with it."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from xltools.parallel import each_file

PATHS = [f"{number:03}.xlsx" for number in range(150)]


def shout(path: str) -> str:
    return path.upper()


def slow_first(path: str) -> str:
    if path == PATHS[0]:
        time.sleep(0.3)
    return path.upper()


def dies_on_77_and_140(path: str) -> str:
    if path in ("077.xlsx", "140.xlsx"):
        os._exit(3)
    return path.upper()


def raises_on_5(path: str) -> str:
    if path == "005.xlsx":
        raise ValueError(path)
    return path


def process(path: str) -> int:
    return os.getpid()


def gone(path: str) -> str:
    return f"lost {path}"


@pytest.mark.parametrize("jobs", [1, 2, 5, None, 500])
def test_results_come_in_the_order_of_the_files(jobs: int | None) -> None:
    assert each_file(slow_first, PATHS, lost=gone, jobs=jobs) == [path.upper() for path in PATHS]


@pytest.mark.parametrize("count", [0, 1, 39, 40, 41, 129])
def test_any_number_of_files(count: int) -> None:
    assert each_file(shout, PATHS[:count], lost=gone, jobs=2) == [path.upper() for path in PATHS[:count]]


def test_few_files_start_no_process() -> None:
    assert set(each_file(process, PATHS[:39], lost=len, jobs=4)) == {os.getpid()}
    assert set(each_file(process, PATHS, lost=len, jobs=1)) == {os.getpid()}
    assert os.getpid() not in each_file(process, PATHS, lost=len, jobs=2)


def test_a_file_that_kills_its_process_is_the_only_one_lost() -> None:
    found = each_file(dies_on_77_and_140, PATHS, lost=gone, jobs=2)
    lost = {77: "lost 077.xlsx", 140: "lost 140.xlsx"}
    assert found == [lost.get(number, path.upper()) for number, path in enumerate(PATHS)]


def test_an_executor_from_outside_is_used_and_left_running() -> None:
    with ThreadPoolExecutor(2, thread_name_prefix="ours") as executor:
        assert each_file(process, PATHS[:3], lost=len, executor=executor) == [os.getpid()] * 3
        assert each_file(shout, PATHS, lost=gone, executor=executor) == [path.upper() for path in PATHS]
        assert executor.submit(shout, "a").result() == "A"


def test_an_executor_from_outside_that_breaks_loses_one_file() -> None:
    with ProcessPoolExecutor(2) as executor:
        found = each_file(dies_on_77_and_140, PATHS[:100], lost=gone, executor=executor)
    assert [text for text in found if text.startswith("lost")] == ["lost 077.xlsx"]
    assert len(found) == 100


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_adds_up(jobs: int) -> None:
    seen: list[tuple[int, int]] = []
    each_file(shout, PATHS, lost=gone, jobs=jobs, progress=lambda done, total: seen.append((done, total)))
    assert sum(done for done, _ in seen) == len(PATHS)
    assert {total for _, total in seen} == {len(PATHS)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_mistake_in_the_program_is_not_hidden(jobs: int) -> None:
    with pytest.raises(ValueError, match=r"005\.xlsx"):
        each_file(raises_on_5, PATHS, lost=gone, jobs=jobs)
