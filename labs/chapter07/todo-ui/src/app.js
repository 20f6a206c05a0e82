import { load, save } from "./store.js";
import { draw } from "./view.js";

const list = document.querySelector("#todos");
const form = document.querySelector("#add");
let todos = load();

function update(next) {
  todos = next;
  save(todos);
  draw(list, todos, toggle);
}

function toggle(index) {
  update(todos.map((one, at) => (at === index ? { ...one, done: !one.done } : one)));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const title = new FormData(form).get("title").trim();
  if (title) update([...todos, { title, done: false }]);
  form.reset();
});

update(todos);
