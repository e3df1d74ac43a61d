"""How the whole is started: private database and broker, secrets, and the processes around them."""
