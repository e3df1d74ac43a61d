"""The line keeps all papers in a bucket, at a service of which every third request fails."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from models import Letter, PaymentFile
from models.people import Role
from models.states import ClaimState
from tests.desk import Desk, a_picture
from tests.kept_files import spool_folder, store_folder
from tests.s3 import failing, new_bucket, s3_service
from workflows import nightly
from workflows.claims.packets import uploads
from workflows.engine.kept_where import store_of


@pytest.fixture
def on_bucket(desk: Desk) -> Iterator[Desk]:
    with s3_service() as sound, failing(sound, seed=1) as address:
        bucket = new_bucket(sound, uuid4().hex)
        given = {"bucket": bucket.name, "bucket_endpoint": address, "bucket_user": "key"}
        settings = desk.office.settings.model_copy(update=given)
        store = store_of(settings, desk.office.keys)
        office = replace(desk.office, settings=settings, store=store)
        yield Desk(office, desk.clock, desk.bells)


def test_papers_go_from_an_upload_to_the_bank_and_none_lies_on_this_machine(
    on_bucket: Desk,
) -> None:
    with on_bucket.office.sessions.unit_of_work() as session:
        clerk = on_bucket.user(Role.CLERK)
        uploads.upload(session, on_bucket.office, clerk, [("a.png", a_picture())])
    claim_id = on_bucket.claim(on_bucket.member())
    on_bucket.work()
    on_bucket.approve_all()
    on_bucket.released()
    assert on_bucket.state_of(claim_id) == ClaimState.SENT
    with on_bucket.office.sessions.read_only() as session:
        kept = [*session.query(Letter.sha256), *session.query(PaymentFile.sha256)]
    assert len(kept) > 1
    assert all(on_bucket.office.store.verify(sha256 or "") for (sha256,) in kept)
    assert nightly.prove_all(on_bucket.office) == 0
    assert not store_folder(on_bucket.office.settings).exists()
    assert not spool_folder(on_bucket.office.settings).exists()
