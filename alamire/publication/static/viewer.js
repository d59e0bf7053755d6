// Opens the songbook that the page names in Mirador, and nothing from anywhere else.
const viewer = /** @type {HTMLElement} */ (document.getElementById("viewer"));
const { manifest, pieces } = viewer.dataset;
// A page that was published as a file finds the piece that its address names by itself.
const asked = new URLSearchParams(location.search);
const canvas = viewer.dataset.canvas || (pieces && JSON.parse(pieces)[asked.get("piece") ?? ""]) || "";
Mirador.viewer({
  id: "viewer",
  language: (navigator.language || "en").startsWith("nl") ? "nl" : "en",
  windows: [
    {
      manifestId: manifest,
      ...(canvas ? { canvasId: canvas } : {}),
      thumbnailNavigationPosition: "far-bottom",
    },
  ],
  window: {
    allowClose: false,
    allowMaximize: false,
    allowTopMenuButton: true,
    defaultView: "book",
    // On a phone the panel would cover the page.
    sideBarOpen: window.matchMedia("(min-width: 600px)").matches,
    sideBarPanel: "canvas",
    panels: { info: true, attribution: true, canvas: true, annotations: true, search: true, layers: true },
  },
  workspace: { type: "mosaic", allowNewWindows: false },
  workspaceControlPanel: { enabled: false },
  theme: { palette: { primary: { main: "#8c2f1b" }, secondary: { main: "#8c2f1b" } } },
});
