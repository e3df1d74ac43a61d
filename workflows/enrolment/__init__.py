"""Enrolment (参保): units, rosters, fees, cover and changes of membership."""
