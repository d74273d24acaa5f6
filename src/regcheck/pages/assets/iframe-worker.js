// A stand-in for `Worker` where a page is opened from `file://`, which may not start one: the
// worker's script runs in a hidden frame. Builders load it by its name, for their search.
// Unlike others of its kind it writes no script into the frame, so that a strict
// Content-Security-Policy, which the frame takes over from the page, has nothing to refuse.
"use strict";

(() => {
  class IFrameWorker extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.frame.title = "search";
      document.body.append(this.frame);
      const inner = this.frame.contentWindow;
      inner.postMessage = (data) => this.tell(new MessageEvent("message", { data: structuredClone(data) }));
      inner.importScripts = (...urls) => urls.reduce((before, next) => before.then(() => load(inner, next)), Promise.resolve());
      this.ready = load(inner, url).catch(() => this.tell(new ErrorEvent("error", { filename: `${url}` })));
    }

    postMessage(data) {
      const inner = this.frame.contentWindow;
      this.ready.then(() => inner.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) })));
    }

    terminate() {
      this.frame.remove();
    }

    tell(event) {
      this.dispatchEvent(event);
      this[`on${event.type}`]?.(event);
    }
  }

  function load(inner, url) {
    return new Promise((done, failed) => {
      const script = inner.document.createElement("script");
      script.src = url;
      script.onload = done;
      script.onerror = failed;
      inner.document.body.append(script);
    });
  }

  if (location.protocol === "file:") window.Worker = IFrameWorker;
})();
