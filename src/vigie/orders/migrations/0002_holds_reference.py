"""Whether an order holds its reference: one that was refused does not, nor a forged one that nobody took for genuine."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def let_go(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What is refused or contradicted already takes no reference away."""
    orders = apps.get_model("orders", "Order").objects
    orders.filter(stage="not_genuine").update(holds_reference=False)
    orders.filter(stage="received", sender_check__verdict="contradicted").update(holds_reference=False)


class Migration(migrations.Migration):
    """Adds the column, and narrows the constraint to orders that hold their reference."""

    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="order", name="holds_reference", field=models.BooleanField(default=True)
        ),
        migrations.RunPython(let_go, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="order", name="order_once"),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("holds_reference", True),
                    models.Q(("reference", ""), _negated=True),
                    models.Q(("authority_key", ""), _negated=True),
                ),
                fields=("authority_key", "reference"),
                name="order_once",
            ),
        ),
    ]
