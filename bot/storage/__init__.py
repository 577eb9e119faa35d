"""PostgreSQL: tables, migrations, the sealing of people's words, and the bell that wakes processes."""
