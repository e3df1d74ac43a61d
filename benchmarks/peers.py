"""The same five-step line on DBOS and on Procrastinate, doing nothing but their bookkeeping.

Each peer works as its documentation advises for speed: DBOS threads in each process that start
their workflows directly, or a queue that both processes listen to; Procrastinate asynchronous
jobs, many at once, woken by NOTIFY. Their databases live in the same server as Huzhu's.
"""

import asyncio
import logging
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg

PROCESSES = 2
STEPS = ("read", "check", "adjudicate", "prepare_payment", "write_letter")
# Tried from 1 to 40 on two cores: fewer leave the disk idle, more only wait for each other.
AT_ONCE = 10


def dbos_direct(url: str, claims: int) -> float:
    """Claims a second when each process starts its share of the workflows itself."""
    return _timed(_dbos_direct, url, claims)


def dbos_queue(url: str, claims: int) -> float:
    """Claims a second when both processes take workflows from a queue."""
    return _timed(_dbos_queue, url, claims)


def procrastinate(url: str, claims: int) -> float:
    """Claims a second with five chained jobs for each claim."""
    asyncio.run(_hand_in(url, "line", claims))
    return _timed(_procrastinate, url, claims)


Peer = Callable[[str, int, int, Barrier, Barrier], None]


def _timed(worker: Peer, url: str, claims: int) -> float:
    """The rate of two warm processes, from the moment all is handed in to the last one's end."""
    spawn = multiprocessing.get_context("spawn")
    ready, done = spawn.Barrier(PROCESSES + 1), spawn.Barrier(PROCESSES + 1)
    processes = [
        spawn.Process(target=worker, args=(url, number, claims, ready, done), daemon=True)
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    ready.wait(timeout=120)
    began = time.perf_counter()
    done.wait(timeout=1800)
    took = time.perf_counter() - began
    for process in processes:
        process.join(30)
        process.kill()
    return claims / took


def _open_dbos(url: str, number: int) -> Callable[[int], int]:
    from dbos import DBOS

    DBOS(
        config={
            "name": "line",
            "system_database_url": url,
            "executor_id": f"process{number}",
            "application_version": "1",
            "log_level": "ERROR",
            "sys_db_pool_size": AT_ONCE + 5,
            "max_executor_threads": AT_ONCE + 5,
            "enable_otlp": False,
        }
    )

    def step(name: str) -> Callable[[int], int]:
        @DBOS.step(name=name)
        def do(claim: int) -> int:
            return claim

        return do

    steps = [step(name) for name in STEPS]

    @DBOS.workflow(name="line")
    def line(claim: int) -> int:
        for do in steps:
            claim = do(claim)
        return claim

    DBOS.launch()
    return line


def _dbos_direct(url: str, number: int, claims: int, ready: Barrier, done: Barrier) -> None:
    line = _open_dbos(url, number)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(line, range(2 * AT_ONCE)))
        ready.wait()
        list(threads.map(line, range(claims // PROCESSES)))
        done.wait()


def _dbos_queue(url: str, number: int, claims: int, ready: Barrier, done: Barrier) -> None:
    from dbos import DBOS

    line = _open_dbos(url, number)
    DBOS.register_queue("warm", worker_concurrency=AT_ONCE, polling_interval_sec=0.05)
    handles = [DBOS.enqueue_workflow("warm", line, each) for each in range(2 * AT_ONCE)]
    for handle in handles:
        handle.get_result()
    # Handed in before anybody listens: the queue is registered when both are ready.
    with ThreadPoolExecutor(AT_ONCE) as threads:
        shares = range(number, claims, PROCESSES)
        list(threads.map(lambda claim: DBOS.enqueue_workflow("line", line, claim), shares))
    ready.wait()
    DBOS.register_queue("line", worker_concurrency=AT_ONCE, polling_interval_sec=0.05)
    query = (
        "SELECT count(*) FROM dbos.workflow_status WHERE queue_name = 'line' AND status = 'SUCCESS'"
    )
    _wait_for(url, query, claims)
    done.wait()


def _open_procrastinate(url: str, queue: str) -> tuple[Any, Any]:
    """The app, and the first of five tasks that each defer the next."""
    import procrastinate

    logging.disable(logging.WARNING)
    connector = procrastinate.PsycopgConnector(conninfo=plain(url), max_size=AT_ONCE + 5)
    app = procrastinate.App(connector=connector)

    def chained(name: str, then: Any) -> Any:
        @app.task(name=f"{queue}.{name}", queue=queue)
        async def do(claim: int) -> None:
            if then is not None:
                await then.defer_async(claim=claim)

        return do

    first = None
    for name in reversed(STEPS):
        first = chained(name, first)
    return app, first


async def _hand_in(url: str, queue: str, claims: int) -> None:
    app, first = _open_procrastinate(url, queue)
    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        await first.batch_defer_async(*({"claim": claim} for claim in range(claims)))


def _procrastinate(url: str, number: int, claims: int, ready: Barrier, done: Barrier) -> None:
    warm, line = f"warm{number}", "line"
    asyncio.run(_hand_in(url, warm, 2 * AT_ONCE))
    asyncio.run(_jobs_done(url, warm, 2 * AT_ONCE, lambda: None))
    asyncio.run(_jobs_done(url, line, claims, ready.wait))
    done.wait()


async def _jobs_done(url: str, queue: str, claims: int, ready: Callable[[], object]) -> None:
    app, _first = _open_procrastinate(url, queue)
    query = f"""SELECT count(*) FROM procrastinate_jobs
                WHERE task_name = '{queue}.{STEPS[-1]}' AND status = 'succeeded'"""  # noqa: S608
    async with app.open_async():
        await asyncio.to_thread(ready)
        worker = asyncio.create_task(
            app.run_worker_async(queues=[queue], concurrency=AT_ONCE, install_signal_handlers=False)
        )
        await asyncio.to_thread(_wait_for, url, query, claims)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg:", "postgresql:")


def _wait_for(url: str, query: str, count: int) -> None:
    """Until this count is reached, asked seldom enough not to be felt."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        while True:
            row = connection.execute(query).fetchone()
            if row is not None and row[0] >= count:
                return
            time.sleep(0.1)
