"""One compute thread that serves named slots."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from genstudio.engine.mailbox import Ended, Mailbox, failure_of

State = Literal["run", "pause", "step"]

_END = object()
_log = logging.getLogger(__name__)


class Handler(Protocol):
    """What answers requests. It is built and used on the compute thread only, so it needs no locks."""

    def handle(self, request: Any) -> Any:
        """The event that answers a call; None posts nothing."""

    def stream(self, request: Any) -> Iterator[Any]:
        """Events of something that goes on; a None only gives way to others.

        A generator is sent True for a step that was asked for by itself: somebody waits for what it tells. So what it
        yields from are generators, too.
        """


@dataclass(eq=False)
class _Stream:
    request: Any
    state: State
    generation: int
    steps_left: int = 1  # counts in state "step" only; quick clicks add up
    prepares: bool = False  # its newest event is no step
    values: Iterator[Any] | None = None  # made on the compute thread


@dataclass(eq=False)
class _Slot:
    generation: int = 0  # moves on with start and cancel; results of an older one are dropped
    request: Any = None
    has_request: bool = False
    stream: _Stream | None = None

    @property
    def goes_on(self) -> bool:
        """Whether its stream has a step to do."""
        return self.stream is not None and self.stream.state != "pause"

    @property
    def is_due(self) -> bool:
        """Whether its request can be answered now."""
        return self.has_request and not (self.goes_on and getattr(self.request, "at_rest", False))


class Engine:
    """Owns one thread that serves named slots; its methods may be called from any thread and never block.

    Waiting calls are served first, then one step of the running stream whose turn it is. Pause, step
    and cancel act between two steps. An event with a true `prepares` is no step of its own. A request with a true
    `at_rest` waits while the stream of its slot goes on.

    Args:
        make_handler: Builds the handler on the compute thread, at the first piece of work. If it raises,
            every waiting slot gets a Failure and the next piece of work tries again.
        on_wake: Called on the compute thread when events wait, at most once between two `drain`.
        name: Tells threads apart in a debugger.
    """

    def __init__(self, make_handler: Callable[[], Handler], on_wake: Callable[[], None], name: str = "compute") -> None:
        self._make_handler = make_handler
        self._on_wake = on_wake
        self._changed = threading.Condition()
        self._slots: dict[str, _Slot] = {}  # in the order of their turns
        self._retired: list[Iterator[Any]] = []  # closed on the compute thread
        self._mailbox = Mailbox()
        self._closing = False
        self._last_requests: Sequence[Any] = ()
        self._thread = threading.Thread(target=self._run, name=f"genstudio-{name}", daemon=True)
        self._thread.start()

    def submit(self, slot: str, request: Any) -> None:
        """Ask for `request`; it replaces a request of the same slot that has not begun."""
        with self._changed:
            waiting = self._slot(slot)
            waiting.request, waiting.has_request = request, True
            self._changed.notify()

    def start(self, slot: str, request: Any, state: State = "run") -> None:
        """Start a stream; an older stream of the slot is closed and its results are dropped."""
        with self._changed:
            fresh = self._retire(slot)
            fresh.stream = _Stream(request, state, fresh.generation)
            self._changed.notify()

    def control(self, slot: str, state: State) -> None:
        """Run or pause the slot's stream, or advance it by one step; nothing happens without a stream."""
        with self._changed:
            stream = self._slot(slot).stream
            if stream is not None:
                stream.steps_left = stream.steps_left + 1 if state == stream.state == "step" else 1
                stream.state = state
                self._changed.notify()

    def cancel(self, slot: str) -> None:
        """Drop what waits, runs or is unread in `slot`; a step in progress ends, its result is dropped."""
        with self._changed:
            self._retire(slot)
            self._changed.notify()

    def drain(self) -> list[tuple[str, Any]]:
        """All unread events as (slot, event), the slot that has waited longest first."""
        with self._changed:
            return self._mailbox.empty()

    def close(self, timeout_s: float = 5.0, last: Sequence[Any] = ()) -> None:
        """Close all streams after the step in progress, answer the requests in `last`, and end; drop the rest.

        Raises:
            TimeoutError: if the step or the last requests outlive `timeout_s`.
        """
        with self._changed:
            self._closing, self._last_requests = True, last or self._last_requests
            self._changed.notify()
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise TimeoutError(f"{self._thread.name} is still busy after {timeout_s:g} s")

    # The methods below run on the compute thread.

    def _run(self) -> None:
        handler: Handler | None = None
        while True:
            with self._changed:
                self._changed.wait_for(self._has_work)
                if self._closing:
                    for name in self._slots:
                        self._retire(name, keep_unread=True)
                retired, self._retired = self._retired, []
                closing = self._closing
                calls = [name for name, slot in self._slots.items() if slot.is_due]
                streaming = next((name for name, slot in self._slots.items() if slot.goes_on), None)
            _close_all(retired)
            if closing:
                _answer_last(handler, self._last_requests)
                return
            if not calls and streaming is None:
                continue
            handler = handler or self._build_handler()
            if handler is None:
                continue
            for name in calls:
                self._answer(handler, name)
            if streaming is not None:
                self._advance(handler, streaming)

    def _build_handler(self) -> Handler | None:
        try:
            return self._make_handler()
        except Exception as error:
            failure = failure_of(error)
        with self._changed:
            waiting = [name for name, slot in self._slots.items() if slot.has_request or slot.goes_on]
            generations = {name: self._slots[name].generation for name in waiting}
            for name in waiting:
                slot = self._slots[name]
                slot.request, slot.has_request = None, False
                slot.stream = None if slot.goes_on else slot.stream
        for name, generation in generations.items():
            self._post(name, generation, failure)
        return None

    def _answer(self, handler: Handler, name: str) -> None:
        with self._changed:
            slot = self._slots[name]
            if not slot.has_request or self._closing:
                return
            request, generation = slot.request, slot.generation
            slot.request, slot.has_request = None, False
        self._guard(name, generation, lambda: handler.handle(request))

    def _advance(self, handler: Handler, name: str) -> None:
        with self._changed:
            slot = self._slots[name] = self._slots.pop(name)  # its next turn comes after the others'
            stream = slot.stream
            if stream is None or stream.state == "pause" or self._closing:
                return
            is_single = stream.state == "step"
            if is_single:
                stream.steps_left -= 1
                if stream.steps_left == 0:
                    stream.state = "pause"

        def step() -> Any:
            if stream.values is None:
                stream.values = iter(handler.stream(stream.request))
                event = next(stream.values, _END)
            else:
                event = _next(stream.values, is_single)
            stream.prepares = getattr(event, "prepares", False)
            return event

        is_over = self._guard(name, stream.generation, step)
        with self._changed:
            if stream.prepares and stream.steps_left == 0:  # paused by its count, not by a control
                stream.state, stream.steps_left = "step", 1
            was_replaced = slot.stream is not stream  # perhaps during its first step, before `values` was there
            if stream.values is not None and (is_over or was_replaced):
                self._retired.append(stream.values)
            if is_over and not was_replaced:
                slot.stream = None

    def _guard(self, name: str, generation: int, work: Callable[[], Any]) -> bool:
        """Post what `work` returns or raises; True where a stream is over by it."""
        try:
            event = work()
            if event is not None:
                self._post(name, generation, Ended() if event is _END else event)
            return event is _END
        except Exception as error:  # the one place where everything a request can raise becomes an event
            self._post(name, generation, failure_of(error))
            return True

    def _post(self, name: str, generation: int, event: Any) -> None:
        with self._changed:
            if generation != self._slots[name].generation:
                return
            wake = self._mailbox.put(name, event) and not self._closing
        if wake:
            try:
                self._on_wake()
            except Exception:  # a window that is being torn down must not take the thread with it
                _log.exception("the wake signal failed")
                with self._changed:
                    self._mailbox.not_announced()

    # The methods below need the lock.

    def _has_work(self) -> bool:
        if self._closing or self._retired:
            return True
        return any(slot.is_due or slot.goes_on for slot in self._slots.values())

    def _slot(self, name: str) -> _Slot:
        return self._slots.setdefault(name, _Slot())

    def _retire(self, name: str, keep_unread: bool = False) -> _Slot:
        slot = self._slot(name)
        slot.generation += 1
        slot.request, slot.has_request = None, False
        if slot.stream is not None and slot.stream.values is not None:
            self._retired.append(slot.stream.values)
        slot.stream = None
        if not keep_unread:
            self._mailbox.forget(name)
        return slot


def _answer_last(handler: Handler | None, requests: Sequence[Any]) -> None:
    for request in requests if handler is not None else ():
        try:
            handler.handle(request)  # type: ignore[union-attr]
        except Exception as error:  # nobody is there to be told
            _log.warning("a last request failed: %s", error)


def _close_all(streams: list[Iterator[Any]]) -> None:
    for values in streams:
        try:
            getattr(values, "close", bool)()  # an iterator that is no generator has none
        except Exception:  # its slot has moved on, nobody waits for this
            _log.exception("a cancelled stream failed to clean up")


def _next(values: Iterator[Any], is_single: bool) -> Any:
    """The next event of a stream that has begun; _END if there is none."""
    try:
        return values.send(True) if is_single and isinstance(values, Generator) else next(values)
    except StopIteration:
        return _END
