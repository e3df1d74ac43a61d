"""Every setting, those of intake and of watching beside them; each is read from the environment
variable of its name."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, NonNegativeInt, PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from intake_settings import IntakeSettings
from rules.approval_limits import ApproverLevel
from watch_settings import WatchSettings

ROOT = Path(__file__).parent


SECRETS = Path("/run/secrets")
"""Where a container finds its secrets, a file each, named as the environment variable is."""

SAMPLE_PAYER = "22001450100050000001"


class Settings(WatchSettings, IntakeSettings, BaseSettings):
    """Where things are, how much is let in, and how patient the program is."""

    model_config = SettingsConfigDict(
        env_prefix="HUZHU_",
        secrets_dir=SECRETS if SECRETS.is_dir() else None,
        frozen=True,
        populate_by_name=True,
    )

    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="PostgreSQL 18 to use, postgresql://…; empty: start a private one",
    )
    owner_database_url: str = Field(
        default="",
        description="The same database as the owner of its tables, for migrations alone; empty: "
        "the user of DATABASE_URL owns them",
    )
    report_database_url: str = Field(
        default="",
        description="The same database as a user that is made to read what says nothing of a "
        "person; empty: none is made",
    )
    redis_url: str = Field(
        default="",
        validation_alias="REDIS_URL",
        description="Redis 8 or Valkey 9 to use, redis://…; empty: start a private one",
    )
    data: Path = Field(default=ROOT / "var", description="Folder of everything the program keeps")
    inbox: Path | None = Field(default=None, description="Drop folder; default <data>/inbox")
    bucket: str = Field(
        default="",
        description="Bucket of an S3 service in which all machines keep papers, sealed; empty: they"
        " lie in <data>, for one machine",
    )
    bucket_prefix: str = Field(default="", description="What names in the bucket begin with")
    bucket_endpoint: str = Field(
        default="", description="Address of the S3 service, https://…; empty: that of AWS"
    )
    bucket_region: str = Field(default="us-east-1", description="Region of the bucket")
    bucket_user: str = Field(default="", description="As whom the S3 service knows this program")
    bucket_secret: SecretStr = Field(
        default=SecretStr(""), description="The secret access key of that name"
    )
    keys: SecretStr = Field(
        default=SecretStr(""),
        description="Key ring for sealing, newest first; the private mode makes one at first start",
    )
    index_key: SecretStr = Field(
        default=SecretStr(""), description="Key of the fingerprints by which numbers are searched"
    )
    cipher_suite: Literal["aes", "sm"] = Field(
        default="aes",
        description="What seals from now on: aes (AES-256-GCM) or sm (SM4-GCM); both are opened",
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        description="Signs cookies and the messages in the queue; the private mode makes one",
    )
    backups: Path | None = Field(
        default=None, description="Folder of the backups, on another disk; empty: none are made"
    )
    backup_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Key ring that seals backups, newest first; the private mode makes one",
    )
    backup_days: PositiveInt = Field(
        default=30, description="Days back to any instant of which a backup leads"
    )
    backup_seconds: float = Field(
        default=60.0, description="Time between two additions to the backup: what a fire may cost"
    )
    audit_key: SecretStr = Field(default=SecretStr(""), description="Keys that sign the log")
    audit_file: Path | None = Field(default=None, description="File of the log's signed roots")
    audit_syslog: str = Field(default="", description="host:port of a syslog server for roots")
    host: str = Field(default="127.0.0.1", description="Address the console listens on")
    port: int = Field(
        default=0, description="Port of the console; 0: a free one, the same at each start"
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses of the TLS proxies, with commas, whose word on a browser's address "
        "is believed; * where the console can be reached through the proxy alone",
    )
    secure_cookies: bool = Field(
        default=False, description="Send cookies over HTTPS only; set it behind a TLS proxy"
    )
    origin: str = Field(
        default="",
        description="Where people open the console, such as https://huzhu.example.org; single"
        " sign-on and security keys need it",
    )
    oidc_issuer: str = Field(
        default="",
        description="Provider of identities (OpenID Connect), https://…; empty: none",
    )
    oidc_client_id: str = Field(default="", description="As what it knows this program")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="The secret it gave this program"
    )
    oidc_claim: str = Field(
        default="preferred_username",
        description="What it says of a person that is his log-in name here",
    )
    oidc_two_factors: str = Field(
        default="",
        description="What it says (amr or acr, with commas) when it asked for two factors; from"
        " whom it says so no second one is asked here; empty: it is always asked here",
    )
    oidc_name: str = Field(default="统一身份认证", description="What it is called on the page")
    session_idle_minutes: int = Field(
        default=30, description="A person who does nothing for so many minutes is logged out"
    )
    session_hours: int = Field(
        default=12, description="A person logs in again after so many hours, whatever he does"
    )
    reveals_an_hour: PositiveInt = Field(
        default=60, description="So many numbers a person may see in full within an hour"
    )
    reveals_a_day: PositiveInt = Field(default=200, description="The same within a day")
    rosters_a_day: PositiveInt = Field(
        default=20, description="So many rosters in full and exports a person may take within a day"
    )

    max_file_mb: int = Field(default=50, description="Largest file taken in, MB")
    max_packet_mb: int = Field(default=200, description="Largest packet, unpacked, MB")
    max_files: int = Field(default=100, description="Most files in a packet")
    max_pages: int = Field(default=200, description="Most pages in a packet")
    max_megapixels: int = Field(default=60, description="Largest page, megapixels")
    clamav_socket: str = Field(
        default="",
        description="Where clamd of ClamAV listens, a path or host:port: all that is handed in is"
        " scanned for malware first; empty: it is not. Its StreamMaxLength must not be less than"
        " the largest file",
    )
    pages_at_once: PositiveInt = Field(
        default=2,
        description="Most pages of a packet that are read side by side, no more than there are "
        "cores; each in a process of its own that needs up to 1.2 GB",
    )
    parser_isolation: Literal["auto", "bubblewrap", "landlock", "none"] = Field(
        default="auto",
        description="How the process that opens files is kept apart; auto: the strongest there is",
    )

    erase_at_night: bool = Field(default=False, description="Erase at night what is over its years")
    sweep_seconds: float = Field(default=5.0, description="Time between sweeps for lost bells")
    grace_seconds: float = Field(
        default=15.0, description="How long a bell may take before the sweep rings again"
    )
    unsure_below: float = Field(
        default=0.85, description="Values read with less confidence than this go to a person"
    )
    sample_share: float = Field(
        default=0.05,
        description="Share of what nothing else asks about that is drawn for a second look",
    )
    sample_seed: SecretStr = Field(
        default=SecretStr(""),
        description="Seed of that draw: with it anybody can check afterwards what was drawn",
    )
    approval_limits: dict[int, int] = Field(
        default={20_000: 2},
        description="Above so many yuan so many supervisors approve a claim: {yuan: supervisors}",
    )
    approval_ceilings: dict[ApproverLevel, NonNegativeInt] = Field(
        default={},
        description="Up to so many yuan a supervisor of this level approves, ordinary or senior: "
        "{level: yuan}; a level that is not named has no ceiling",
    )
    office_name: str = Field(
        default="省直机关职工互助保障办公室", description="Name of the office on its letters"
    )
    office_contact: str = Field(
        default="请与所在单位工会或互助保障办公室联系", description="Contact line on its letters"
    )
    office_phone: str = Field(
        default="", description="Telephone on notices to units; empty: none is printed"
    )
    fee_account_name: str = Field(
        default="", description="Holder of the account to which units pay their fees"
    )
    fee_account: str = Field(
        default="",
        description="That account's number; notices name it with holder and bank",
    )
    fee_account_bank: str = Field(default="", description="Bank and branch of that account")
    object_days: int = Field(default=60, description="Days a member has to object to a decision")
    objection_noted_days: int = Field(
        default=7, description="Days to register an objection that was made in time"
    )
    recovery_days: int = Field(
        default=30, description="Days a member has to pay back what was paid too much"
    )
    unclaimed_years: int = Field(
        default=2,
        description="Years after which money that cannot be delivered is written to the fund",
    )
    supplement_days: int = Field(default=30, description="Days a unit has to hand in papers")
    payer_name: str = Field(
        default="样例职工互助保障专户",
        description="Holder of the first account that pays; later ones are kept on the console",
    )
    payer_account: str = Field(
        default=SAMPLE_PAYER,
        description="That account; from the sample one nothing is paid outside the demo",
    )
    payer_bank: str = Field(default="中国建设银行", description="Bank of that account")
    payer_cnaps: str = Field(default="105241000018", description="CNAPS code of that bank's branch")

    unit_contact: str = Field(
        default="办理中如有疑问，请与互助保障办公室联系",
        description="Line on notices to units that says whom to ask",
    )
    renewal_series: str = Field(
        default="互助续保", description="Series of renewal notices, as in 互助续保〔2026〕12号"
    )
    remind_seconds: float = Field(
        default=1800.0, description="Time between looks for reminders to renew; they go by date"
    )
    smtp_host: str = Field(
        default="", description="Mail server; empty: notices are shown on the unit's page only"
    )
    smtp_port: int = Field(default=587, description="Port of the mail server; 465 for tls")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How mail is encrypted on its way; none only for a server on this machine",
    )
    smtp_user: str = Field(default="", description="Log-in at the mail server; empty: none")
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="Password at the mail server"
    )
    smtp_seconds: float = Field(
        default=15.0, description="How long the mail server may take to answer"
    )
    mail_from: str = Field(
        default="", description="Address that mail comes from; empty: that of smtp_user"
    )

    @property
    def inbox_folder(self) -> Path:
        return self.inbox or self.data / "inbox"

    @property
    def sample_log_ins(self) -> Path:
        """Where the demonstration keeps the passwords of its people; missing outside it."""
        return self.data / "sample-log-ins.json"

    @property
    def roots_file(self) -> Path:
        return self.audit_file or self.data / "audit-roots"

    @property
    def out_folder(self) -> Path:
        return self.data / "out"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
