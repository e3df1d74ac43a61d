"""Is run inside a container: the sample people, unit and roster; prints the password of each and
what his telephone makes codes of."""

import json

from servers import samples
from servers.private import prepared
from workers.app import ring
from workflows.engine.office import open_office

with prepared() as ready:
    office = open_office(ready, ready.database_url, ring)
    people = samples.make_people(office)
    samples.hand_in_roster(office)
print(json.dumps({person.login: [person.password, person.totp] for person in people}))
