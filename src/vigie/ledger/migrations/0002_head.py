"""The head row that writers queue at, from the first moment on."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def add_head(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the head of an empty ledger in place."""
    apps.get_model("ledger", "LedgerHead").objects.get_or_create(id=1, defaults={"seq": 0, "hash": bytes(32)})


class Migration(migrations.Migration):
    """Adds one row."""

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(add_head, migrations.RunPython.noop)]
