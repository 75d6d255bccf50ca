"""Who is next: one turn for each who waits, round and round."""

from collections import OrderedDict, deque
from typing import Generic, TypeVar

Ticket = TypeVar("Ticket")


class Rota(Generic[Ticket]):
    """Gives turns round-robin by session, and first come first served within one.

    However much one session asks for, another waits for at most one turn of each of the
    others. No thread or clock.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[Ticket]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def add(self, session: str, ticket: Ticket) -> None:
        """Let a ticket wait; one of a session that has none waiting goes to the end."""
        self._waiting.setdefault(session, deque()).append(ticket)

    def take(self) -> Ticket | None:
        """Return the ticket whose turn it is, None where nobody waits."""
        if not self._waiting:
            return None
        session, tickets = self._waiting.popitem(last=False)
        ticket = tickets.popleft()
        if tickets:
            self._waiting[session] = tickets
        return ticket
