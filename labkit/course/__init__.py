"""The course: a chapter from Markdown to notebook, web page, and a run that is checked.

    book/05-networking.md --load--> Chapter --notebook--> notebooks/chapter05.ipynb
                                       |------html------> one page of the site
                                       |------execute---> outcomes of its steps
                                       '------check-----> findings of the course lint

``load`` places every line or refuses it with its file and line number; behind it
everybody works on the typed ``Chapter`` and never reads Markdown again.
"""
