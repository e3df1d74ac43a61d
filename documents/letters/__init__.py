"""Letters and mails: their contents, and the papers written from them."""
