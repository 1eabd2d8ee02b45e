"""What a generated request that is wrong may be answered with: how schemathesis is told of it."""

from schemathesis.config import SchemathesisConfig

STATUSES = ["400", "401", "403", "404", "405", "406", "409", "413", "414", "415", "422", "428", "429", "5xx"]
"""Its own, and those of what is too large: nothing keeps it from making a body of 300 kB."""
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": STATUSES}}}
)
