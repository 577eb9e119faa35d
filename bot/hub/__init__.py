"""The switchboard: takes messages in, lets one turn happen at a time, and sends the answers out."""
