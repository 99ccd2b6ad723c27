"""Words of features are another kind of words now; an entry gets them when its picture is banked again."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_words(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Without words an entry is found by its hashes, and verified as before."""
    apps.get_model("banks", "EntryFeatures").objects.update(words=b"")


class Migration(migrations.Migration):
    dependencies = [("banks", "0003_features")]

    operations = [migrations.RunPython(forget_words, migrations.RunPython.noop)]
