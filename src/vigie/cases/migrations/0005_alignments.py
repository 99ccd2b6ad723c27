from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_levels_and_variants"),
    ]

    operations = [
        migrations.AddField(
            model_name="casematch",
            name="placement",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="casematch",
            name="alignment",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="casematch",
            name="score",
            field=models.FloatField(null=True),
        ),
    ]
