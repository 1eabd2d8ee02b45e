"""What the metrics page says of confirmations: how many are open, in all organisations."""

from datetime import datetime
from typing import ClassVar

from pymongo.database import Database

from booking.basket.model import BASKET, BasketAct
from chassis.running.gauges import COUNT_MAX, Gauge, Reading
from chassis.storage.documents import Document

OPEN = Gauge("marelle_confirmations_open", "Confirmations that were asked for and are not yet answered.")


class OpenConfirmations:
    """The confirmations that somebody works on, or has to; the indexes are those of `Confirmations`."""

    GAUGES: ClassVar[tuple[Gauge, ...]] = (OPEN,)

    def __init__(self, database: Database[Document]) -> None:
        self._rows = database["confirmations"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Leave it to `Confirmations`."""

    def read_gauges(self, _now: datetime) -> list[Reading]:
        """Count them, 10,000 at most."""
        (state,) = BASKET.sources(BasketAct.ANSWER)
        opened = self._rows.count_documents({"state": state}, hint="unanswered", limit=COUNT_MAX)
        return [OPEN.reads(opened)]
