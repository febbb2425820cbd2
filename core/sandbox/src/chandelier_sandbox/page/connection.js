// The line to the sandbox: one WebSocket that comes back by itself.

const WAITS_MS = [250, 500, 1000, 2000, 4000];

/** Listen as somebody. hear(name, payload) for each event; online(is) when the line comes and goes. */
export function connect(name, { hear, online }) {
  let socket;
  let timer;
  let tries = 0;
  let closed = false;

  function open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/sandbox/chat/live?as=${encodeURIComponent(name)}`);
    socket.onopen = () => {
      tries = 0;
      online(true);
    };
    socket.onmessage = (frame) => {
      const { t, d } = JSON.parse(frame.data);
      hear(t, d);
    };
    socket.onclose = () => {
      if (closed) return;
      online(false);
      timer = setTimeout(open, WAITS_MS[Math.min(tries++, WAITS_MS.length - 1)]);
    };
  }

  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    socket.close();
  };
}
