"""When news are told, and what a day of them comes to."""

from notify.news.rules.digests import digest_of
from notify.news.rules.keeping import news_of
from notify.news.rules.times import next_digest, of_day

__all__ = ["digest_of", "news_of", "next_digest", "of_day"]
