// Draws each [data-chart] when it comes into view; the library (1.1 MB) is fetched only on pages that show one.
"use strict";
(() => {
  const library = document.currentScript.dataset.library;
  let loading;
  function load() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = library;
      script.onload = () => resolve(window.echarts);
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  }
  async function draw(figure) {
    if (figure.dataset.drawn) return;
    figure.dataset.drawn = "1";
    const canvas = figure.querySelector(".canvas");
    const option = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    try {
      const echarts = await load();
      const font = getComputedStyle(document.documentElement).fontFamily;
      const chart = echarts.init(canvas, null, { renderer: "canvas" });
      chart.setOption({ ...option, textStyle: { fontFamily: font, fontSize: 14, color: "#1b2733" } });
      new ResizeObserver(() => chart.resize()).observe(canvas);
      chart.on("click", (event) => {
        const url = event.data && event.data.url;
        if (url) location.assign(url);
      });
    } catch {
      loading = undefined;
      delete figure.dataset.drawn;
      canvas.hidden = true;
      figure.querySelector("details").open = true;
    }
  }
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      watcher.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "200px" });
  const watch = (root) => root.querySelectorAll("[data-chart]").forEach((figure) => watcher.observe(figure));
  watch(document);
  document.addEventListener("hutong:content", (event) => watch(event.detail));
})();
