// Leaves at once and without a way back in the tab's history; without scripts the link alone does it. Three presses of
// Escape do the same as the link.
(function () {
  var exit = document.getElementById("exit");
  var presses = 0;
  function leave(event) {
    event.preventDefault();
    document.body.textContent = "";
    window.location.replace(exit.href);
  }
  exit.addEventListener("click", leave);
  document.addEventListener("keydown", function (event) {
    presses = event.key === "Escape" ? presses + 1 : 0;
    if (presses >= 3) leave(event);
  });
})();
