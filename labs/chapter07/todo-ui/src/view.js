// A list of todos as elements of the page.
export function draw(list, todos, onToggle) {
  list.replaceChildren(
    ...todos.map((todo, index) => {
      const item = document.createElement("li");
      item.textContent = todo.title;
      item.classList.toggle("done", todo.done);
      item.addEventListener("click", () => onToggle(index));
      return item;
    }),
  );
}
