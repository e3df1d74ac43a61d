"""The settings of intake: how long it waits for what is dropped, how long it keeps it, and the
mailbox from which it takes papers."""

from pydantic import Field, NonNegativeInt, PositiveInt, SecretStr
from pydantic_settings import BaseSettings


class IntakeSettings(BaseSettings):
    """How patient the drop folder is, what is kept of what came, and which mailbox is read."""

    keep_originals_days: NonNegativeInt = Field(
        default=0,
        description="Days for which what was dropped or uploaded is kept, sealed, beside the papers"
        " in the store; 0: removed once it is taken in",
    )
    keep_refused_days: PositiveInt = Field(
        default=30,
        description="Days for which what holds a file that could not be used is kept, sealed, for a"
        " person to look at; nothing goes that nobody could look at",
    )
    quiet_seconds: float = Field(
        default=10.0, description="A dropped file counts once it has not changed for this long"
    )
    folder_quiet_seconds: float = Field(
        default=45.0,
        description="The same of a dropped folder, which people and flatbed scanners fill slowly",
    )
    unfinished_seconds: float = Field(
        default=300.0,
        description="A file whose end is not there yet is waited for so long after its last change",
    )
    same_name_minutes: NonNegativeInt = Field(
        default=60,
        description="What is dropped under the same name within so many minutes joins the claim"
        " that the first one made",
    )
    drop_folder_of: str = Field(
        default="",
        pattern="^[a-z0-9-]{0,40}$",
        description="Name of this machine where several have drop folders of their own: only its"
        " workers take in what lies in its folder; empty: all machines share one folder",
    )
    look_seconds: float = Field(default=2.0, description="Time between looks into the drop folder")
    imap_host: str = Field(
        default="",
        description="Server of a mailbox whose messages are taken in as papers; empty: none",
    )
    imap_port: int = Field(default=993, description="Port of that server, which speaks TLS")
    imap_user: str = Field(default="", description="Log-in at that server")
    imap_password: SecretStr = Field(default=SecretStr(""), description="Password at that server")
    imap_folder: str = Field(default="INBOX", description="Folder of the mailbox")
    imap_senders: str = Field(
        default="",
        description="Whose messages are taken: addresses, or @domain, parted by commas; empty:"
        " nobody's. A sender can be forged: this keeps out what strays in, and proves nothing",
    )
    imap_seconds: float = Field(
        default=30.0, description="How long the mailbox's server may take to answer"
    )
    mailbox_seconds: float = Field(default=60.0, description="Time between looks into the mailbox")
