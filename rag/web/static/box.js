// The question box: nothing is asked while it is blank, and it has the focus again after "Stop" and "New".

const OFTEN = 200; // ms: Gradio empties the box itself, without a word

export function addBox() {
  const box = document.querySelector("#question textarea");
  const send = document.querySelector("#send");
  const look = () => { send.disabled = !box.value.trim(); };
  box.addEventListener("input", look);
  setInterval(look, OFTEN);
  look();
  document.addEventListener("keydown", (event) => {
    if (event.target !== box || event.key !== "Enter" || event.shiftKey || box.value.trim()) return;
    if (event.isComposing || event.keyCode === 229) return; // it chooses a Chinese word; Safari has the number only
    event.preventDefault();
    event.stopPropagation();
  }, true);
  for (const name of ["#stop", "#new"]) {
    document.querySelector(name).addEventListener("click", () => {
      if (matchMedia("(pointer: fine)").matches) box.focus(); // on a touch screen a keyboard would cover what there is
    });
  }
}
