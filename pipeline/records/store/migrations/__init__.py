"""How the tables of the records came to be: one file a revision in ``versions``, run by Alembic when a store opens."""
