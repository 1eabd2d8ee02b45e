"""What schemathesis can't know from the specification: `schemathesis.toml`, read by its command line too."""

from pathlib import Path

from schemathesis.config import SchemathesisConfig

CONFIG = SchemathesisConfig.from_path(Path(__file__).parent / "schemathesis.toml")
