from labkit.docker_cli import pages

PAGE = """\
Usage:  docker ps [OPTIONS]

List containers

Options:
  -a, --all             Show all containers (default shows just running)
      --format string   Format output:
                        'table':   Print
                                   a table
      --odd             Odd {1.44}
  -n, --last int        Show n last created containers (default -1)
"""


def test_a_page_is_the_table_of_its_flags():
    page = pages.parse_page(PAGE)
    assert page.usage == "docker ps [OPTIONS]"
    every, layout, odd, last = page.flags
    assert (every.short, every.name, every.kind) == ("a", "all", "")
    assert layout.usage == "Format output:\n'table':   Print\n           a table"
    assert (odd.usage, odd.mark) == ("Odd", "1.44")
    assert (last.kind, last.default, last.described) == ("int", "-1", "-n, --last")


def test_a_page_is_wrapped_to_the_terminal():
    page = pages.parse_page(PAGE)
    lines = pages.help_text(page, 60).splitlines()
    assert "  -a, --all             Show all containers (default" in lines
    assert "                        shows just running)" in lines
    assert "                                   a table" in lines
    assert max(map(len, lines)) <= 60


def test_a_wide_terminal_gives_the_page_as_it_lies_in_its_file():
    page = pages.parse_page(PAGE.replace(" {1.44}", ""))
    assert pages.help_text(page, 500) == PAGE.replace(" {1.44}", "")


def test_a_page_without_flags_is_its_head():
    assert pages.help_text(pages.parse_page("Usage:  docker x\n\nDo\n"), 80) == (
        "Usage:  docker x\n\nDo\n"
    )
