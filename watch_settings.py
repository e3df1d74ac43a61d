"""The settings of watching: where traces, errors and figures go, and who asks how it is."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class WatchSettings(BaseSettings):
    """What the program tells those who watch it."""

    otlp_endpoint: str = Field(
        default="",
        description="Where OpenTelemetry's collector takes traces over HTTP, such as "
        "http://collector:4318; empty: none are made",
    )
    sentry_dsn: SecretStr = Field(
        default=SecretStr(""), description="Where Sentry takes errors; empty: none are sent"
    )
    metrics_port: int = Field(
        default=0, description="Port at which a monitor asks for /metrics; 0: none"
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        description="Address it listens on; without a log-in, so never one that the public reaches",
    )
    health_port: int = Field(
        default=0, description="Port at which each process answers /healthz and /readyz; 0: none"
    )
    health_host: str = Field(
        default="127.0.0.1", description="Address it listens on; it tells nothing but yes or no"
    )
    build: str = Field(
        default="",
        description="What this build is called, where processes of several run; empty: its version",
    )
