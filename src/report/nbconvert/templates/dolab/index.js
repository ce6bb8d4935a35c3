// @ts-nocheck
// Loads the index again every two seconds while notebooks run, except while the reader has something unfolded. An index that
// has not been written for three heartbeats says that its run has ended.
(() => {
  const { written, heartbeat } = document.documentElement.dataset;
  const patience = 3 * Number(heartbeat);
  if (Date.now() - Number(written) > patience) document.querySelector(".ended").hidden = false;
  setInterval(() => {
    if (!document.querySelector("details[open]")) location.reload();
  }, 2000);
})();
