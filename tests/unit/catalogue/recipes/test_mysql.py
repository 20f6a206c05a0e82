"""labkit.catalogue.recipes.mysql: MariaDB under MySQL's names."""

from labkit.catalogue.recipes.mysql import build_mysql
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry, base_tree


def test_speaks_english_and_answers_to_mysql() -> None:
    share = "usr/share/mariadb"
    server = Tree().file("usr/sbin/mariadbd", "", 0o755)
    for name in ("english", "estonian", "charsets", "czech", "french"):
        server.file(f"{share}/{name}/errmsg.sys", "")
    server.file(f"{share}/mariadb_system_tables.sql", "")
    packages = {"mariadb-server-core": server}
    tree = build_mysql(SamplePantry(packages, layers={"base": base_tree()}))
    kept = {
        path.split("/")[3] for path, _ in tree.items() if path.startswith(share + "/")
    }
    assert kept == {"english", "charsets", "mariadb_system_tables.sql"}
    assert tree["usr/bin/mysql"].target == "mariadb"
    assert tree["var/lib/mysql"].uid == 999
