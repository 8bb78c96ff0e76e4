from django.db import migrations


class Migration(migrations.Migration):
    """The cache of rate limits (allauth): the stock table, made here so that the web role needs no DDL."""

    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """CREATE TABLE accounts_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
               CREATE INDEX accounts_cache_expires ON accounts_cache (expires)""",
            "DROP TABLE accounts_cache",
        )
    ]
