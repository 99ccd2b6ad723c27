"""The archive also loses what is in a damaged part."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One kind of loss more."""

    dependencies = [("matching", "0002_first_row")]
    operations = [
        migrations.AlterField(
            "archiveloss",
            "kind",
            models.CharField(
                choices=[("uploads", "Uploads"), ("torn", "Torn"), ("damaged", "Damaged")], max_length=10
            ),
        )
    ]
