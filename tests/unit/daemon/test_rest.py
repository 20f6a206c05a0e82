import asyncio

from labkit.daemon.rest import Rest


def test_calls_once_after_all_that_stirred_it():
    async def run() -> list[float]:
        loop = asyncio.get_running_loop()
        called: list[float] = []
        over = asyncio.Event()

        def at_rest() -> None:
            called.append(loop.time())
            over.set()

        rest = Rest(at_rest, seconds=0.05)
        rest.stir()
        halfway = asyncio.Event()
        loop.call_later(0.03, halfway.set)
        await halfway.wait()
        rest.stir()
        second = loop.time()
        await over.wait()
        over.clear()
        rest.stir()
        await over.wait()
        return [called[0] - second, float(len(called))]

    waited, calls = asyncio.run(run())
    assert waited >= 0.045  # less the loop's own resolution
    assert calls == 2


def test_a_closed_one_does_not_call():
    async def run() -> None:
        rest = Rest(lambda: called.append(1), seconds=0)
        rest.stir()
        rest.close()
        rest.close()
        for _ in range(3):
            await asyncio.sleep(0)

    called: list[int] = []
    asyncio.run(run())
    assert called == []
