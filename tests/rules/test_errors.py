"""What a refusal tells beside its sentence."""

from rules.errors import Refused


def test_a_refusal_is_about_the_whole_form_unless_it_names_a_field() -> None:
    whole, field = Refused("不行"), Refused("不行", "amount", 3)
    assert (str(whole), whole.at, whole.row) == ("不行", "", 1)
    assert (field.at, field.row) == ("amount", 3)
