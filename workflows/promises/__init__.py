"""What is promised and can be proved by queries, one file for each room of the office."""

from workflows.promises.batches import OF_BATCHES
from workflows.promises.books import OF_BOOKS
from workflows.promises.decisions import OF_DECISIONS
from workflows.promises.enrolment import OF_ENROLMENT
from workflows.promises.money import OF_MONEY
from workflows.promises.people import OF_PEOPLE

PROMISES = (*OF_DECISIONS, *OF_PEOPLE, *OF_MONEY, *OF_BATCHES, *OF_ENROLMENT, *OF_BOOKS)
