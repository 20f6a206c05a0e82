// Two cards in JupyterLab's launcher: "Docker lab" and "Course progress"; and lists in
// our views that keep their keys; and what is said where a view has ended.
//
// This is a federated module written by hand, so that nothing has to be built: JupyterLab
// calls init with the packages that it shares, then get for the extension named in
// package.json. Tokens and icons have to come from those shared packages: a copy of
// our own would be another token.
"use strict";

(() => {
  const NOTEBOOKS = "labkitChapter"; // in the page's settings: `labkit lab` writes it
  const WHALE =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">' +
    '<g class="jp-icon3" fill="#616161"><rect x="4" y="9" width="3" height="3"/>' +
    '<rect x="8" y="9" width="3" height="3"/><rect x="12" y="9" width="3" height="3"/>' +
    '<rect x="8" y="5" width="3" height="3"/><rect x="12" y="5" width="3" height="3"/>' +
    '<path d="M2 13h20c0 4-4 7-9 7s-11-2-11-7z"/></g></svg>';
  const BARS =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">' +
    '<g class="jp-icon3" fill="#616161"><rect x="3" y="5" width="18" height="3"/>' +
    '<rect x="3" y="11" width="12" height="3"/><rect x="3" y="17" width="7" height="3"/>' +
    "</g></svg>";
  const GONE = "Error displaying widget: model not found"; // ipywidgets' own words
  const AGAIN =
    "Run this cell again: buttons and live views end with the kernel that made them.";
  let shared = {};

  async function need(name) {
    const version = Object.values(shared[name])[0];
    return (await version.get())();
  }

  // In a list, JupyterLab takes the arrow keys for "next cell" and letters for commands
  // such as "delete the cell". The window hears of a key before JupyterLab does; what
  // the browser itself does with it is not touched.
  function keepKeys(event) {
    const inList = event.target.closest?.(".labkit-own-keys select");
    if (inList && !event.ctrlKey && !event.metaKey) { event.stopPropagation(); }
  }

  // A notebook that was saved yesterday shows its task and, where the buttons were, an
  // error. ipywidgets offers no hook there, and the file is the learner's: so the words
  // are replaced when they appear.
  function explainGone(changes) {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      const places = node.querySelectorAll?.(".jupyter-widgets") ?? [node];
      for (const place of places) {
        if (place.textContent === GONE) { place.textContent = AGAIN; }
      }
    }
  }

  async function makePlugin() {
    const { ILauncher } = await need("@jupyterlab/launcher");
    const { LabIcon } = await need("@jupyterlab/ui-components");
    const { PageConfig } = await need("@jupyterlab/coreutils");
    const cards = [
      {
        command: "labkit:open-chapter",
        label: "Docker lab",
        caption: "Open the chapter where you stopped",
        icon: new LabIcon({ name: "labkit:whale", svgstr: WHALE }),
        path: () => PageConfig.getOption(NOTEBOOKS) || "course.ipynb",
      },
      {
        command: "labkit:open-progress",
        label: "Course progress",
        caption: "See where you stand, chapter by chapter",
        icon: new LabIcon({ name: "labkit:bars", svgstr: BARS }),
        path: () => "course.ipynb",
      },
    ];
    return {
      id: "labkit:launcher",
      autoStart: true,
      optional: [ILauncher],
      activate: (app, launcher) => {
        window.addEventListener("keydown", keepKeys, true);
        const everywhere = { childList: true, subtree: true };
        new MutationObserver(explainGone).observe(document.body, everywhere);
        cards.forEach(({ command, label, caption, icon, path }, rank) => {
          app.commands.addCommand(command, {
            label,
            caption,
            icon,
            execute: () =>
              app.commands.execute("docmanager:open", { path: path() }),
          });
          launcher?.add({ command, category: "Docker", rank });
        });
      },
    };
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB.labkit = {
    init: (scope) => { shared = scope; },
    get: async () => {
      const plugin = await makePlugin();
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
