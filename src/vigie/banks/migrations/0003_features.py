import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("banks", "0002_levels_and_variants"),
    ]

    operations = [
        migrations.AlterField(
            model_name="bank",
            name="level",
            field=models.CharField(
                choices=[("plain", "Plain"), ("robust", "Robust"), ("verified", "Verified")],
                default="plain",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="EntryFeatures",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="features",
                        serialize=False,
                        to="banks.entry",
                    ),
                ),
                ("locked", models.BinaryField()),
                ("words", models.BinaryField()),
            ],
            options={
                "db_table": "bank_entry_features",
            },
        ),
    ]
