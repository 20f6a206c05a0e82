from labkit.course.load import book_folder, load_book
from labkit.course.titles import exercise_titles


def test_knows_the_heading_of_every_exercise_of_the_book() -> None:
    titles = exercise_titles()
    for chapter in load_book(book_folder()):
        for place in chapter.exercises:
            assert place.id in titles[place.id]
            assert "points" in titles[place.id]
