"""Old records stay usable: brought up to date in one step, with all that is in them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, text

from pipeline.domain.ledger import Withdrawal
from pipeline.errors import RecordsError
from pipeline.records.store import Store, opening, schema
from tests.records.store.entries import release_of, run_of, told

FIRST = schema.REVISIONS[0]
FOLDER = Path(opening.__file__).parent / "migrations"


def engine_at(address: str | Path) -> Engine:
    if not isinstance(address, Path):
        return create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    address.parent.mkdir(exist_ok=True)
    engine = create_engine(f"sqlite:///{address}", connect_args={"isolation_level": None})
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def test_the_records_of_the_first_version_are_brought_up_to_date_with_all_that_is_in_them(address: str | Path) -> None:
    engine = engine_at(address)
    with engine.begin() as connection:
        opening.migrate(connection, FIRST)
        connection.execute(text("INSERT INTO runs VALUES ('run-1', '2026-10-05', 'publicity', '3', 'm', '0.1', 'website', '')"))
        connection.execute(text("INSERT INTO run_folders VALUES (1, 'run-1', '/out', 'a', 'b')"))
        release = "1, 'd', 'run-1', 'story-0001', 'publicity', 'released/p.docx', 'aa', 'HL/1', 'hl/1', true, 'permitted'"
        connection.execute(text(f"INSERT INTO releases VALUES ({release}, 'C-1', 'c-1', true, 'website', '', 'a')"))
        withdrawal = "1, 'w', 'HL/1', 'hl/1', 'C-1', 'c-1', '2026-11-01', false, 'K', 'b'"
        connection.execute(text(f"INSERT INTO withdrawals VALUES ({withdrawal})"))
    engine.dispose()
    with Store.open(address) as store:
        assert [r.path for r in store.releases()] == ["released/p.docx"]
        assert store.withdrawals() == [Withdrawal("HL/1", date(2026, 11, 1), "C-1", recorded_by="K")]
        assert len(store.recalls()) == 1
        assert store.recalled("aa", date(2026, 11, 2)) == 1


def test_a_migration_that_fails_leaves_the_records_as_they_were(address: str | Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_at(address)
    with engine.begin() as connection:
        opening.migrate(connection, FIRST)
        connection.execute(text("CREATE TABLE recalls_done (id INTEGER)"))  # in the way of the second revision
    with pytest.raises(RecordsError):
        Store.open(address)
    with engine.begin() as connection:
        assert opening.revision_of(connection) == FIRST
        connection.execute(text("DROP TABLE recalls_done"))
    engine.dispose()
    with Store.open(address) as store:
        assert store.recalls() == []


def test_the_tables_are_those_that_the_revisions_make(address: str | Path) -> None:
    Store.open(address).close()
    engine = engine_at(address)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": schema.VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def test_every_revision_has_its_file_and_the_last_is_the_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == schema.REVISIONS


def test_records_of_a_newer_version_are_left_alone_with_a_word(address: str | Path) -> None:
    with Store.open(address) as store:
        told(store, release_of(1))
    engine = engine_at(address)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {schema.VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(RecordsError, match="newer version of storysafe"):
        Store.open(address)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {schema.VERSION_TABLE} SET version_num = '{schema.REVISIONS[-1]}'"))
    engine.dispose()
    with Store.open(address) as store:
        assert (store.runs(), store.releases()) == ([(run_of(), True)], [release_of(1)])


def test_records_that_are_up_to_date_open_without_the_machinery_of_migrations(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    Store.open(path).close()
    code = f"import sys, pathlib; from pipeline.records.store import Store; Store.open(pathlib.Path({str(path)!r})); " + (
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parents[3]).returncode == 0
