"""All recipes, in the order in which they are shown. A new image is one more line."""

from labkit.base.errors import NotFoundError
from labkit.base.reference import parse_reference
from labkit.catalogue.model import ImageRecipe
from labkit.catalogue.recipes import (
    base,
    debian,
    java,
    mongo,
    mysql,
    nginx,
    node,
    postgres,
    python,
    redis,
    registry,
)

RECIPES: tuple[ImageRecipe, ...] = (
    base.HELLO_WORLD,
    base.BUSYBOX,
    debian.DEBIAN_IMAGE,
    nginx.NGINX,
    nginx.NGINX_PREVIOUS,
    python.PYTHON_IMAGE,
    node.NODE_IMAGE,
    java.JAVA_IMAGE,
    registry.REGISTRY_IMAGE,
    redis.REDIS_IMAGE,
    postgres.POSTGRES_IMAGE,
    mysql.MYSQL_IMAGE,
    mongo.MONGO,
    mongo.MONGO_EXPRESS,
)


def select_recipes(names: tuple[str, ...]) -> tuple[ImageRecipe, ...]:
    """Find recipes by the names of their images; no names mean all of them.

    ``nginx`` stands for all images of that name, ``nginx:1.24`` for one.
    """
    if not names:
        return RECIPES
    chosen: list[ImageRecipe] = []
    for name in names:
        found = [recipe for recipe in RECIPES if _answers_to(recipe, name)]
        if not found:
            known = sorted({one.partition(":")[0] for r in RECIPES for one in r.names})
            raise NotFoundError(
                f"no bundled image is called {name!r}; there are {', '.join(known)}"
            )
        chosen += [recipe for recipe in found if recipe not in chosen]
    return tuple(chosen)


def _answers_to(recipe: ImageRecipe, name: str) -> bool:
    bare = ":" not in name
    wanted = parse_reference(name)
    references = [parse_reference(one) for one in recipe.names]
    if bare:
        return any(one.name == wanted.name for one in references)
    return wanted in references
