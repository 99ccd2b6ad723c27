"""The archive's row. New entries are followed from here on: there is no earlier upload to look at."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def add_row(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Begin at the head of the ledger as it is."""
    head = apps.get_model("ledger", "LedgerHead").objects.filter(id=1).first()
    apps.get_model("matching", "ArchiveState").objects.get_or_create(
        id=1, defaults={"followed_seq": head.seq if head else 0}
    )


class Migration(migrations.Migration):
    """Adds one row."""

    dependencies = [("matching", "0001_initial"), ("ledger", "0002_head")]
    operations = [migrations.RunPython(add_row, migrations.RunPython.noop)]
