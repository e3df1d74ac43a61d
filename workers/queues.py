"""The queues that workers serve: those of the pipeline's steps, and the one of beat."""

from collections.abc import Sequence

from language import _
from rules.errors import BadInput
from workers.schedule import BEAT_QUEUE
from workflows.pipeline import QUEUES


def served(
    only: str = "", all_but: str = "", every: Sequence[str] = (*QUEUES, BEAT_QUEUE)
) -> list[str]:
    """The queues of a worker that serves only these, or all but these; commas part the names.

    `every` contains the queue of every step, so a worker with "all but" also serves a new queue.
    Raises BadInput for a queue that does not exist.
    """
    named = {name for name in f"{only},{all_but}".split(",") if name}
    if unknown := named - set(every):
        raise BadInput(_("没有这个队列：%(names)s") % {"names": "、".join(sorted(unknown))})
    left_out = set(all_but.split(","))
    return [name for name in (only.split(",") if only else every) if name not in left_out]
